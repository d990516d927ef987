internal import GRDB

/// Ids that were found, in their order, to be asked for one by one.
struct FoundIDs: Sendable {
  private let ids: [Int64]
  /// A bit for each id from the first to the last, if that takes no more room than the ids.
  private let bits: [UInt64]

  /// - Parameter ids: ascending.
  init(_ ids: [Int64]) {
    assert(zip(ids, ids.dropFirst()).allSatisfy(<=))
    self.ids = ids
    guard let first = ids.first, let last = ids.last, first <= last,
      UInt64(bitPattern: last &- first) >> 6 < ids.count
    else {
      bits = []
      return
    }
    var bits = [UInt64](repeating: 0, count: Int((last &- first) >> 6) + 1)
    for id in ids { bits[Int((id &- first) >> 6)] |= 1 << UInt64((id &- first) & 63) }
    self.bits = bits
  }

  var count: Int { ids.count }

  /// As `json_each` takes it.
  var list: String { ids.jsonList }

  func contains(_ id: Int64) -> Bool {
    guard !bits.isEmpty else { return ids.holds(id) }
    let place = UInt64(bitPattern: id &- ids[0])
    return place >> 6 < bits.count && bits[Int(place >> 6)] & (1 << (place & 63)) != 0
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
      var ids: [Int64] = []
      while try rows.next() { ids.append(rows.integer(0)) }
      return FoundIDs(ids)
    }
  }
}
