/// The ids of one model, one bit each in pages of 65,536. The pages are bounded: ids that lie so far
/// apart that there would be more of them are counted, and not looked for again.
package final class IDSet {
  private static let pageBits: Int64 = 16
  private static let pages = 4_096

  private var words: [Int64: UnsafeMutablePointer<UInt64>] = [:]
  /// The page of the last id: the next is mostly there, too.
  private var recent: (page: Int64, words: UnsafeMutablePointer<UInt64>)?
  package private(set) var count = 0
  /// Whether some ids are counted only.
  package private(set) var isOverfull = false

  /// The memory that it takes, about.
  package var bytes: Int { words.count << (Self.pageBits - 3) }

  package init() {}

  deinit { for words in words.values { words.deallocate() } }

  /// Notes an id; false if it was there.
  @discardableResult
  package func insert(_ id: Int64) -> Bool {
    guard let words = page(id >> Self.pageBits) else {
      count += 1
      isOverfull = true
      return true
    }
    let bit = Int(id & (1 << Self.pageBits - 1))
    let mask: UInt64 = 1 << UInt64(bit & 63)
    guard words[bit >> 6] & mask == 0 else { return false }
    words[bit >> 6] |= mask
    count += 1
    return true
  }

  /// Whether an id was noted. Asks nothing of ids that were counted only.
  package func contains(_ id: Int64) -> Bool {
    let number = id >> Self.pageBits
    if recent?.page != number {
      guard let words = words[number] else { return false }
      recent = (number, words)
    }
    guard let words = recent?.words else { return false }
    let bit = Int(id & (1 << Self.pageBits - 1))
    return words[bit >> 6] & (1 << UInt64(bit & 63)) != 0
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
