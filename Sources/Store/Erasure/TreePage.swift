/// A page of a b-tree: which of its bytes are in use.
struct TreePage {
  /// A value that goes on in overflow pages.
  struct LongValue {
    let firstPage: UInt32
    /// How many bytes of it are there.
    let bytes: Int
  }

  private enum Kind: UInt8 {
    case indexInterior = 2
    case tableInterior = 5
    case indexLeaf = 10
    case tableLeaf = 13

    var isLeaf: Bool { self == .indexLeaf || self == .tableLeaf }
  }

  private let bytes: UnsafeRawBufferPointer
  private let number: UInt32
  private let kind: Kind
  /// Where the page's header is: on the first page, behind the file's.
  private let header: Int

  /// - Returns: nil for an overflow page, which begins with the number of another: below 2^24, so
  ///   that its first byte is 0.
  init?(_ bytes: UnsafeRawBufferPointer, _ number: UInt32) throws(LoadFault) {
    header = number == 1 ? 100 : 0
    guard bytes[header] != 0 else { return nil }
    guard let kind = Kind(rawValue: bytes[header]) else { throw PageFile.damaged(number) }
    (self.bytes, self.number, self.kind) = (bytes, number, kind)
  }

  /// Copies what is in use, each to its place, and zeros into all the rest.
  /// - Parameter room: of the size of a page.
  /// - Returns: the values that go on elsewhere.
  func copy(into room: UnsafeMutableRawBufferPointer) throws(LoadFault) -> [LongValue] {
    let count = bytes.short(at: header + 3)
    let pointers = header + (kind.isLeaf ? 8 : 12)
    let end = pointers + 2 * count
    room.initializeMemory(as: UInt8.self, repeating: 0)
    try copy(0..<end, to: room, from: 0)
    try copyFreeBlocks(to: room, from: end)
    var long: [LongValue] = []
    for cell in 0..<count {
      let start = bytes.short(at: pointers + 2 * cell)
      try copy(try extent(ofCellAt: start, &long), to: room, from: end)
    }
    return long
  }

  private func copy(
    _ range: Range<Int>, to room: UnsafeMutableRawBufferPointer, from lowest: Int
  ) throws(LoadFault) {
    guard range.lowerBound >= lowest, range.upperBound <= min(bytes.count, room.count) else {
      throw PageFile.damaged(number)
    }
    UnsafeMutableRawBufferPointer(rebasing: room[range]).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  /// Of a free block, its head: where the next one is, and its size.
  private func copyFreeBlocks(
    to room: UnsafeMutableRawBufferPointer, from lowest: Int
  ) throws(LoadFault) {
    var (start, last) = (bytes.short(at: header + 1), 0)
    while start != 0 {
      // They ascend, so that there is an end.
      guard start > last, start + 4 <= bytes.count else { throw PageFile.damaged(number) }
      try copy(start..<(start + 4), to: room, from: lowest)
      (start, last) = (bytes.short(at: start), start)
    }
  }

  // MARK: Cells

  private func extent(ofCellAt start: Int, _ long: inout [LongValue]) throws(LoadFault)
    -> Range<Int>
  {
    var place = start + (kind.isLeaf ? 0 : 4)
    if kind == .tableInterior {
      _ = try variable(at: &place)
      return start..<place
    }
    let size = try variable(at: &place)
    if kind == .tableLeaf { _ = try variable(at: &place) }
    // No value is longer than 2^31 - 1.
    guard size <= Int32.max else { throw PageFile.damaged(number) }
    let (here, isLong) = local(Int(size))
    place += here
    if isLong {
      guard place + 4 <= bytes.count else { throw PageFile.damaged(number) }
      long.append(LongValue(firstPage: bytes.number(at: place), bytes: Int(size) - here))
      place += 4
    }
    // The least that SQLite gives to a cell.
    return start..<max(place, start + 4)
  }

  /// How many bytes of a value stand on the page (section 1.6).
  private func local(_ size: Int) -> (bytes: Int, isLong: Bool) {
    let most = kind == .tableLeaf ? bytes.count - 35 : (bytes.count - 12) * 64 / 255 - 23
    guard size > most else { return (size, false) }
    let least = (bytes.count - 12) * 32 / 255 - 23
    let surplus = least + (size - least) % (bytes.count - 4)
    return (surplus <= most ? surplus : least, true)
  }

  /// A number of one to nine bytes.
  private func variable(at place: inout Int) throws(LoadFault) -> UInt64 {
    var value: UInt64 = 0
    for count in 1...9 {
      guard place < bytes.count else { throw PageFile.damaged(number) }
      let byte = bytes[place]
      place += 1
      if count == 9 { return value << 8 | UInt64(byte) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { return value }
    }
    return value
  }
}
