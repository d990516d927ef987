internal import GRDB
internal import Snapshots

/// The ids that a search found, to be asked for one by one.
final class FoundIDs {
  private var ids: [Int64] = []
  /// The same, if they do not lie too far apart.
  private let bitmap = IDSet()

  var count: Int { ids.count }

  /// - Parameter id: not below those before it.
  func append(_ id: Int64) {
    ids.append(id)
    bitmap.insert(id)
  }

  /// As `json_each` takes it.
  var list: String { ids.jsonList }

  func contains(_ id: Int64) -> Bool {
    bitmap.isOverfull ? ids.holds(id) : bitmap.contains(id)
  }
}

extension [Int64] {
  /// As `json_each` takes it.
  var jsonList: String { "[\(map(String.init).joined(separator: ","))]" }
}

extension RegistrySearch {
  /// Every id at once.
  func found() throws -> FoundIDs {
    try timed { database in
      let rows = try BareStatement(
        database, PredicateSQL.ids(query, catalog: snapshot.catalog))
      let found = FoundIDs()
      while try rows.next() { found.append(rows.integer(0)) }
      return found
    }
  }
}
