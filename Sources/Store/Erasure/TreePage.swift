/// A page of a b-tree: its cells, and with them, which of its bytes are in use.
struct TreePage {
  /// A value that goes on in overflow pages.
  struct LongValue {
    let firstPage: UInt32
    /// How many bytes of it are there.
    let bytes: Int
  }

  struct Cell {
    /// Its bytes on the page.
    let range: Range<Int>
    /// Its record, or what of that stands on the page; in the interior of a table's tree there is none.
    let payload: Range<Int>
    /// Of a table: the row's id.
    let key: UInt64
    let long: LongValue?
  }

  private enum Kind: UInt8 {
    case indexInterior = 2
    case tableInterior = 5
    case indexLeaf = 10
    case tableLeaf = 13
  }

  let bytes: UnsafeRawBufferPointer
  let number: UInt32
  private let kind: Kind
  /// Where the page's header is: on the first page, behind the file's.
  let header: Int

  /// - Returns: nil for an overflow page, which begins with the number of another: below 2^24, so
  ///   that its first byte is 0.
  init?(_ bytes: UnsafeRawBufferPointer, _ number: UInt32) throws(LoadFault) {
    header = number == 1 ? 100 : 0
    guard bytes[header] != 0 else { return nil }
    guard let kind = Kind(rawValue: bytes[header]) else { throw PageFile.damaged(number) }
    (self.bytes, self.number, self.kind) = (bytes, number, kind)
    guard pointers + 2 * cellCount <= bytes.count else { throw PageFile.damaged(number) }
  }

  var isLeaf: Bool { kind == .indexLeaf || kind == .tableLeaf }

  var isOfTable: Bool { kind == .tableLeaf || kind == .tableInterior }

  var cellCount: Int { bytes.short(at: header + 3) }

  /// Where the pointers to the cells are.
  var pointers: Int { header + (isLeaf ? 8 : 12) }

  /// The pages below an interior one, from left to right.
  func children() throws(LoadFault) -> [UInt32] {
    var children: [UInt32] = []
    for place in 0..<cellCount {
      children.append(bytes.number(at: try cell(place).range.lowerBound))
    }
    return children + [bytes.number(at: header + 8)]
  }

  // MARK: What is in use

  /// Copies what is in use, each to its place, and zeros into all the rest.
  /// - Parameter room: of the size of a page.
  /// - Returns: the values that go on elsewhere.
  func copy(into room: UnsafeMutableRawBufferPointer) throws(LoadFault) -> [LongValue] {
    let end = pointers + 2 * cellCount
    room.initializeMemory(as: UInt8.self, repeating: 0)
    try copy(0..<end, to: room, from: 0)
    try copyFreeBlocks(to: room, from: end)
    var long: [LongValue] = []
    for place in 0..<cellCount {
      let cell = try cell(place)
      try copy(cell.range, to: room, from: end)
      if let value = cell.long { long.append(value) }
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

  /// A cell by its place among the others (section 1.6).
  func cell(_ place: Int) throws(LoadFault) -> Cell {
    let start = bytes.short(at: pointers + 2 * place)
    var end = start + (isLeaf ? 0 : 4)
    guard end <= bytes.count else { throw PageFile.damaged(number) }
    let size = kind == .tableInterior ? 0 : try varint(at: &end)
    let key = isOfTable ? try varint(at: &end) : 0
    // No value is longer than 2^31 - 1.
    guard size <= Int32.max else { throw PageFile.damaged(number) }
    let (here, isLong) = local(Int(size))
    let payload = end..<(end + here)
    end = payload.upperBound
    var long: LongValue?
    if isLong {
      guard end + 4 <= bytes.count else { throw PageFile.damaged(number) }
      long = LongValue(firstPage: bytes.number(at: end), bytes: Int(size) - here)
      end += 4
    }
    // The least that SQLite gives to a cell.
    let range = start..<max(end, start + 4)
    guard range.upperBound <= bytes.count else { throw PageFile.damaged(number) }
    return Cell(range: range, payload: payload, key: key, long: long)
  }

  /// How many bytes of a value stand on the page.
  private func local(_ size: Int) -> (bytes: Int, isLong: Bool) {
    let most = kind == .tableLeaf ? bytes.count - 35 : (bytes.count - 12) * 64 / 255 - 23
    guard size > most else { return (size, false) }
    let least = (bytes.count - 12) * 32 / 255 - 23
    let surplus = least + (size - least) % (bytes.count - 4)
    return (surplus <= most ? surplus : least, true)
  }

  /// A number of one to nine bytes.
  func varint(at place: inout Int) throws(LoadFault) -> UInt64 {
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
