internal import GRDB

/// The VIDs and tokens of the registrants that a policy picks, as the snapshot has them, sorted by
/// registrant and row. Blank values are none.
struct PruneRows {
  struct Row {
    let registrant: Int64
    let id: Int64
    let start: Int
    let length: Int32
    /// The place of its id type in `types`.
    let place: UInt16
    let isVID: Bool
    /// Of a token: whether its status is the one that is asked for.
    let hasStatus: Bool

    /// Where its value is.
    var value: Range<Int> { start..<(start + Int(length)) }
  }

  private(set) var rows: [Row] = []
  private(set) var values: [UInt8] = []
  /// VIDs of everyone.
  private(set) var vids = 0
  private let types: [Int64]

  /// Reads the table once, in its own order.
  init(of registrants: FoundIDs, _ terms: PruneTerms, in database: Database) throws {
    let vidTypes = terms.vidTypes
    types = vidTypes + terms.tokenTypes.filter { !vidTypes.contains($0) }
    let list = types.map(String.init).joined(separator: ", ")
    let status = terms.tokenStatus == nil ? "1" : "\"status\" IS ?1"
    let found = try BareStatement(
      database,
      """
      SELECT "partner_id", "id", "id_type", "value", \(status) FROM "g2p.reg.id" NOT INDEXED
      WHERE "id_type" IN (\(list)) AND "value" > ''
      """)
    if let status = terms.tokenStatus { found.bind(status, at: 1) }
    var isSorted = true
    while try found.next() {
      let value = found.text(3)
      guard !value.isBlank, let place = types.firstIndex(of: found.integer(2)) else { continue }
      let (registrant, isVID) = (found.integer(0), place < vidTypes.count)
      if isVID { vids += 1 }
      guard registrants.contains(registrant) else { continue }
      let row = Row(
        registrant: registrant, id: found.integer(1), start: values.count,
        length: Int32(value.count), place: UInt16(place), isVID: isVID,
        hasStatus: found.integer(4) != 0)
      values.append(contentsOf: value)
      if let last = rows.last, !Self.comesBefore(last, row) { isSorted = false }
      rows.append(row)
    }
    if !isSorted { rows.sort(by: Self.comesBefore) }
  }

  /// The id of a row's id type.
  func type(of row: Row) -> Int64 { types[Int(row.place)] }

  /// Good within the body.
  func withValue<Result>(
    of row: Row, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try values.withUnsafeBufferPointer { try body(.init(rebasing: $0[row.value])) }
  }

  func haveSameValue(_ one: Row, _ other: Row) -> Bool {
    one.length == other.length
      && withValue(of: one) { first in withValue(of: other) { first.isSame(as: $0) } }
  }

  private static func comesBefore(_ one: Row, _ other: Row) -> Bool {
    (one.registrant, one.id) < (other.registrant, other.id)
  }
}
