internal import GRDB
package import Secrets

/// What became of a result's answers.
package struct ResultCounts: Sendable, Equatable {
  /// Registrants' tokens that were not known before.
  package var tokens = 0
  /// Tokens that were known, for the same VID.
  package var known = 0
  /// VIDs that the MTS refused, by its code.
  package var refused: [String: Int] = [:]
  /// Tokens of registrants that were frozen before.
  package var frozen = 0
  /// Registrants that this result froze, by reason.
  package var conflicts: [FrozenRegistrant.Reason: Int] = [:]

  package init() {}
}

/// Where a result came from.
package struct ResultOrigin: Sendable {
  /// Of the drop.
  package let digest: Digest
  /// Seconds since 1970.
  package let at: Int64
  /// Whether it came in a sealed, signed archive.
  package let isVerified: Bool
  /// The name of the id type of tokens.
  package let idType: String

  package init(digest: Digest, at: Int64, isVerified: Bool, idType: String) {
    (self.digest, self.at) = (digest, at)
    (self.isVerified, self.idType) = (isVerified, idType)
  }
}

extension TokenStore {
  /// Judges a result by the rules of `docs/operations.md`, and writes nothing. What the same drop
  /// brought before the process was killed does not count, so that it comes to the same. What it comes
  /// to holds as long as nobody changes tokens: the site's lock sees to that until it is kept.
  /// - Parameters:
  ///   - hasher: with the site's key.
  ///   - registry: the tokens of the snapshot in force, which count as well.
  /// - Throws: `StoreFault`.
  package func judge(
    _ answers: ResultAnswers, _ places: SentPlaces, from origin: ResultOrigin,
    _ hasher: VIDHasher, registry: [RegistryToken]
  ) throws -> ResultJudgement {
    try look { database in
      let known = try KnownTokens(
        answers, places, hasher, in: database, besides: origin, registry: registry)
      var judgement = ResultJudgement(
        answers, places, from: origin, known,
        frozen: try Self.frozen(besides: origin, in: database),
        isAnew: try Self.hasSome(from: origin, in: database))
      judgement.run()
      return judgement
    }
  }

  /// Keeps what was judged, in one transaction: tokens, who is frozen, and which VIDs were refused, in
  /// place of what the same drop brought before.
  /// - Throws: `StoreFault`.
  package func keep(_ judgement: ResultJudgement) throws {
    try change { database in
      if judgement.isAnew { try Self.takeBack(judgement.origin, in: database) }
      try ResultWriting(database, judgement).run()
      try Self.raiseRevision(in: database)
    }
  }

  private static func takeBack(_ origin: ResultOrigin, in database: Database) throws {
    for sql in [
      """
      UPDATE tokens SET state = 'held' WHERE state = 'frozen'
        AND registrant IN (SELECT registrant FROM frozen WHERE source = ?)
      """, "DELETE FROM frozen WHERE source = ?", "DELETE FROM tokens WHERE source = ?",
    ] {
      let statement = try BareStatement(database, sql)
      statement.bind(origin.digest.bytes, at: 1)
      try statement.run()
    }
  }

  private static func frozen(
    besides origin: ResultOrigin, in database: Database
  ) throws -> Set<Int64> {
    let rows = try BareStatement(database, "SELECT registrant FROM frozen WHERE source <> ?")
    rows.bind(origin.digest.bytes, at: 1)
    var frozen: Set<Int64> = []
    while try rows.next() { frozen.insert(rows.integer(0)) }
    return frozen
  }

  private static func hasSome(from origin: ResultOrigin, in database: Database) throws -> Bool {
    let found = try BareStatement(
      database,
      """
      SELECT EXISTS (SELECT 1 FROM frozen WHERE source = ?1)
        OR EXISTS (SELECT 1 FROM tokens WHERE source = ?1)
      """)
    found.bind(origin.digest.bytes, at: 1)
    defer { found.stop() }
    return try found.next() && found.integer(0) != 0
  }
}
