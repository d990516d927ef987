internal import GRDB

/// The rows of ours in a snapshot's tables.
///
/// Their ids are below all that exports have and that readers make up for records without ids, so
/// that they can be told from the registry's and taken out again.
final class SnapshotOverlay {
  /// Ours are below this. Ids made up from names go down to -(2^62 + 2^32).
  static let highest: Int64 = -(3 << 61)

  /// A token whose state is another than before.
  struct Change: Sendable, Equatable {
    let registrant: Int64
    let vid: VIDMark
    let isInRegistry: Bool
  }

  private let db: Database
  private let types: TokenTypes
  /// Tokens that were put in.
  private(set) var added = 0
  /// Tokens that the registry has.
  private(set) var known = 0
  /// Erased VIDs that it still brought.
  private(set) var met: Set<VIDMark> = []

  init(_ db: Database, _ types: TokenTypes) { (self.db, self.types) = (db, types) }

  /// Takes our rows out, wherever they came in.
  func strip() throws { try Self.strip(db) }

  static func strip(_ db: Database) throws {
    for table in ["g2p.reg.id", "g2p.id.type"] where try columns(of: table, db).contains("id") {
      try db.execute(
        sql: "DELETE FROM \(quoted(table)) WHERE id < ?", arguments: [SnapshotOverlay.highest])
    }
  }

  /// Takes out VIDs that were erased: rows of the VID type, of whomever they are now, and rows of any
  /// other type of the registrant that had the VID.
  /// - Parameter mark: makes a mark of a value.
  /// - Returns: how many rows went.
  func erase(
    _ erased: [VIDMark: Int64], mark: (UnsafeBufferPointer<UInt8>) -> VIDMark
  ) throws -> Int {
    guard !erased.isEmpty, try hasIDs else { return 0 }
    let vidTypes = Set(try ids(ofType: types.vid))
    let rows = try BareStatement(
      db,
      """
      SELECT "id", "partner_id", "id_type", "value" FROM "g2p.reg.id" WHERE "value" > ''
      """)
    var gone: [Int64] = []
    while try rows.next() {
      let vid = mark(rows.text(3))
      guard let registrant = erased[vid],
        vidTypes.contains(rows.integer(2)) || registrant == rows.integer(1)
      else { continue }
      gone.append(rows.integer(0))
      met.insert(vid)
    }
    let delete = try BareStatement(db, "DELETE FROM \"g2p.reg.id\" WHERE \"id\" = ?")
    for id in gone {
      delete.bind(id, at: 1)
      try delete.run()
    }
    return gone.count
  }

  /// Puts in the tokens that the registry does not have, of registrants that it has.
  /// - Returns: whose state is another than before.
  func add(_ tokens: TokenStore) throws -> [Change] {
    guard try hasIDs, try Self.columns(of: "res.partner", db).contains("id") else { return [] }
    let brought = try ids(ofType: types.uinToken)
    var types: [String: Int64] = [:]
    let insert = try Insert(db)
    let present = try Presence(db, brought)
    var changes: [Change] = []
    try tokens.look { tokens in
      let rows = try BareStatement(
        tokens, "SELECT registrant, token, id_type, state, vid FROM tokens ORDER BY registrant, vid"
      )
      while try rows.next() {
        let (registrant, token) = (rows.integer(0), rows.text(1))
        let state = HeldToken.State(rawValue: rows.string(3))
        let found = try present.look(for: token, of: registrant)
        if state != .frozen, found.isInRegistry != (state == .inRegistry) {
          changes.append(
            Change(registrant: registrant, vid: rows.mark(4), isInRegistry: found.isInRegistry))
        }
        if found.isInRegistry { known += 1 }
        let name = rows.string(2)
        guard found.isThere, !found.isInRegistry, state != .frozen,
          let type = try types[name] ?? type(name, &types)
        else { continue }
        // Of two VIDs that gave the same token, one row is enough.
        if try insert.run(registrant: registrant, type: type, token, number: added) { added += 1 }
      }
    }
    return changes
  }

  /// The id of the type of that name: the registry's, or a row of ours.
  private func type(_ name: String, _ known: inout [String: Int64]) throws -> Int64? {
    if let id = try ids(ofType: name).first {
      known[name] = id
      return id
    }
    guard try Self.columns(of: "g2p.id.type", db).contains("name") else { return nil }
    let id = Self.highest - 1 - Int64(known.count)
    try db.execute(
      sql: "INSERT INTO \"g2p.id.type\" (\"id\", \"name\") VALUES (?, ?)", arguments: [id, name])
    known[name] = id
    return id
  }

  private func ids(ofType name: String) throws -> [Int64] {
    guard try Self.columns(of: "g2p.id.type", db).contains("name") else { return [] }
    return try Int64.fetchAll(
      db, sql: "SELECT \"id\" FROM \"g2p.id.type\" WHERE \"name\" = ? ORDER BY \"id\"",
      arguments: [name])
  }

  private var hasIDs: Bool {
    get throws {
      try Self.columns(of: "g2p.reg.id", db).isSuperset(of: [
        "id", "partner_id", "id_type", "value",
      ])
    }
  }

  static func columns(of table: String, _ db: Database) throws -> Set<String> {
    Set(
      try Row.fetchAll(db, sql: "PRAGMA main.table_info(\(quoted(table)))").map {
        $0["name"] as String
      })
  }

  /// Whether the registrant is there, and has the token from the registry.
  private struct Presence {
    private let statement: BareStatement

    init(_ db: Database, _ types: [Int64]) throws {
      let list = (types.map(String.init) + ["NULL"]).joined(separator: ", ")
      statement = try BareStatement(
        db,
        """
        SELECT (SELECT count(*) FROM "res.partner" WHERE "id" = ?1), EXISTS (
          SELECT 1 FROM "g2p.reg.id"
          WHERE "partner_id" = ?1 AND "value" = ?2 AND "id_type" IN (\(list)))
        """)
    }

    func look(
      for token: UnsafeBufferPointer<UInt8>, of registrant: Int64
    ) throws -> (isThere: Bool, isInRegistry: Bool) {
      statement.bind(registrant, at: 1)
      statement.bind(token, at: 2)
      guard try statement.next() else { return (false, false) }
      defer { statement.stop() }
      return (statement.integer(0) > 0, statement.integer(1) > 0)
    }
  }

  /// One reg id of ours at a time; the registrant must not have it yet.
  private struct Insert {
    private let statement: BareStatement
    private let db: Database

    init(_ db: Database) throws {
      self.db = db
      statement = try BareStatement(
        db,
        """
        INSERT INTO "g2p.reg.id" ("id", "partner_id", "id_type", "value")
        SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM "g2p.reg.id"
          WHERE "partner_id" = ?2 AND "id_type" = ?3 AND "value" = ?4)
        """)
    }

    func run(registrant: Int64, type: Int64, _ token: UnsafeBufferPointer<UInt8>, number: Int)
      throws -> Bool
    {
      statement.bind(SnapshotOverlay.highest - 1 - Int64(number), at: 1)
      statement.bind(registrant, at: 2)
      statement.bind(type, at: 3)
      statement.bind(token, at: 4)
      try statement.run()
      return db.changesCount > 0
    }
  }
}

extension TokenStore {
  /// Notes which tokens a snapshot brings itself, and which VIDs it no longer does.
  /// - Parameter word: what it says as the registry's own word; nil where it says nothing new.
  func settle(_ changes: [SnapshotOverlay.Change], _ word: RegistryWord? = nil) throws {
    guard try !changes.isEmpty || word != nil && hasPatches else { return }
    try change { database in
      let statement = try BareStatement(
        database, "UPDATE tokens SET state = ? WHERE registrant = ? AND vid = ?")
      for change in changes {
        let state: HeldToken.State = change.isInRegistry ? .inRegistry : .held
        statement.bind(state.rawValue, at: 1)
        statement.bind(change.registrant, at: 2)
        statement.bind(change.vid, at: 3)
        try statement.run()
      }
      try word.map { try Self.close(by: $0, in: database) }
    }
  }
}
