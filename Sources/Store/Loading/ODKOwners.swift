internal import GRDB
internal import Language
internal import Snapshots

/// Links the records of repeats that came in tables of their own to what they belong to: the tables
/// of an export come in any order, so that this waits until all are in.
struct ODKOwners {
  private let db: Database
  private let contents: SnapshotContents

  init(_ db: Database, _ contents: SnapshotContents) {
    self.db = db
    self.contents = contents
  }

  /// - Throws: `missing_id` and `duplicate_id` for submissions that cannot be told apart; `orphans`,
  ///   with their number.
  func link() throws {
    try requireKeys()
    for table in contents.tables where has(ODK.parentKey, in: table.model) {
      guard let base = base(of: contents.catalog[table.model]?[ODK.owner]?.relation) else {
        throw orphans(table.model, nil)
      }
      let (model, owners) = (quoted(table.model), quoted(base))
      let key = quoted(ODK.instanceID)
      try db.execute(sql: "CREATE INDEX airlock_keys ON \(owners) (\(key))")
      try db.execute(
        sql: """
          UPDATE \(model) SET \(quoted(ODK.owner)) =
          (SELECT o.id FROM \(owners) o WHERE o.\(key) = \(model).\(quoted(ODK.parentKey)))
          """)
      try db.execute(sql: "DROP INDEX airlock_keys")
      let left = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM \(model) WHERE \(quoted(ODK.owner)) IS NULL")
      if let left, left > 0 { throw orphans(table.model, left) }
    }
  }

  /// A submission without a key of its own, or with another's, might be sent twice.
  private func requireKeys() throws {
    let model = ODK.mainModel
    guard contents.tables.contains(where: { $0.model == model }) else { return }
    let key = quoted(ODK.instanceID)
    func count(_ what: String) throws -> Int {
      try Int.fetchOne(db, sql: "SELECT \(what) FROM \(quoted(model))") ?? 0
    }
    let all = try count("count(*)")
    let keyed = try has(ODK.instanceID, in: model) ? count("count(nullif(\(key), ''))") : 0
    guard keyed == all else {
      throw SnapshotFault(.missingID, "\(all - keyed) submissions have no __id")
    }
    let distinct = try count("count(DISTINCT \(key))")
    guard distinct == all else {
      throw SnapshotFault(.duplicateID, "\(all - distinct) submissions have the __id of another")
    }
  }

  private func orphans(_ model: String, _ count: Int?) -> SnapshotFault {
    let many = count.map { "\($0) records" } ?? "the records"
    return SnapshotFault(.orphans, "\(many) of \(model) belong to nothing that came along")
  }

  /// The model with the keys: the owner's own, or that of the record whose group the owner is.
  private func base(of owner: String?) -> String? {
    guard var name = owner?[...] else { return nil }
    while !has(ODK.instanceID, in: String(name)) {
      guard let dot = name.lastIndex(of: ".") else { return nil }
      name = name[..<dot]
    }
    return String(name)
  }

  private func has(_ column: String, in model: String) -> Bool {
    contents.tables.first { $0.model == model }?.columns.contains { $0.name == column } ?? false
  }
}
