internal import GRDB
internal import Snapshots

/// The table of one model: its columns in the order in which they turned up.
struct TableShape {
  struct Column {
    let name: String
    let type: ColumnType

    /// A column of unknown type has no affinity: SQLite keeps its values as they come.
    var declaration: String {
      switch type {
      case .integer: "\(quoted(name)) INTEGER"
      case .real: "\(quoted(name)) REAL"
      case .text: "\(quoted(name)) TEXT"
      case .any: quoted(name)
      }
    }
  }

  /// What stands for a field that a delta's record does not name: no value is an empty BLOB.
  static let absent = "x''"

  let model: String
  /// Whether the records are a delta's.
  let isDelta: Bool
  /// Without `id`, which is the first.
  var columns: [Column] = []

  func create(in db: Database) throws {
    let list = ["\"id\" INTEGER PRIMARY KEY"] + columns.map(declaration)
    try db.execute(sql: "CREATE TABLE \(quoted(model)) (\(list.joined(separator: ", ")))")
  }

  func insert(in db: Database) throws -> BulkInsert {
    let names = (["id"] + columns.map(\.name)).map(quoted)
    return try BulkInsert(
      db, "INSERT OR FAIL INTO \(quoted(model)) (\(names.joined(separator: ", ")))",
      width: names.count, filler: isDelta ? Cell(.absent) : .null)
  }

  private func declaration(_ column: Column) -> String {
    column.declaration + (isDelta ? " DEFAULT \(Self.absent)" : "")
  }

  func addLastColumn(in db: Database) throws {
    guard let column = columns.last else { return }
    try db.execute(sql: "ALTER TABLE \(quoted(model)) ADD COLUMN \(declaration(column))")
  }

  /// See `SchemaChange.unsetFalses`; the column's number counts `id`.
  func unsetFalses(_ column: Int, in db: Database) throws {
    let name = quoted(columns[column - 1].name)
    try db.execute(sql: "UPDATE \(quoted(model)) SET \(name) = NULL WHERE \(name) = 0")
  }

  /// See `SchemaChange.spellBooleans`; JSON text in the making is a BLOB.
  func spellBooleans(_ column: Int, in db: Database) throws {
    let name = quoted(columns[column - 1].name)
    try db.execute(
      sql: """
        UPDATE \(quoted(model))
        SET \(name) = CAST(iif(\(name), 'true', 'false') AS BLOB)
        WHERE typeof(\(name)) = 'integer'
        """)
  }
}

/// The table of a list of ids: `MODEL/FIELD`.
enum PairTable {
  static func name(_ model: String, _ field: String) -> String { quoted("\(model)/\(field)") }

  static func make(_ model: String, _ field: String, in db: Database) throws -> BulkInsert {
    let name = name(model, field)
    try db.execute(
      sql: """
        CREATE TABLE \(name) (owner INTEGER, target INTEGER, PRIMARY KEY (owner, target))
        WITHOUT ROWID
        """)
    return try BulkInsert(db, "INSERT OR IGNORE INTO \(name)", width: 2)
  }
}

/// The names of a model's records, until it is known whether the records come as well.
enum NamesTable {
  static func name(_ model: String) -> String { quoted("names/\(model)") }

  static func make(_ model: String, in db: Database) throws -> BulkInsert {
    let name = name(model)
    try db.execute(sql: "CREATE TABLE \(name) (\"id\" INTEGER PRIMARY KEY, \"name\" TEXT)")
    return try BulkInsert(db, "INSERT OR IGNORE INTO \(name)", width: 2)
  }
}
