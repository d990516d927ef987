package import Store

// What must change in the registry leaves as a registry patch: our tokens are to be added there, the
// VIDs that we deleted are to go. It is data, not a program: each operation says what it expects to
// find, so that one that comes too late, or twice, does nothing. It must never say more of a
// registrant than the row that is concerned.

/// The operations of a patch: rows to add first, then rows to unlink, each by registrant. Values lie
/// in one run of bytes, once.
package struct PatchOperations: Sendable {
  /// One operation; its number is its place.
  struct Row: Sendable {
    let registrant: Int64
    /// 0 for a row that is to be added.
    let regID: Int64
    let vid: VIDMark
    let type: Int32
    fileprivate let value: Range<Int>
    /// Of a row to unlink: the token that its holder must have by then.
    let tokenType: Int32
    fileprivate let token: Range<Int>
  }

  private(set) var adds: [Row] = []
  private(set) var unlinks: [Row] = []
  /// Names of the id types.
  private(set) var types: [String] = []
  private var values: [UInt8] = []

  package init() {}

  package var count: Int { adds.count + unlinks.count }
  package var isEmpty: Bool { count == 0 }

  /// The registry is to have this token.
  /// - Parameters:
  ///   - type: the name of its id type.
  ///   - vid: the mark of the VID that it answers.
  package mutating func add(
    _ token: UnsafeBufferPointer<UInt8>, of registrant: Int64, type: String, vid: VIDMark
  ) {
    let value = keep(token)
    adds.append(
      Row(
        registrant: registrant, regID: 0, vid: vid, type: number(of: type), value: value,
        tokenType: 0, token: value))
  }

  /// The registry is to lose the reg id of this number, as long as it is what we know of it, and its
  /// holder has the token.
  /// - Parameters:
  ///   - type: the name of its id type.
  ///   - vid: the mark of the value.
  ///   - tokenType: the name of the token's id type.
  package mutating func unlink(
    _ regID: Int64, of registrant: Int64, type: String, value: UnsafeBufferPointer<UInt8>,
    vid: VIDMark, with token: UnsafeBufferPointer<UInt8>, tokenType: String
  ) {
    unlinks.append(
      Row(
        registrant: registrant, regID: regID, vid: vid, type: number(of: type), value: keep(value),
        tokenType: number(of: tokenType), token: keep(token)))
  }

  private mutating func keep(_ value: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let start = values.count
    values.append(contentsOf: value)
    return start..<values.count
  }

  /// There are few types, and most often it is the one before.
  private mutating func number(of type: String) -> Int32 {
    if let known = types.firstIndex(of: type) { return Int32(known) }
    types.append(type)
    return Int32(types.count - 1)
  }

  func withValue<Result>(
    of row: Row, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try values[row.value].withUnsafeBufferPointer(body)
  }

  /// Of a row to unlink.
  func withToken<Result>(
    of row: Row, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try values[row.token].withUnsafeBufferPointer(body)
  }

  /// Puts each operation in its place; what is numbered was ordered before.
  mutating func order() {
    values.withUnsafeBufferPointer { values in
      adds.sort { one, other in
        guard one.registrant == other.registrant else { return one.registrant < other.registrant }
        guard one.type == other.type else { return one.type < other.type }
        let (left, right) = (values[one.value], values[other.value])
        return left.elementsEqual(right)
          ? one.vid < other.vid : left.lexicographicallyPrecedes(right)
      }
    }
    unlinks.sort { ($0.registrant, $0.regID) < ($1.registrant, $1.regID) }
  }

  /// Whether two operations say the same of the same registrant.
  func isSame(_ one: Row, _ other: Row) -> Bool {
    one.registrant == other.registrant && one.type == other.type
      && values[one.value].elementsEqual(values[other.value])
  }

  /// What the site notes of each, in the order of their numbers.
  var items: some Sequence<PatchItem> {
    (0..<count).lazy.map { [adds, unlinks] place in
      let isAdd = place < adds.count
      let row = isAdd ? adds[place] : unlinks[place - adds.count]
      return PatchItem(
        number: Int64(place + 1), registrant: row.registrant, regID: isAdd ? nil : row.regID,
        vid: row.vid)
    }
  }
}
