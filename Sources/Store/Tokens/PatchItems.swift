internal import GRDB

/// What one operation of a registry patch is about, as the site remembers it: no value.
package struct PatchItem: Sendable, Equatable {
  /// From 1, as in the archive.
  package let number: Int64
  package let registrant: Int64
  /// The reg id to unlink; nil where a token is to be added.
  package let regID: Int64?
  /// Of the VID that the token answers, or that goes.
  package let vid: VIDMark
  /// The name of the id type of the reg id to unlink.
  package let idType: String?

  package init(
    number: Int64, registrant: Int64, regID: Int64?, vid: VIDMark, idType: String? = nil
  ) {
    (self.number, self.registrant, self.regID) = (number, registrant, regID)
    (self.vid, self.idType) = (vid, idType)
  }
}

/// How far the registry has done what one patch asks.
package struct PatchState: Sendable, Equatable {
  package let stream: String
  package let sequence: Int64
  package let operations: Int
  package let done: Int
  /// The registry had something else by then.
  package let stale: Int
  /// Tokens that are still to be added.
  package let toAdd: Int
  /// VIDs that are still to be unlinked.
  package let toUnlink: Int

  package var open: Int { toAdd + toUnlink }
}

extension TokenStore {
  /// Notes what a patch asks; to be called in the transaction that its run is committed by.
  /// - Parameter isAll: whether it asks for every token that was not asked for before.
  static func note(
    _ items: some Sequence<PatchItem>, of stream: String, _ sequence: Int64, isAll: Bool = true,
    in database: Database
  ) throws {
    try database.execute(
      sql: """
        INSERT INTO patches (stream, sequence, revision)
        SELECT ?, ?, iif(?, number, -1) FROM revision
        """,
      arguments: [stream, sequence, isAll])
    let patch = database.lastInsertedRowID
    let statement = try BareStatement(
      database,
      """
      INSERT INTO patch_items (patch, number, registrant, reg_id, vid, id_type, state)
      VALUES (?, ?, ?, ?, ?, ?, 'open')
      """)
    statement.bind(patch, at: 1)
    for item in items {
      statement.bind(item.number, at: 2)
      statement.bind(item.registrant, at: 3)
      if let regID = item.regID {
        statement.bind(regID, at: 4)
      } else {
        statement.bindNull(at: 4)
      }
      statement.bind(item.vid, at: 5)
      if let type = item.idType { statement.bind(type, at: 6) } else { statement.bindNull(at: 6) }
      try statement.run()
    }
  }

  /// Hands over the tokens that the registry is to be asked to add: held, of nobody in conflict, and
  /// not asked for already. The bytes are good within the call.
  package func forEachTokenToAdd(
    _ body: (
      _ registrant: Int64, _ token: UnsafeBufferPointer<UInt8>, _ idType: String, _ vid: VIDMark
    ) throws -> Void
  ) throws {
    try look { database in
      guard try !Self.isAllAskedFor(in: database) else { return }
      var asked = try AskedTokens(database)
      let rows = try BareStatement(
        database,
        """
        SELECT t.registrant, token, id_type, t.vid FROM tokens t
        WHERE state = 'held' AND t.registrant <> \(Self.nobody)
          AND NOT EXISTS (SELECT 1 FROM frozen f WHERE f.registrant = t.registrant)
        ORDER BY t.registrant, t.vid
        """)
      while try rows.next() {
        let (registrant, vid) = (rows.integer(0), rows.mark(3))
        guard !asked.has(registrant, vid) else { continue }
        try body(registrant, rows.text(1), rows.string(2), vid)
      }
    }
  }

  /// Whether a patch asked for all of them as of this revision: to look through them takes long.
  private static func isAllAskedFor(in database: Database) throws -> Bool {
    try Bool.fetchOne(
      database,
      sql: "SELECT EXISTS (SELECT 1 FROM patches JOIN revision ON patches.revision = number)")
      ?? false
  }

  /// Every patch, the oldest first.
  package func patches() throws -> [PatchState] {
    try look { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT stream, sequence, count(*) AS operations, sum(state = 'done') AS done,
            sum(state = 'stale') AS stale, sum(state = 'open' AND reg_id IS NULL) AS adds,
            sum(state = 'open' AND reg_id NOT NULL) AS unlinks
          FROM patches JOIN patch_items ON patch = patches.id
          GROUP BY patch ORDER BY stream, sequence
          """
      ).map {
        PatchState(
          stream: $0["stream"], sequence: $0["sequence"], operations: $0["operations"],
          done: $0["done"], stale: $0["stale"], toAdd: $0["adds"], toUnlink: $0["unlinks"])
      }
    }
  }
}

/// The tokens that the registry was asked to add, to be gone through once in the order in which tokens
/// are read.
private struct AskedTokens {
  private var tokens: [(registrant: Int64, vid: VIDMark)] = []
  private var next = 0

  init(_ database: Database) throws {
    let rows = try BareStatement(
      database, "SELECT registrant, vid FROM patch_items WHERE reg_id IS NULL")
    while try rows.next() { tokens.append((rows.integer(0), rows.mark(1))) }
    tokens.sort(by: <)
  }

  /// Each pair must be above the one before.
  mutating func has(_ registrant: Int64, _ vid: VIDMark) -> Bool {
    while next < tokens.count, tokens[next] < (registrant, vid) { next += 1 }
    return next < tokens.count && tokens[next] == (registrant, vid)
  }
}
