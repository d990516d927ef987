internal import GRDB
internal import Snapshots

/// The table of a model whose records stand in several files: a row may come twice, and is then one
/// row if it is the same. Each batch goes into a table beside, is compared by SQL and moved, so that
/// memory holds none of it.
final class PartedTable {
  /// The records of another table that are nested in this one's.
  struct Nested {
    let table: Int
    let back: String
  }

  private let db: Database
  let model: String
  private var shape: TableShape
  private var insert: BulkInsert
  var nested: [Nested] = []

  private var main: String { quoted(model) }
  private var beside: String { quoted(shape.model) }
  /// Ids that came again: in this file, and in the batch in hand.
  private var repeats: String { quoted("part/repeats/\(model)") }

  init(_ db: Database, _ table: TableShape) throws {
    (self.db, model) = (db, table.model)
    shape = TableShape(model: "part/\(table.model)", isDelta: table.isDelta)
    shape.columns = table.columns
    try shape.create(in: db)
    insert = try shape.insert(in: db)
    try db.execute(
      sql: "CREATE TABLE \(repeats) (id INTEGER PRIMARY KEY, isNew INTEGER NOT NULL)")
  }

  func widen(_ column: TableShape.Column) throws {
    shape.columns.append(column)
    try shape.addLastColumn(in: db)
    insert = try shape.insert(in: db)
  }

  /// Takes the rows of a batch, and compares those that came before.
  /// - Returns: the id of a row that is not the same; nil if there is none.
  func take(_ rows: TableRows) throws -> Int64? {
    try db.execute(sql: "UPDATE \(repeats) SET isNew = 0 WHERE isNew")
    try insert.insert(rows)
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO \(repeats)
        SELECT id, 1 FROM \(beside) WHERE id IN (SELECT id FROM \(main))
        """)
    guard db.changesCount > 0 else { return nil }
    return try Int64.fetchOne(
      db,
      sql: """
        SELECT id FROM (SELECT * FROM \(beside) WHERE id IN (SELECT id FROM \(repeats))
        EXCEPT SELECT * FROM \(main) WHERE id IN (SELECT id FROM \(repeats) WHERE isNew)) LIMIT 1
        """)
  }

  /// The id of a row that came again with other nested records than before; nil if there is none.
  /// To be asked once all rows of the batch are beside.
  func clash(with child: PartedTable, back: String) throws -> Int64? {
    guard try hasRepeats else { return nil }
    let (back, index) = (quoted(back), quoted("part/index/\(child.model)"))
    try db.execute(sql: "CREATE INDEX IF NOT EXISTS \(index) ON \(child.main) (\(back))")
    return try Int64.fetchOne(
      db,
      sql: """
        SELECT \(back) FROM \(child.beside) WHERE \(back) IN (SELECT id FROM \(repeats))
          AND id NOT IN (SELECT id FROM \(child.main))
        UNION ALL
        SELECT \(back) FROM \(child.main)
        WHERE \(back) IN (SELECT id FROM \(repeats) WHERE isNew)
          AND id NOT IN (SELECT id FROM \(child.beside))
        LIMIT 1
        """)
  }

  /// The id of a row that came again with another list than before.
  func clash(_ pairs: UnsafeBufferPointer<ListRows.Pair>, in list: String) throws -> Int64? {
    guard try hasRepeats else { return nil }
    let name = quoted("part/pairs")
    try db.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS \(name)
          (owner INTEGER, target INTEGER, PRIMARY KEY (owner, target)) WITHOUT ROWID;
        DELETE FROM \(name)
        """)
    do {
      try BulkInsert(db, "INSERT OR IGNORE INTO \(name)", width: 2).insert(pairs)
    } catch let refusal as BulkInsert.Refusal {
      throw LoadFault(sqlite: refusal.code, "store the snapshot")
    }
    return try Int64.fetchOne(
      db,
      sql: """
        SELECT owner FROM (SELECT owner, target FROM \(name)
          WHERE owner IN (SELECT id FROM \(repeats)) EXCEPT SELECT owner, target FROM \(list))
        UNION ALL
        SELECT owner FROM (SELECT owner, target FROM \(list)
          WHERE owner IN (SELECT id FROM \(repeats) WHERE isNew)
          EXCEPT SELECT owner, target FROM \(name))
        LIMIT 1
        """)
  }

  /// Moves the rows of the batch to the others.
  func settle() throws {
    try db.execute(
      sql: "INSERT OR IGNORE INTO \(main) SELECT * FROM \(beside); DELETE FROM \(beside)")
  }

  /// Removes what was made for the comparison.
  func end() throws {
    try db.execute(
      sql: """
        DROP TABLE \(beside); DROP TABLE \(repeats); DROP TABLE IF EXISTS \(quoted("part/pairs"));
        DROP INDEX IF EXISTS \(quoted("part/index/\(model)"))
        """)
  }

  private var hasRepeats: Bool {
    get throws {
      try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM \(repeats))") ?? false
    }
  }
}

/// A row that stands in two files of a model, with other values.
struct DifferingRow: Error {
  let model: String
  let id: Int64
  /// Where it came the second time.
  let place: SnapshotPlace?
}

extension DifferingRow {
  /// The fault, with both places.
  func fault(_ first: SnapshotPlace?, in drop: String) -> SnapshotFault {
    let before = first.map { ", and \($0)" } ?? ""
    return SnapshotFault(
      .twoRows, "the record \(id) of \(model) stands here\(before), with other values",
      at: place ?? SnapshotPlace(drop))
  }
}
