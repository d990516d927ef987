internal import Secrets

// SQLite leaves copies of rows behind in its pages wherever it moves or deletes them, which
// `secure_delete` does not reach. What belongs to no row is overwritten here, page by page, so that a
// file from which rows were deleted is as one that never had them, and keeps its indexes.
//
// The words are those of "Database File Format" of SQLite, sections 1.2 to 1.6. Must never: change a
// byte that SQLite would read.

/// Overwrites with zeros what in an SQLite file belongs to no row.
///
/// Each page of a b-tree is made anew of its header and its cells alone, free pages are emptied, and so
/// is the rest of the last page of each long value.
struct PageScrub {
  private let file: PageFile
  private let room: ChunkBuffer

  /// - Parameter descriptor: of a whole file without a journal that nobody has open, to read and write.
  /// - Throws: `damaged` if it is no file that we make.
  init(_ descriptor: Int32) throws(LoadFault) {
    file = try PageFile(descriptor)
    room = ChunkBuffer(count: file.pageSize)
  }

  /// - Throws: `damaged` where a page is not as the format says, or cannot be written: the file must not
  ///   come in force then.
  func run() throws(LoadFault) {
    let free = try emptyFreePages()
    for number in 1...file.pageCount where !free.contains(number) { try scrub(number) }
  }

  private func scrub(_ number: UInt32) throws(LoadFault) {
    let bytes = try file.page(number)
    guard let page = try TreePage(bytes, number) else { return }
    let long = try page.copy(into: room.bytes)
    if !bytes.isSame(as: room.prefix(file.pageSize)) {
      try file.write(room.prefix(file.pageSize), as: number)
    }
    for value in long { try emptyTail(of: value) }
  }

  // MARK: Free pages

  /// - Returns: their numbers.
  private func emptyFreePages() throws(LoadFault) -> Set<UInt32> {
    var free: Set<UInt32> = []
    var trunk = try file.page(1).number(at: 32)
    while trunk != 0 {
      let page = try file.page(trunk)
      let (next, count) = (page.number(at: 0), Int(page.number(at: 4)))
      guard count <= file.pageSize / 4 - 2 else { throw PageFile.damaged(trunk) }
      let leaves = (0..<count).map { page.number(at: 8 + 4 * $0) }
      try keep(8 + 4 * count, of: trunk)
      for leaf in leaves { try keep(0, of: leaf) }
      for number in leaves + [trunk] {
        guard free.insert(number).inserted else { throw PageFile.damaged(number) }
      }
      trunk = next
    }
    return free
  }

  /// Empties a page but for its first bytes.
  private func keep(_ count: Int, of number: UInt32) throws(LoadFault) {
    let page = try file.page(number)
    guard page[count...].contains(where: { $0 != 0 }) else { return }
    room.bytes.initializeMemory(as: UInt8.self, repeating: 0)
    room.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: page[..<count]))
    try file.write(room.prefix(file.pageSize), as: number)
  }

  // MARK: Long values

  /// Empties what the last page of a value does not need.
  private func emptyTail(of value: TreePage.LongValue) throws(LoadFault) {
    var (number, bytes) = (value.firstPage, value.bytes)
    while bytes > file.pageSize - 4 {
      number = try file.page(number).number(at: 0)
      bytes -= file.pageSize - 4
    }
    try keep(4 + bytes, of: number)
  }
}
