/// Tokens that are about to be kept, and who is about to be frozen.
struct NewTokens: Sendable {
  /// The name of their id type.
  let type: String
  let frozen: Set<Int64>
  /// By registrant.
  private(set) var rows: [(registrant: Int64, vid: VIDMark, token: Range<Int>)] = []
  private(set) var texts: [UInt8] = []

  init(type: String, frozen: Set<Int64>) { (self.type, self.frozen) = (type, frozen) }

  mutating func append(_ registrant: Int64, _ vid: VIDMark, _ token: ArraySlice<UInt8>) {
    let start = texts.count
    texts.append(contentsOf: token)
    rows.append((registrant, vid, start..<texts.count))
  }
}
