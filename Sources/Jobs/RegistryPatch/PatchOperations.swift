package import Store

// What must change in the registry leaves as a registry patch: our tokens are to be added there, the
// VIDs that we deleted are to go. It is data, not a program: each operation says what it expects to
// find, so that one that comes too late, or twice, does nothing, and says what proves whose record it
// is, so that one that meets another person does nothing either. It must never say more of a
// registrant than the row that is concerned.

/// The operations of a patch: rows to add first, then rows to fill, then rows to unlink, each by
/// registrant. Values lie in one run of bytes, once.
package struct PatchOperations: Sendable {
  /// The VID that the person holds: what an operation rests on.
  struct Proof: Sendable {
    let type: Int32
    let value: Range<Int>
  }

  /// One operation; its number is its place.
  struct Row: Sendable {
    let registrant: Int64
    /// The external id of a registrant without one of the database's.
    fileprivate let external: Range<Int>?
    /// 0 for a row that is to be added; below it for one whose number is not known.
    let regID: Int64
    let vid: VIDMark
    let type: Int32
    fileprivate let value: Range<Int>
    /// Of a row to unlink: the token that its holder must have by then.
    let tokenType: Int32
    fileprivate let token: Range<Int>
    let proof: Proof

    var isExternal: Bool { external != nil }
  }

  private(set) var adds: [Row] = []
  /// Rows without a value that are to have one.
  private(set) var sets: [Row] = []
  private(set) var unlinks: [Row] = []
  /// Names of the id types.
  private(set) var types: [String] = []
  private var values: [UInt8] = []

  package init() {}

  package var count: Int { adds.count + sets.count + unlinks.count }
  package var isEmpty: Bool { count == 0 }

  /// The registry is to have this token: in a row of its own, or in that of its type which has no value.
  /// - Parameters:
  ///   - type: the name of its id type.
  ///   - vid: the mark of the VID that it answers.
  package mutating func add(
    _ token: UnsafeBufferPointer<UInt8>, of person: PatchPerson, type: String, vid: VIDMark,
    proof: PatchProof
  ) {
    let (value, type) = (keep(token), number(of: type))
    let row = Row(
      registrant: person.registrant, external: person.external.map { keep($0) },
      regID: person.blankRow ?? 0, vid: vid, type: type, value: value, tokenType: 0, token: value,
      proof: kept(proof))
    if row.regID > 0 { sets.append(row) } else { adds.append(row) }
  }

  /// The registry is to lose the reg id of this number, or where it is not above 0, that of this type and
  /// value; as long as it is what we know of it, and its holder has the token.
  /// - Parameters:
  ///   - type: the name of its id type.
  ///   - vid: the mark of the value.
  ///   - tokenType: the name of the token's id type.
  package mutating func unlink(
    _ regID: Int64, of person: PatchPerson, type: String, value: UnsafeBufferPointer<UInt8>,
    vid: VIDMark, with token: UnsafeBufferPointer<UInt8>, tokenType: String
  ) {
    let (kept, type) = (keep(value), number(of: type))
    unlinks.append(
      Row(
        registrant: person.registrant, external: person.external.map { keep($0) }, regID: regID,
        vid: vid, type: type, value: kept, tokenType: number(of: tokenType), token: keep(token),
        proof: Proof(type: type, value: kept)))
  }

  private mutating func kept(_ proof: PatchProof) -> Proof {
    Proof(type: number(of: proof.type), value: keep(proof.value))
  }

  private mutating func keep(_ value: some Collection<UInt8>) -> Range<Int> {
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
}

extension PatchOperations {
  func withValue<Result>(
    of row: Row, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try with(row.value, body)
  }

  /// Of a row to unlink.
  func withToken<Result>(
    of row: Row, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try with(row.token, body)
  }

  /// Nil for a registrant with an id of the database's.
  func withExternalID<Result>(
    of row: Row, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try row.external.map { try with($0, body) }
  }

  /// A value that a row's proof has.
  func with<Result>(
    _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try values[range].withUnsafeBufferPointer(body)
  }

  /// Puts each operation in its place; what is numbered was ordered before.
  mutating func order() {
    order(\.adds)
    order(\.sets)
    unlinks.sort { ($0.registrant, $0.regID) < ($1.registrant, $1.regID) }
  }

  private mutating func order(_ rows: WritableKeyPath<PatchOperations, [Row]>) {
    let values = values
    values.withUnsafeBufferPointer { values in
      self[keyPath: rows].sort { one, other in
        guard one.registrant == other.registrant else { return one.registrant < other.registrant }
        guard one.type == other.type else { return one.type < other.type }
        let (left, right) = (values[one.value], values[other.value])
        return left.elementsEqual(right)
          ? one.vid < other.vid : left.lexicographicallyPrecedes(right)
      }
    }
  }

  /// Whether two operations say the same of the same registrant.
  func isSame(_ one: Row, _ other: Row) -> Bool {
    one.registrant == other.registrant && one.type == other.type
      && values[one.value].elementsEqual(values[other.value])
  }

  /// What the site notes of each, in the order of their numbers.
  var items: some Sequence<PatchItem> {
    let tokens = adds.count + sets.count
    return (0..<count).lazy.map { [adds, sets, unlinks, types] place in
      guard place >= tokens else {
        let row = place < adds.count ? adds[place] : sets[place - adds.count]
        return PatchItem(
          number: Int64(place + 1), registrant: row.registrant, regID: nil, vid: row.vid)
      }
      let row = unlinks[place - tokens]
      return PatchItem(
        number: Int64(place + 1), registrant: row.registrant, regID: row.regID, vid: row.vid,
        idType: types[Int(row.type)])
    }
  }
}
