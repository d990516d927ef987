import GRDB
import GRDBSQLite
import Snapshots

/// Sets of ids that were asked for before a query, for the SQL function that looks into them. One
/// object a connection, used on that connection's queue only.
final class KnownSets: @unchecked Sendable {  // GRDB runs one body at a time on a connection
  static let function = "airlock_has"

  private var sets: [IDSet] = []

  /// Keeps a set; gives its number.
  func add(_ set: IDSet) -> Int {
    sets.append(set)
    return sets.count - 1
  }

  /// Nil for a number that no set has.
  fileprivate func contains(_ id: Int64, in number: Int) -> Bool? {
    sets.indices.contains(number) ? sets[number].contains(id) : nil
  }

  /// Adds `airlock_has(number, id)` to a connection. This object must live as long as that.
  func register(in database: Database) {
    sqlite3_create_function_v2(
      database.sqliteConnection, Self.function, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
      Unmanaged.passUnretained(self).toOpaque(), { answer($0, $2) }, nil, nil, nil)
  }
}

/// NULL for NULL, as `IN` has it.
private func answer(
  _ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?
) {
  guard let values, let data = sqlite3_user_data(context),
    sqlite3_value_type(values[1]) != SQLITE_NULL
  else { return sqlite3_result_null(context) }
  let sets = Unmanaged<KnownSets>.fromOpaque(data).takeUnretainedValue()
  let number = Int(sqlite3_value_int64(values[0]))
  guard let isThere = sets.contains(sqlite3_value_int64(values[1]), in: number) else {
    return sqlite3_result_error(context, "no such set", -1)
  }
  sqlite3_result_int(context, isThere ? 1 : 0)
}
