internal import GRDB
internal import Language
internal import Snapshots

/// The indexes of a snapshot: what a domain walks along.
struct SnapshotIndexes {
  private let contents: SnapshotContents

  private struct Index: Hashable {
    let model: String
    let columns: [String]
    /// Where few records have a value, the others need no place in it.
    var isPartial = false
  }

  init(_ contents: SnapshotContents) { self.contents = contents }

  func make(in db: Database) throws {
    // The sorter sorts as much as the cache may hold, and is fastest within the processor's own.
    try db.execute(sql: "PRAGMA cache_size = -512")
    // Nothing is read any more, so that two processors are free.
    try db.execute(sql: "PRAGMA threads = 2")
    for index in indexes() { try make(index, in: db) }
    for list in contents.lists where !list.isSuperseded {
      let name = quoted("\(list.model)/\(list.field)/target")
      try db.execute(
        sql:
          "CREATE INDEX IF NOT EXISTS \(name) ON \(PairTable.name(list.model, list.field)) (target, owner)"
      )
    }
    // A look at a few hundred rows of each index is enough for the planner.
    try db.execute(sql: "PRAGMA analysis_limit = 400; ANALYZE")
  }

  private func make(_ index: Index, in db: Database) throws {
    let name = quoted("\(index.model)/\(index.columns[0])/index")
    let columns = index.columns.map(quoted).joined(separator: ", ")
    let condition = index.isPartial ? " WHERE \(quoted(index.columns[0])) IS NOT NULL" : ""
    try db.execute(
      sql: "CREATE INDEX IF NOT EXISTS \(name) ON \(quoted(index.model)) (\(columns))\(condition)")
  }

  private func indexes() -> [Index] {
    var indexes: Set<Index> = []
    for table in contents.tables {
      for field in contents.catalog[table.model]?.fields.values ?? [:].values {
        indexes.formUnion([lines(field), tree(field, of: table)].compactMap(\.self))
      }
    }
    if has("value", in: "g2p.reg.id") {
      indexes.insert(Index(model: "g2p.reg.id", columns: ["value"]))
    }
    if has(ODK.submissionDate, in: ODK.mainModel) {
      indexes.insert(Index(model: ODK.mainModel, columns: [ODK.submissionDate]))
    }
    return indexes.sorted { ($0.model, $0.columns[0]) < ($1.model, $1.columns[0]) }
  }

  /// From owner to lines. A registrant's ids are looked for by type, all the time.
  private func lines(_ field: FieldDescription) -> Index? {
    guard field.type == .one2many, let relation = field.relation, let inverse = field.inverse,
      has(inverse, in: relation), inverse != "parent_id"
    else { return nil }
    let isTyped = relation == "g2p.reg.id" && has("id_type", in: relation)
    return Index(model: relation, columns: isTyped ? [inverse, "id_type"] : [inverse])
  }

  /// From parent to children; most records of a tree have none.
  private func tree(_ field: FieldDescription, of table: SnapshotContents.Table) -> Index? {
    guard field.name == "parent_id", field.type == .many2one, field.isPresent else { return nil }
    return Index(model: table.model, columns: [field.name], isPartial: true)
  }

  private func has(_ column: String, in model: String) -> Bool {
    contents.tables.first { $0.model == model }?.columns.contains { $0.name == column } ?? false
  }
}
