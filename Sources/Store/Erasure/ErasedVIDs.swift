/// The erased VIDs of a site, by their marks, to be known again as whole values.
struct ErasedVIDs: Sendable {
  private var registrants: [VIDMark: Int64] = [:]
  /// Of the VIDs, in bytes; nil where they are not all known: of those that a certificate brought
  /// back, they are not.
  private var lengths: Set<Int>? = []

  /// - Parameter more: those that are about to be noted.
  init(_ tokens: TokenStore, and more: [ErasedVID] = []) throws {
    registrants.reserveCapacity(more.count)
    try tokens.look { database in
      let rows = try BareStatement(database, "SELECT vid, registrant, length FROM erased")
      while try rows.next() {
        registrants[rows.mark(0)] = rows.integer(1)
        if rows.isNull(2) { lengths = nil } else { lengths?.insert(Int(rows.integer(2))) }
      }
    }
    for erased in more where registrants[erased.vid] == nil {
      registrants[erased.vid] = erased.registrant
      if erased.length > 0 { lengths?.insert(erased.length) } else { lengths = nil }
    }
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
