internal import GRDB
internal import GRDBSQLite
internal import Snapshots

/// A prepared `INSERT` of a fixed number of rows, and what is bound to it.
final class PreparedRows {
  let rows: Int
  /// What a row has beyond its width.
  private let filler: Cell
  private let width: Int
  private let statement: Statement
  private let handle: OpaquePointer
  private let connection: OpaquePointer?
  /// Which parameters are null from the time before and need not be bound again.
  private let isNull: UnsafeMutablePointer<Bool>

  init(_ db: Database, _ sql: String, width: Int, rows: Int, filler: Cell) throws {
    self.filler = filler
    let row = "(\([String](repeating: "?", count: width).joined(separator: ",")))"
    let values = [String](repeating: row, count: rows).joined(separator: ",")
    statement = try db.makeStatement(sql: "\(sql) VALUES \(values)")
    handle = statement.sqliteStatement
    connection = db.sqliteConnection
    self.width = width
    self.rows = rows
    isNull = .allocate(capacity: width * rows)
    isNull.initialize(repeating: true, count: width * rows)
  }

  deinit { isNull.deallocate() }

  /// Binds one row; the cells that it lacks are fillers.
  @inline(__always) func bind(_ cells: UnsafePointer<Cell>, count: Int, row: Int) {
    let (handle, isNull) = (handle, isNull + row * width)
    let first = Int32(truncatingIfNeeded: row * width + 1)
    for column in 0..<width {
      let cell = column < count ? cells[column] : filler
      Self.bind(cell, first + Int32(truncatingIfNeeded: column), handle, isNull + column)
    }
  }

  @inline(__always) func bind(_ first: Cell, _ second: Cell, row: Int) {
    let index = Int32(truncatingIfNeeded: row * 2 + 1)
    Self.bind(first, index, handle, isNull + row * 2)
    Self.bind(second, index + 1, handle, isNull + row * 2 + 1)
  }

  /// Runs it; SQLite's code if it was refused.
  func run() -> Int32? {
    let code = sqlite3_step(handle)
    let reason = sqlite3_reset(handle)
    return code == SQLITE_DONE ? nil : reason == SQLITE_OK ? code : reason
  }

  /// How many rows went in with the last run.
  var changes: Int { Int(sqlite3_changes(connection)) }

  @inline(__always) private static func bytes(_ cell: Cell) -> UnsafePointer<CChar>? {
    UnsafePointer(bitPattern: UInt(cell.payload))
  }

  @inline(__always) private static func bind(
    _ cell: Cell, _ index: Int32, _ handle: OpaquePointer, _ isNull: UnsafeMutablePointer<Bool>
  ) {
    switch cell.kind {
    case .null:
      if !isNull.pointee { sqlite3_bind_null(handle, index) }
      isNull.pointee = true
      return
    case .integer: sqlite3_bind_int64(handle, index, Int64(bitPattern: cell.payload))
    case .real: sqlite3_bind_double(handle, index, Double(bitPattern: cell.payload))
    // Without a destructor the bytes are not copied: they stay until the batch is given back.
    case .text:
      sqlite3_bind_text(handle, index, Self.bytes(cell), Int32(bitPattern: cell.length), nil)
    case .json:
      sqlite3_bind_blob(handle, index, Self.bytes(cell), Int32(bitPattern: cell.length), nil)
    case .absent: sqlite3_bind_zeroblob(handle, index, 0)
    }
    isNull.pointee = false
  }
}
