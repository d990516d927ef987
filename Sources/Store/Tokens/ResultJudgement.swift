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
  /// Takes in a result, in one transaction: tokens by the rules of `docs/operations.md`, and what was
  /// answered. Doing it again, after a process was killed, comes to the same counts: what the same
  /// drop brought is taken back first.
  /// - Parameter registry: the snapshot in force, whose own tokens count as well.
  package func take(
    _ answers: ResultAnswers, _ places: SentPlaces, from origin: ResultOrigin,
    registry: RegistryTokens?
  ) throws -> ResultCounts {
    try change { database in
      try Self.takeBack(origin, in: database)
      let judgement = try ResultJudgement(database, answers, places, origin, registry)
      try judgement.run()
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

/// One result, held against the tokens that are known.
private final class ResultJudgement {
  private(set) var counts = ResultCounts()
  private let answers: ResultAnswers
  private let places: SentPlaces
  private let origin: ResultOrigin
  private let registry: RegistryTokens?
  private let own, others, insert, isFrozen, freeze, freezeTokens, note, verify: BareStatement

  init(
    _ database: Database, _ answers: ResultAnswers, _ places: SentPlaces, _ origin: ResultOrigin,
    _ registry: RegistryTokens?
  ) throws {
    (self.answers, self.places, self.origin, self.registry) = (answers, places, origin, registry)
    own = try BareStatement(database, "SELECT token, vid FROM tokens WHERE registrant = ?")
    others = try BareStatement(
      database, "SELECT registrant FROM tokens WHERE token = ?2 AND registrant <> ?1")
    insert = try BareStatement(
      database,
      """
      INSERT INTO tokens (registrant, vid, id_type, token, stream, sequence, at, verified, state,
        source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'held', ?9)
      """)
    isFrozen = try BareStatement(database, "SELECT 1 FROM frozen WHERE registrant = ?")
    freeze = try BareStatement(
      database,
      "INSERT OR IGNORE INTO frozen (registrant, reason, at, source) VALUES (?1, ?2, ?3, ?4)")
    freezeTokens = try BareStatement(
      database, "UPDATE tokens SET state = 'frozen' WHERE registrant = ?")
    note = try BareStatement(
      database,
      """
      INSERT INTO answers (stream, sequence, vid, status, code, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT DO UPDATE SET status = excluded.status, code = excluded.code, at = excluded.at
        WHERE answers.status <> 'processed'
      """)
    verify = try BareStatement(
      database,
      """
      UPDATE tokens SET verified = 1, at = ?1 WHERE registrant = ?2 AND vid = ?3 AND verified = 0
      """)
    verify.bind(origin.at, at: 1)
    insert.bind(origin.idType, at: 3)
    insert.bind(origin.at, at: 7)
    insert.bind(origin.isVerified ? 1 : 0, at: 8)
    insert.bind(origin.digest.bytes, at: 9)
    freeze.bind(origin.at, at: 3)
    freeze.bind(origin.digest.bytes, at: 4)
    note.bind(origin.at, at: 6)
  }

  func run() throws {
    var judged = Set<Int>(minimumCapacity: answers.count)
    for place in places.places { try write(place) }
    // By registrant, as the table is.
    for place in places.places.sorted(by: { $0.registrant < $1.registrant }) {
      guard judged.insert(place.entry).inserted else { continue }
      try judge(place)
    }
  }

  private func write(_ place: SentPlaces.Place) throws {
    let (entry, archive) = (answers.entries[place.entry], places.archives[place.archive])
    note.bind(archive.stream, at: 1)
    note.bind(archive.sequence, at: 2)
    note.bind(entry.vid, at: 3)
    note.bind(entry.status.rawValue, at: 4)
    if let code = answers.code(of: place.entry) {
      note.bind(code, at: 5)
    } else {
      note.bindNull(at: 5)
    }
    try note.run()
  }

  private func judge(_ place: SentPlaces.Place) throws {
    let entry = answers.entries[place.entry]
    if let code = answers.code(of: place.entry), entry.status != .processed {
      counts.refused[code, default: 0] += 1
      return
    }
    guard try !isFrozen(place.registrant) else {
      counts.frozen += 1
      return
    }
    guard !entry.isContradicted else { return try freeze(place.registrant, .twoTokens) }
    let token = answers.token(of: place.entry)
    try token.withUnsafeBufferPointer { try judge(place, entry.vid, $0) }
  }

  private func judge(
    _ place: SentPlaces.Place, _ vid: VIDMark, _ token: UnsafeBufferPointer<UInt8>
  ) throws {
    let (isKnown, isOther) = try compare(place.registrant, vid, token)
    if isOther { return try freeze(place.registrant, .changedToken) }
    let holders = try holders(of: token, besides: place.registrant)
    guard holders.isEmpty else {
      try freeze(place.registrant, .sharedToken)
      for holder in holders where try !isFrozen(holder) { try freeze(holder, .sharedToken) }
      return
    }
    guard !isKnown else {
      counts.known += 1
      if origin.isVerified { try vouch(place.registrant, vid) }
      return
    }
    let archive = places.archives[place.archive]
    insert.bind(place.registrant, at: 1)
    insert.bind(vid, at: 2)
    insert.bind(token, at: 4)
    insert.bind(archive.stream, at: 5)
    insert.bind(archive.sequence, at: 6)
    try insert.run()
    counts.tokens += 1
  }

  /// A token that came in plain is verified from when a sealed result brings it too.
  private func vouch(_ registrant: Int64, _ vid: VIDMark) throws {
    verify.bind(registrant, at: 2)
    verify.bind(vid, at: 3)
    try verify.run()
  }

  /// Whether the registrant has this token for this VID, and whether they have another token.
  private func compare(
    _ registrant: Int64, _ vid: VIDMark, _ token: UnsafeBufferPointer<UInt8>
  ) throws -> (isKnown: Bool, isOther: Bool) {
    var (isKnown, isOther) = (false, false)
    own.bind(registrant, at: 1)
    while try own.next() {
      if !own.text(0).isSame(as: token) { isOther = true }
      if own.mark(1) == vid { isKnown = true }
    }
    return (isKnown, try isOther || registry?.hasOther(registrant, than: token) ?? false)
  }

  private func holders(
    of token: UnsafeBufferPointer<UInt8>, besides registrant: Int64
  ) throws -> Set<Int64> {
    var holders = try registry?.holders(of: token, besides: registrant) ?? []
    others.bind(registrant, at: 1)
    others.bind(token, at: 2)
    while try others.next() { holders.insert(others.integer(0)) }
    return holders
  }

  private func isFrozen(_ registrant: Int64) throws -> Bool {
    isFrozen.bind(registrant, at: 1)
    defer { isFrozen.stop() }
    return try isFrozen.next()
  }

  private func freeze(_ registrant: Int64, _ reason: FrozenRegistrant.Reason) throws {
    freeze.bind(registrant, at: 1)
    freeze.bind(reason.rawValue, at: 2)
    try freeze.run()
    freezeTokens.bind(registrant, at: 1)
    try freezeTokens.run()
    counts.conflicts[reason, default: 0] += 1
  }
}
