internal import GRDB
internal import GRDBSQLite

/// A statement for hundreds of thousands of rows: values are bound where they lie, and read without
/// objects of their own.
///
/// What `text` and `bytes` give holds until the next `next()`.
struct BareStatement {
  /// Keeps the handle alive.
  private let statement: Statement
  private let handle: SQLiteStatement?

  init(_ database: Database, _ sql: String) throws {
    statement = try database.makeStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  /// With the values of the text.
  init(_ database: Database, _ sql: SQLText) throws {
    try self.init(database, sql.text)
    try statement.setArguments(sql.arguments)
  }

  // MARK: Values in, from 1

  func bind(_ value: Int64, at place: Int32) { sqlite3_bind_int64(handle, place, value) }

  func bind(_ value: String, at place: Int32) {
    var value = value
    value.withUTF8 { bind($0, at: place) }
  }

  /// Copies the text.
  func bind(_ text: UnsafeBufferPointer<UInt8>, at place: Int32) {
    guard let start = text.baseAddress else {
      sqlite3_bind_text(handle, place, "", 0, Self.transient)
      return
    }
    start.withMemoryRebound(to: CChar.self, capacity: text.count) {
      _ = sqlite3_bind_text(handle, place, $0, Int32(text.count), Self.transient)
    }
  }

  func bind(_ bytes: [UInt8], at place: Int32) {
    _ = bytes.withUnsafeBytes {
      sqlite3_bind_blob(handle, place, $0.baseAddress, Int32($0.count), Self.transient)
    }
  }

  func bind(_ mark: VIDMark, at place: Int32) {
    var halves = (mark.high.bigEndian, mark.low.bigEndian)
    _ = withUnsafeBytes(of: &halves) {
      sqlite3_bind_blob(handle, place, $0.baseAddress, 16, Self.transient)
    }
  }

  func bindNull(at place: Int32) { sqlite3_bind_null(handle, place) }

  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  // MARK: Running

  /// Runs what gives no rows.
  func run() throws {
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }

  /// Goes to the next row; `false` at the end, after which it can be run anew.
  func next() throws -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    return false
  }

  /// Ends a reading before its last row.
  func stop() { sqlite3_reset(handle) }

  // MARK: Values out, from 0

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// Of a text; 0 where there is none.
  func byteCount(_ column: Int32) -> Int { Int(sqlite3_column_bytes(handle, column)) }

  func text(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, column)
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func string(_ column: Int32) -> String { String(decoding: text(column), as: UTF8.self) }

  func mark(_ column: Int32) -> VIDMark {
    guard let bytes = sqlite3_column_blob(handle, column),
      sqlite3_column_bytes(handle, column) == 16
    else { return VIDMark(high: 0, low: 0) }
    return VIDMark(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }
}
