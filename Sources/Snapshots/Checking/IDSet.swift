/// The ids of one model, one bit each in pages of 65,536. The pages are bounded: ids that lie so far
/// apart that there would be more of them are counted, and not looked for again.
final class IDSet {
  private static let pageBits: Int64 = 16
  private static let pages = 4_096

  private var words: [Int64: UnsafeMutablePointer<UInt64>] = [:]
  /// The page of the last id: the next is mostly there, too.
  private var recent: (page: Int64, words: UnsafeMutablePointer<UInt64>)?
  private(set) var count = 0

  init() {}

  deinit { for words in words.values { words.deallocate() } }

  /// Notes an id; false if it was there.
  func insert(_ id: Int64) -> Bool {
    count += 1
    guard let words = page(id >> Self.pageBits) else { return true }
    let bit = Int(id & (1 << Self.pageBits - 1))
    let mask: UInt64 = 1 << UInt64(bit & 63)
    guard words[bit >> 6] & mask == 0 else { return false }
    words[bit >> 6] |= mask
    return true
  }

  private func page(_ number: Int64) -> UnsafeMutablePointer<UInt64>? {
    if let recent, recent.page == number { return recent.words }
    guard let words = words[number] ?? makePage(number) else { return nil }
    recent = (number, words)
    return words
  }

  private func makePage(_ number: Int64) -> UnsafeMutablePointer<UInt64>? {
    guard words.count < Self.pages else { return nil }
    let size = 1 << Int(Self.pageBits - 6)
    let page = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
    page.initialize(repeating: 0, count: size)
    words[number] = page
    return page
  }
}
