internal import GRDB

/// The VIDs and tokens of the registrants that a policy picks, as the snapshot has them, sorted by
/// registrant and row. Blank values are none.
struct PruneRows {
  struct Row {
    let registrant: Int64
    let id: Int64
    let type: Int64
    let isVID: Bool
    /// Of a token: whether its status is the one that is asked for.
    let hasStatus: Bool
    let value: Range<Int>
  }

  private(set) var rows: [Row] = []
  private(set) var values: [UInt8] = []
  /// VIDs of everyone.
  private(set) var vids = 0

  /// Reads the table once, in its own order.
  init(of registrants: Set<Int64>, _ terms: PruneTerms, in database: Database) throws {
    let (vidTypes, tokenTypes) = (Set(terms.vidTypes), Set(terms.tokenTypes))
    let list = vidTypes.union(tokenTypes).sorted().map(String.init).joined(separator: ", ")
    let status = terms.tokenStatus == nil ? "1" : "\"status\" IS ?1"
    let found = try BareStatement(
      database,
      """
      SELECT "partner_id", "id", "id_type", "value", \(status) FROM "g2p.reg.id" NOT INDEXED
      WHERE "value" > '' AND "id_type" IN (\(list))
      """)
    if let status = terms.tokenStatus { found.bind(status, at: 1) }
    var isSorted = true
    while try found.next() {
      let value = found.text(3)
      guard !value.isBlank else { continue }
      let (registrant, type) = (found.integer(0), found.integer(2))
      let isVID = vidTypes.contains(type)
      if isVID { vids += 1 }
      guard registrants.contains(registrant) else { continue }
      let start = values.count
      values.append(contentsOf: value)
      let row = Row(
        registrant: registrant, id: found.integer(1), type: type, isVID: isVID,
        hasStatus: found.integer(4) != 0, value: start..<values.count)
      if let last = rows.last, !Self.comesBefore(last, row) { isSorted = false }
      rows.append(row)
    }
    if !isSorted { rows.sort(by: Self.comesBefore) }
  }

  private static func comesBefore(_ one: Row, _ other: Row) -> Bool {
    (one.registrant, one.id) < (other.registrant, other.id)
  }
}
