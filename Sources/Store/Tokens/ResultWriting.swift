internal import GRDB
internal import Secrets

/// Writes what became of a result into `tokens.sqlite`.
struct ResultWriting {
  private let database: Database
  private let judgement: ResultJudgement

  init(_ database: Database, _ judgement: ResultJudgement) {
    (self.database, self.judgement) = (database, judgement)
  }

  private var answers: ResultAnswers { judgement.answers }
  private var places: SentPlaces { judgement.places }
  private var origin: ResultOrigin { judgement.origin }

  func run() throws {
    try insert(judgement.new)
    if origin.isVerified { try vouch(judgement.known) }
    try freeze(judgement.frozen)
    try writeRefusals()
  }

  /// By registrant, as the table is.
  private func insert(_ new: [SentPlaces.Place]) throws {
    let insert = try BareStatement(
      database,
      """
      INSERT INTO tokens (registrant, vid, id_type, token, stream, sequence, at, verified, state,
        source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'held', ?9)
      """)
    insert.bind(origin.idType, at: 3)
    insert.bind(origin.at, at: 7)
    insert.bind(origin.isVerified ? 1 : 0, at: 8)
    insert.bind(origin.digest.bytes, at: 9)
    var last = -1
    for place in new {
      if place.archive != last {
        insert.bind(places.archives[place.archive].stream, at: 5)
        insert.bind(places.archives[place.archive].sequence, at: 6)
        last = place.archive
      }
      insert.bind(place.registrant, at: 1)
      insert.bind(answers.entries[place.entry].vid, at: 2)
      answers.token(of: place.entry).withUnsafeBufferPointer { insert.bind($0, at: 4) }
      try insert.run()
    }
  }

  /// A token that came in plain is verified from when a sealed result brings it too.
  private func vouch(_ known: [SentPlaces.Place]) throws {
    let verify = try BareStatement(
      database,
      """
      UPDATE tokens SET verified = 1, at = ?1 WHERE registrant = ?2 AND vid = ?3 AND verified = 0
      """)
    verify.bind(origin.at, at: 1)
    for place in known {
      verify.bind(place.registrant, at: 2)
      verify.bind(answers.entries[place.entry].vid, at: 3)
      try verify.run()
    }
  }

  private func freeze(
    _ frozen: [(registrant: Int64, reason: FrozenRegistrant.Reason)]
  ) throws {
    let freeze = try BareStatement(
      database,
      "INSERT OR IGNORE INTO frozen (registrant, reason, at, source) VALUES (?1, ?2, ?3, ?4)")
    let freezeTokens = try BareStatement(
      database, "UPDATE tokens SET state = 'frozen' WHERE registrant = ?")
    freeze.bind(origin.at, at: 3)
    freeze.bind(origin.digest.bytes, at: 4)
    for (registrant, reason) in frozen {
      freeze.bind(registrant, at: 1)
      freeze.bind(reason.rawValue, at: 2)
      try freeze.run()
      freezeTokens.bind(registrant, at: 1)
      try freezeTokens.run()
    }
  }

  // MARK: Refusals

  /// A VID that was answered with a token, with this result or before, is refused no more.
  private func writeRefusals() throws {
    let hasSome =
      try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM refusals)") ?? false
    let forget = try BareStatement(
      database, "DELETE FROM refusals WHERE stream = ?1 AND sequence = ?2 AND vid = ?3")
    let note = try BareStatement(
      database,
      "INSERT OR REPLACE INTO refusals (stream, sequence, vid, code, at) VALUES (?1, ?2, ?3, ?4, ?5)"
    )
    note.bind(origin.at, at: 5)
    for place in places.places {
      let (entry, archive) = (answers.entries[place.entry], places.archives[place.archive])
      let statement: BareStatement
      if entry.status == .processed {
        guard hasSome else { continue }
        statement = forget
      } else {
        guard place.answered != ResultAnswers.Status.processed.number else { continue }
        statement = note
        note.bind(answers.code(of: place.entry) ?? "none", at: 4)
      }
      statement.bind(archive.stream, at: 1)
      statement.bind(archive.sequence, at: 2)
      statement.bind(entry.vid, at: 3)
      try statement.run()
    }
  }
}
