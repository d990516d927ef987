// The rows whose cells a page has, and a leaf without some of them.

extension TreePage {
  /// The id of the row that a cell is of; nil where it stands on another page.
  func rowID(of cell: Cell) throws(LoadFault) -> Int64? {
    if isOfTable { return Int64(bitPattern: cell.key) }
    return cell.long == nil ? try lastInteger(of: cell.payload) : nil
  }

  /// Of an index, a record's last column is the id of the row (sections 2.1 and 2.4).
  private func lastInteger(of record: Range<Int>) throws(LoadFault) -> Int64 {
    var place = record.lowerBound
    let end = place + Int(truncatingIfNeeded: try varint(at: &place))
    guard end > place, end <= record.upperBound else { throw PageFile.damaged(number) }
    var type: UInt64 = 0
    while place < end { type = try varint(at: &place) }
    // 8 and 9 are the numbers 0 and 1 themselves.
    if type == 8 || type == 9 { return Int64(type) - 8 }
    guard type >= 1, type <= 6 else { throw PageFile.damaged(number) }
    let size = type == 6 ? 8 : type == 5 ? 6 : Int(type)
    guard place == end, end + size <= record.upperBound else { throw PageFile.damaged(number) }
    let last = bytes[(record.upperBound - size)..<record.upperBound]
    var value = Int64(Int8(bitPattern: last[last.startIndex]))
    for byte in last.dropFirst() { value = value << 8 | Int64(byte) }
    return value
  }

  /// Makes a leaf anew of some of its cells, packed against its end as SQLite packs them.
  /// - Parameter cells: where they are, in their order.
  func copy(
    into room: UnsafeMutableRawBufferPointer, only cells: [Range<Int>]
  ) throws(LoadFault) {
    room.initializeMemory(as: UInt8.self, repeating: 0)
    room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<(header + 1)]))
    var (pointer, start) = (pointers, bytes.count)
    for range in cells {
      start -= range.count
      guard start >= pointer + 2 else { throw PageFile.damaged(number) }
      UnsafeMutableRawBufferPointer(rebasing: room[start...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[range]))
      room.setShort(start, at: pointer)
      pointer += 2
    }
    room.setShort((pointer - pointers) / 2, at: header + 3)
    // 65536 is written as 0.
    room.setShort(start & 0xFFFF, at: header + 5)
  }
}

extension UnsafeMutableRawBufferPointer {
  fileprivate func setShort(_ value: Int, at place: Int) {
    self[place] = UInt8(truncatingIfNeeded: value >> 8)
    self[place + 1] = UInt8(truncatingIfNeeded: value)
  }
}
