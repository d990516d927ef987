/// The erased VIDs of a site, by their marks, to be known again as whole values.
struct ErasedVIDs: Sendable {
  private var registrants: [VIDMark: Int64] = [:]
  /// Of the VIDs, in bytes; nil where they are not all known: of those that a certificate brought
  /// back, they are not.
  private var lengths: Set<Int>? = []

  /// All that were noted.
  init(_ tokens: TokenStore) throws {
    try tokens.look { database in
      let rows = try BareStatement(database, "SELECT vid, registrant, length FROM erased")
      while try rows.next() {
        note(rows.mark(0), of: rows.integer(1), rows.isNull(2) ? 0 : Int(rows.integer(2)))
      }
    }
  }

  /// Those that are about to be noted.
  init(_ plan: PrunePlan) {
    registrants.reserveCapacity(plan.items.count)
    for item in plan.items { note(item.vid, of: item.registrant, item.value.count) }
  }

  private mutating func note(_ vid: VIDMark, of registrant: Int64, _ length: Int) {
    registrants[vid] = registrant
    if length > 0 { lengths?.insert(length) } else { lengths = nil }
  }

  var count: Int { registrants.count }

  var isEmpty: Bool { registrants.isEmpty }

  /// Who had them.
  var owners: Set<Int64> { Set(registrants.values) }

  func contains(_ vid: VIDMark) -> Bool { registrants[vid] != nil }

  /// Whether a value of so many bytes may be one.
  func mayBe(_ length: Int) -> Bool { length > 0 && lengths?.contains(length) ?? true }

  /// Whose the value was, if it is one of them.
  /// - Parameter hasher: with the site's key.
  func find(
    _ value: UnsafeBufferPointer<UInt8>, _ hasher: VIDHasher
  ) -> (vid: VIDMark, registrant: Int64)? {
    guard mayBe(value.count) else { return nil }
    let vid = hasher.mark(value)
    return registrants[vid].map { (vid, $0) }
  }
}
