internal import GRDB
internal import GRDBSQLite
internal import Snapshots

/// An `INSERT` that takes cells as they lie in a batch: text is bound where it is, not copied.
struct BulkInsert {
  private let statement: Statement
  private let width: Int
  /// Which parameters are null from the row before; the others are bound anew each time.
  private var isNull: [Bool]

  init(_ db: Database, _ sql: String, width: Int) throws {
    statement = try db.makeStatement(sql: sql)
    self.width = width
    isNull = [Bool](repeating: true, count: width)
  }

  /// Inserts the rows of one table.
  /// - Returns: the number of the row that was refused, and SQLite's code, if one was.
  mutating func insert(_ rows: TableRows) -> (row: Int, code: Int32)? {
    guard let cells = rows.allCells.baseAddress else { return nil }
    let handle = statement.sqliteStatement
    let width = width
    return isNull.withUnsafeMutableBufferPointer { isNull in
      for (number, row) in rows.allRows.enumerated() {
        let first = cells + Int(row.start)
        for column in 0..<width {
          Self.bind(column < row.width ? first[column] : .null, column, handle, &isNull[column])
        }
        let code = Self.step(handle)
        if code != SQLITE_DONE { return (number, code) }
      }
      return nil
    }
  }

  /// Inserts one row of two whole numbers.
  func insert(_ first: Int64, _ second: Int64) -> Int32 {
    let handle = statement.sqliteStatement
    sqlite3_bind_int64(handle, 1, first)
    sqlite3_bind_int64(handle, 2, second)
    return Self.step(handle)
  }

  /// Inserts one row of a whole number and a text.
  func insert(_ first: Int64, _ second: Cell) -> Int32 {
    let handle = statement.sqliteStatement
    sqlite3_bind_int64(handle, 1, first)
    sqlite3_bind_text(handle, 2, second.bytes, Int32(second.length), nil)
    return Self.step(handle)
  }

  @inline(__always) private static func bind(
    _ cell: Cell, _ column: Int, _ handle: OpaquePointer, _ isNull: inout Bool
  ) {
    let index = Int32(truncatingIfNeeded: column + 1)
    switch cell.kind {
    case .null:
      if !isNull { sqlite3_bind_null(handle, index) }
      isNull = true
      return
    case .integer: sqlite3_bind_int64(handle, index, cell.integer)
    case .real: sqlite3_bind_double(handle, index, cell.real)
    // Without a destructor the bytes are not copied: they stay until the batch is given back.
    case .text: sqlite3_bind_text(handle, index, cell.bytes, Int32(cell.length), nil)
    case .json: sqlite3_bind_blob(handle, index, cell.bytes, Int32(cell.length), nil)
    }
    isNull = false
  }

  @inline(__always) private static func step(_ handle: OpaquePointer) -> Int32 {
    let code = sqlite3_step(handle)
    if code == SQLITE_DONE {
      sqlite3_reset(handle)
      return code
    }
    // The old interface may say SQLITE_ERROR at first; the reason comes with the reset.
    let reason = sqlite3_reset(handle)
    return reason == SQLITE_OK ? code : reason
  }
}
