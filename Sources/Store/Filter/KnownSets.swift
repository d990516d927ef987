import Faults
import GRDB
import GRDBSQLite
import Snapshots

/// Sets of ids that were asked for before a query, for the SQL function that looks into them. One
/// object a connection, used on that connection's queue only.
final class KnownSets: @unchecked Sendable {  // GRDB runs one body at a time on a connection
  static let function = "airlock_has"

  enum IDs {
    case bitmap(IDSet)
    case sorted([Int64])
  }

  private var sets: [IDs] = []
  private var bytes = 0
  /// What all sets of a connection may take.
  private static let mostBytes = 2 << 30

  /// Keeps a set; gives its number.
  /// - Throws: `too_costly` if it and the others take too much memory.
  func add(_ set: IDs) throws -> Int {
    bytes += set.bytes
    guard bytes <= Self.mostBytes else {
      throw StoreFault(
        code: "too_costly", message: "the filter's sets of records take more than 2 GB of memory",
        hint: "ask for less at once: fewer lists of records that are large", blame: .input)
    }
    sets.append(set)
    return sets.count - 1
  }

  /// Nil for a number that no set has.
  fileprivate func contains(_ id: Int64, in number: Int) -> Bool? {
    guard sets.indices.contains(number) else { return nil }
    switch sets[number] {
    case .bitmap(let set): return set.contains(id)
    case .sorted(let ids): return ids.holds(id)
    }
  }

  /// Adds `airlock_has(number, id)` to a connection. This object must live as long as that.
  func register(in database: Database) {
    sqlite3_create_function_v2(
      database.sqliteConnection, Self.function, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
      Unmanaged.passUnretained(self).toOpaque(), { answer($0, $2) }, nil, nil, nil)
  }
}

extension KnownSets.IDs {
  fileprivate var bytes: Int {
    switch self {
    case .bitmap(let set): set.bytes
    case .sorted(let ids): ids.count * 8
    }
  }
}

extension [Int64] {
  /// Whether a sorted list holds an id.
  func holds(_ id: Int64) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == id
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
