internal import GRDB
internal import GRDBSQLite
internal import Language

/// PostgreSQL's LIKE, its text form of floats, and what is blank, as SQL functions. They read SQLite's bytes in
/// place, and match a float by its text form; a pattern is compiled once a statement (`sqlite3_set_auxdata`).
enum TextFunctions {
  static let like = "airlock_like"
  static let ilike = "airlock_ilike"
  static let floatText = "airlock_float_text"
  static let isBlank = "airlock_is_blank"

  /// Adds the functions to a connection.
  static func register(in database: Database) {
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
    let connection = database.sqliteConnection
    sqlite3_create_function_v2(
      connection, like, 2, flags, nil, { matchLike($0, $2, foldsCase: false) }, nil, nil, nil)
    sqlite3_create_function_v2(
      connection, ilike, 2, flags, nil, { matchLike($0, $2, foldsCase: true) }, nil, nil, nil)
    sqlite3_create_function_v2(
      connection, floatText, 1, flags, nil, { printFloat($0, $2) }, nil, nil, nil)
    sqlite3_create_function_v2(
      connection, isBlank, 1, flags, nil, { tellBlank($0, $2) }, nil, nil, nil)
  }
}

extension TextFunctions {
  /// Hands over a value's text.
  static func withText<Result>(
    of value: OpaquePointer?, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    guard sqlite3_value_type(value) != SQLITE_FLOAT else {
      return FloatText.with(sqlite3_value_double(value), body)
    }
    // The text first, then its length: sqlite3_value_bytes counts what sqlite3_value_text made.
    let start = sqlite3_value_text(value)
    return body(UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value))))
  }
}

/// A compiled pattern, kept by SQLite while the statement runs.
private final class CompiledPattern {
  let pattern: LikePattern
  init(_ pattern: LikePattern) { self.pattern = pattern }
}

private func matchLike(
  _ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?, foldsCase: Bool
) {
  guard let values, sqlite3_value_type(values[0]) != SQLITE_NULL else {
    return sqlite3_result_null(context)
  }
  guard let compiled = pattern(context, values[1], foldsCase: foldsCase) else {
    return sqlite3_result_error(context, "not a pattern", -1)
  }
  let matches = TextFunctions.withText(of: values[0]) { compiled.pattern.matches($0) }
  sqlite3_result_int(context, matches ? 1 : 0)
}

private func pattern(
  _ context: OpaquePointer?, _ value: OpaquePointer?, foldsCase: Bool
) -> CompiledPattern? {
  if let kept = sqlite3_get_auxdata(context, 1) {
    return Unmanaged<CompiledPattern>.fromOpaque(kept).takeUnretainedValue()
  }
  guard let start = sqlite3_value_text(value) else { return nil }
  let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
  guard let pattern = try? LikePattern(String(decoding: bytes, as: UTF8.self), foldsCase: foldsCase)
  else { return nil }
  let compiled = CompiledPattern(pattern)
  sqlite3_set_auxdata(context, 1, Unmanaged.passRetained(compiled).toOpaque()) { kept in
    guard let kept else { return }
    Unmanaged<CompiledPattern>.fromOpaque(kept).release()
  }
  return compiled
}

/// Unset is blank as well.
private func tellBlank(
  _ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?
) {
  guard let values, sqlite3_value_type(values[0]) != SQLITE_NULL else {
    return sqlite3_result_int(context, 1)
  }
  sqlite3_result_int(context, TextFunctions.withText(of: values[0]) { $0.isBlank ? 1 : 0 })
}

private func printFloat(
  _ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?
) {
  guard let values, sqlite3_value_type(values[0]) != SQLITE_NULL else {
    return sqlite3_result_null(context)
  }
  let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)  // SQLITE_TRANSIENT
  FloatText.with(sqlite3_value_double(values[0])) { text in
    text.withMemoryRebound(to: CChar.self) {
      sqlite3_result_text(context, $0.baseAddress, Int32($0.count), transient)
    }
  }
}
