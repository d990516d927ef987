/// The ids of one model, one bit each in pages of 65,536. The pages are bounded: ids that lie so far
/// apart that there would be more of them are counted, and not looked for again.
struct IDSet {
  private static let pageBits: Int64 = 16
  private static let pages = 4_096

  private var words: [Int64: [UInt64]] = [:]
  private(set) var count = 0

  /// Notes an id; false if it was there.
  mutating func insert(_ id: Int64) -> Bool {
    let page = id >> Self.pageBits
    let bit = Int(id & (1 << Self.pageBits - 1))
    count += 1
    if words[page] == nil {
      guard words.count < Self.pages else { return true }
      words[page] = [UInt64](repeating: 0, count: 1 << (Self.pageBits - 6))
    }
    let mask: UInt64 = 1 << UInt64(bit & 63)
    guard let word = words[page]?[bit >> 6], word & mask == 0 else { return false }
    words[page]?[bit >> 6] = word | mask
    return true
  }
}
