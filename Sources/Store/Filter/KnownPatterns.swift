import GRDB
import GRDBSQLite
import Language

/// Patterns that were compiled before a query, for the SQL function that matches them: a list is
/// asked at once, and its text is folded once. SQLite's own memory for compiled arguments is searched
/// from its beginning at each call, too slow for thousands. One object a connection.
final class KnownPatterns: @unchecked Sendable {  // GRDB runs one body at a time on a connection
  static let function = "airlock_like_known"

  private var lists: [LikePatterns] = []
  private let watch: QueryWatch

  init(_ watch: QueryWatch) { self.watch = watch }

  /// Keeps a list; gives its number.
  func add(_ patterns: [LikePattern]) -> Int {
    lists.append(LikePatterns(patterns))
    return lists.count - 1
  }

  /// Nil for a number that no list has, and when the time is over.
  fileprivate func match(_ text: UnsafeBufferPointer<UInt8>, _ number: Int) -> Bool? {
    guard lists.indices.contains(number) else { return nil }
    return lists[number].matches(text) { watch.isOver() }
  }

  /// Adds `airlock_like_known(text, number)` to a connection. This object must live as long as that.
  func register(in database: Database) {
    sqlite3_create_function_v2(
      database.sqliteConnection, Self.function, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
      Unmanaged.passUnretained(self).toOpaque(), { answer($0, $2) }, nil, nil, nil)
  }
}

private func answer(
  _ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?
) {
  guard let values, let data = sqlite3_user_data(context),
    sqlite3_value_type(values[0]) != SQLITE_NULL
  else { return sqlite3_result_null(context) }
  let patterns = Unmanaged<KnownPatterns>.fromOpaque(data).takeUnretainedValue()
  let number = Int(sqlite3_value_int64(values[1]))
  guard let matches = TextFunctions.withText(of: values[0], { patterns.match($0, number) }) else {
    return sqlite3_result_error_code(context, SQLITE_INTERRUPT)
  }
  sqlite3_result_int(context, matches ? 1 : 0)
}
