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
  /// Takes in a result, in one transaction: tokens by the rules of `docs/operations.md`, and which VIDs
  /// were refused. Doing it again, after a process was killed, comes to the same counts: what the same
  /// drop brought is taken back first.
  /// - Parameters:
  ///   - hasher: with the site's key.
  ///   - registry: the tokens of the snapshot in force, which count as well.
  /// - Throws: `StoreFault`.
  package func take(
    _ answers: ResultAnswers, _ places: SentPlaces, from origin: ResultOrigin,
    _ hasher: VIDHasher, registry: [RegistryToken]
  ) throws -> ResultCounts {
    try change { database in
      try Self.takeBack(origin, in: database)
      var judgement = ResultJudgement(
        answers, places,
        try KnownTokens(answers, places, hasher, in: database, registry: registry),
        frozen: try Set(Int64.fetchAll(database, sql: "SELECT registrant FROM frozen")))
      judgement.run()
      try ResultWriting(database, answers, places, origin).write(judgement)
      try Self.raiseRevision(in: database)
      return judgement.counts
    }
  }

  private static func takeBack(_ origin: ResultOrigin, in database: Database) throws {
    let source = origin.digest.bytes
    for sql in [
      """
      UPDATE tokens SET state = 'held' WHERE state = 'frozen'
        AND registrant IN (SELECT registrant FROM frozen WHERE source = ?)
      """, "DELETE FROM frozen WHERE source = ?", "DELETE FROM tokens WHERE source = ?",
    ] {
      let statement = try BareStatement(database, sql)
      statement.bind(source, at: 1)
      try statement.run()
    }
  }
}
