internal import GRDB
internal import Language
internal import Snapshots

/// Merges a delta, which is attached as `delta`, into the copy of a snapshot.
///
/// The order matters: what comes is put in before what goes is taken out, so that a line which moved
/// to another owner is not deleted with its old one.
final class DeltaMerge {
  let db: Database
  let end: BatchPipeline.End
  /// The models of the snapshot that is copied.
  let catalog: ModelCatalog
  /// Where the records of each model came from, of those whose records came.
  let sources: [String: String]
  /// Ids that were to be deleted and were not there.
  private(set) var missing = 0

  var contents: SnapshotContents { end.contents }

  init(_ db: Database, _ end: BatchPipeline.End, onto base: SnapshotStore) throws {
    self.db = db
    self.end = end
    catalog = base.catalog
    // The copy must be of the very snapshot that the delta follows.
    guard try SnapshotRegister.summary(in: db)?.digest == base.summary.digest else {
      throw LoadFault(.damaged, "another snapshot came in force while a delta was merged")
    }
    let rows = try Row.fetchAll(db, sql: "SELECT name, source FROM airlock_models WHERE complete")
    sources = Dictionary(
      uniqueKeysWithValues: rows.map { ($0["name"], $0["source"] as String? ?? "") })
  }

  /// - Throws: `newModel`, `contradiction`, `danglingLinks`, `DatabaseError`.
  func run() throws -> SnapshotContents {
    for table in contents.tables {
      guard sources[table.model] != nil else { throw newModel(table.model, table.source) }
    }
    for table in contents.tables { try merge(table) }
    for list in contents.lists { try merge(list) }
    for names in contents.names { try merge(names) }
    missing = try DeltaDeletions(self).run()
    return try MergedContents(self).read()
  }

  func newModel(_ model: String, _ file: String) -> SnapshotFault {
    SnapshotFault(
      .newModel, "the snapshot in force holds no records of \(model)", at: SnapshotPlace(file))
  }

  // MARK: Records

  private func merge(_ table: SnapshotContents.Table) throws {
    try addColumns(table)
    let (model, columns) = (quoted(table.model), table.columns.dropFirst().map { quoted($0.name) })
    if !columns.isEmpty {
      let changes = columns.map { "\($0) = iif(d.\($0) = \(TableShape.absent), m.\($0), d.\($0))" }
      try db.execute(
        sql: """
          UPDATE main.\(model) AS m SET \(changes.joined(separator: ", "))
          FROM delta.\(model) AS d WHERE d.id = m.id
          """)
    }
    let values = columns.map { "nullif(\($0), \(TableShape.absent))" }
    try db.execute(
      sql: """
        INSERT INTO main.\(model) (\((["id"] + columns).joined(separator: ", ")))
        SELECT \((["id"] + values).joined(separator: ", ")) FROM delta.\(model) AS d
        WHERE NOT EXISTS (SELECT 1 FROM main.\(model) AS m WHERE m.id = d.id)
        """)
  }

  /// Makes the columns of fields that the snapshot has not had so far.
  private func addColumns(_ table: SnapshotContents.Table) throws {
    let known = try columns("main", table.model)
    let given = try Row.fetchAll(db, sql: "PRAGMA delta.table_info(\(quoted(table.model)))")
    for column in given where !known.contains(column["name"]) {
      let type: String = column["type"]
      try db.execute(
        sql: """
          ALTER TABLE main.\(quoted(table.model)) ADD COLUMN \(quoted(column["name"])) \(type)
          """)
    }
  }

  func columns(_ schema: String, _ table: String) throws -> [String] {
    try Row.fetchAll(db, sql: "PRAGMA \(schema).table_info(\(quoted(table)))").map { $0["name"] }
  }

  func hasTable(_ name: String) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT count(*) FROM main.sqlite_master WHERE type = 'table' AND name = ?",
      arguments: [name]) ?? false
  }

  // MARK: Lists

  /// Whether the other model's records stand in the snapshot and point back, so that they, and not
  /// the list, say what belongs to an owner.
  func pointsBack(_ model: String, _ field: String) throws -> (model: String, inverse: String)? {
    guard let field = catalog[model]?[field], field.type == .one2many,
      let relation = field.relation, let inverse = field.inverse, sources[relation] != nil,
      try columns("main", relation).contains(inverse)
    else { return nil }
    return (relation, inverse)
  }

  /// A list that a record names takes the place of the one that it had.
  private func merge(_ list: SnapshotContents.List) throws {
    guard try pointsBack(list.model, list.field) == nil else { return }
    let pairs = PairTable.name(list.model, list.field)
    if try !hasTable("\(list.model)/\(list.field)") {
      _ = try PairTable.make(list.model, list.field, in: db)
    }
    try db.execute(
      sql: """
        DELETE FROM main.\(pairs) WHERE owner IN (SELECT owner FROM delta.\(pairs) WHERE target = 0)
        """)
    try db.execute(
      sql: "INSERT OR IGNORE INTO main.\(pairs) SELECT * FROM delta.\(pairs) WHERE target > 0")
  }

  // MARK: Names

  private func merge(_ names: SnapshotContents.Names) throws {
    guard !names.isSuperseded, sources[names.model] == nil else { return }
    let (table, given) = (quoted(names.model), NamesTable.name(names.model))
    if try !hasTable(names.model) {
      try db.execute(sql: "CREATE TABLE main.\(table) (\"id\" INTEGER PRIMARY KEY, \"name\" TEXT)")
    }
    try db.execute(
      sql: """
        INSERT INTO main.\(table) SELECT * FROM delta.\(given) WHERE true
        ON CONFLICT (id) DO UPDATE SET name = excluded.name
        """)
  }
}
