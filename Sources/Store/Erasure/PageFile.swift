internal import Glibc
internal import Secrets

/// The pages of an SQLite file as they lie in it.
final class PageFile {
  let pageSize: Int
  /// At least 1.
  let pageCount: UInt32
  private let descriptor: Int32
  private let room: ChunkBuffer

  /// - Parameter descriptor: to be read and written, and not closed before this goes.
  /// - Throws: `damaged` for a file that is none of ours.
  init(_ descriptor: Int32) throws(LoadFault) {
    self.descriptor = descriptor
    let head = ChunkBuffer(count: 100)
    try Self.read(descriptor, at: 0, of: 1, into: head.bytes)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw LoadFault(cannot: "read", errno: errno) }
    let (size, bytes) = (Int(status.st_size), head.prefix(100))
    // 65536 is written as 1 (section 1.3.2).
    pageSize = bytes.short(at: 16) == 1 ? 65_536 : bytes.short(at: 16)
    // A count of 2^24 and more would not fit `TreePage`; nothing is reserved at a page's end.
    guard pageSize >= 512, pageSize.nonzeroBitCount == 1, size.isMultiple(of: pageSize),
      size / pageSize < 1 << 24, bytes[20] == 0, Int(bytes.number(at: 28)) == size / pageSize
    else { throw Self.damaged(1) }
    pageCount = UInt32(size / pageSize)
    room = ChunkBuffer(count: pageSize)
  }

  /// A page by a number that may stand in the file; good until the next one is asked for.
  /// - Throws: `damaged` if there is none of that number, or it cannot be read.
  func page(_ number: UInt32) throws(LoadFault) -> UnsafeRawBufferPointer {
    guard number >= 1, number <= pageCount else { throw Self.damaged(number) }
    try Self.read(descriptor, at: (Int(number) - 1) * pageSize, of: number, into: room.bytes)
    return room.prefix(pageSize)
  }

  private static func read(
    _ descriptor: Int32, at place: Int, of number: UInt32,
    into room: UnsafeMutableRawBufferPointer
  ) throws(LoadFault) {
    let count = pread(descriptor, room.baseAddress, room.count, off_t(place))
    guard count >= 0 else { throw LoadFault(cannot: "read", errno: errno) }
    guard count == room.count else { throw damaged(number) }
  }

  /// - Throws: `disk_full`, `damaged`.
  func write(_ page: UnsafeRawBufferPointer, as number: UInt32) throws(LoadFault) {
    let place = (Int(number) - 1) * pageSize
    let written = pwrite(descriptor, page.baseAddress, pageSize, off_t(place))
    guard written == pageSize else {
      throw LoadFault(cannot: "write", errno: written < 0 ? errno : ENOSPC)
    }
  }

  static func damaged(_ number: UInt32) -> LoadFault {
    LoadFault(.damaged, "page \(number) of the snapshot's file is not as SQLite writes them")
  }
}
