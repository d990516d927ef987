// Packing and unpacking, as streams.
//
// Everything that is compressed or packed passes here: libarchive does the formats (and zlib does
// gzip, because libarchive does not check gzip's checksum), this module bounds them and hears what
// they only mumble. Nothing here touches a file or keeps more than a few blocks in memory. It must
// never let a cut, damaged, padded or booby-trapped stream pass for a whole one, and never hand out
// an entry that is not a plain file with a plain relative name.

/// Gives the next bytes of a stream: fills the buffer (never empty) from its start and returns how
/// many bytes it put there, 0 at the end of the stream. What it throws comes out unchanged from
/// whatever reads from it.
package typealias ByteSource = (UnsafeMutableRawBufferPointer) throws -> Int

/// Feeds a byte source to a C library in large blocks, and remembers what went by.
///
/// Two buffers take turns, so that the last block and the one before it can be looked at when the
/// stream has ended.
@safe final class BlockFeed {
  static let blockSize = 128 * 1_024

  /// How many bytes were pulled from the source.
  private(set) var total: Int64 = 0
  /// How many bytes there were up to and with the last one that is not zero.
  private(set) var totalToLastNonZero: Int64 = 0
  /// Whether the source said that it has ended.
  private(set) var isAtEnd = false
  /// What the source threw, while a C library was in between.
  var thrown: (any Error)?

  private let source: ByteSource
  private let buffers: (UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer)
  private var usesFirst = false
  private var counts = (0, 0)

  init(_ source: @escaping ByteSource) {
    unsafe self.source = source
    unsafe buffers = (
      .allocate(byteCount: Self.blockSize, alignment: 4_096),
      .allocate(byteCount: Self.blockSize, alignment: 4_096)
    )
  }

  deinit {
    unsafe buffers.0.deallocate()
    unsafe buffers.1.deallocate()
  }

  /// The next block: full, except for the last one; empty at the end. It stays valid until the
  /// next call but one.
  func next() throws -> UnsafeRawBufferPointer {
    usesFirst.toggle()
    let buffer = unsafe usesFirst ? buffers.0 : buffers.1
    let count = unsafe try fill(buffer)
    if usesFirst { counts.0 = count } else { counts.1 = count }
    let block = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
    if let last = unsafe block.lastIndex(where: { $0 != 0 }) {
      totalToLastNonZero = total + Int64(last) + 1
    }
    total += Int64(count)
    return unsafe block
  }

  /// Pulls everything up to the end.
  func drain() throws {
    while unsafe !(try next()).isEmpty {}
  }

  /// The last bytes that went by: at least one block of them, if there were so many.
  var tail: [UInt8] {
    let first = unsafe buffers.0[..<counts.0]
    let second = unsafe buffers.1[..<counts.1]
    return unsafe usesFirst ? Array(second) + Array(first) : Array(first) + Array(second)
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count, !isAtEnd {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = unsafe try source(rest)
      guard (0...rest.count).contains(count) else {
        throw TarballFault(.misuse, "a byte source gave \(count) bytes where \(rest.count) fit")
      }
      isAtEnd = count == 0
      filled += count
    }
    return filled
  }
}
