/// The first bytes of a zstd frame (RFC 8878, 3.1.1), looked at before libzstd sees one of them.
enum ZstdFrameHead {
  /// Magic, descriptor, and 8 bytes of content size.
  static let longest = 13
  /// 128 MiB: how much of what it unpacked a reader must remember.
  static let largestWindow: UInt64 = 1 << 27

  /// - Parameter start: the first `longest` bytes of the stream, or all of them.
  /// - Throws: `corrupt` for what is no frame, or a skippable one, for a frame that names a dictionary
  ///   or sets a bit that means nothing, and for one whose window is too large.
  static func check(_ start: [UInt8]) throws(TarballFault) {
    guard start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]), start.count >= 6 else {
      throw TarballFault(.corrupt, "the archive is not compressed with zstd")
    }
    guard start[4] & 0b0001_1011 == 0 else {
      throw TarballFault(.corrupt, "the zstd frame wants what no frame of ours wants")
    }
    guard let window = window(start), window <= largestWindow else {
      throw TarballFault(.corrupt, "the zstd frame has a window of more than 128 MiB")
    }
  }

  /// A frame of a single segment has the window of its content; nil when its head is cut.
  private static func window(_ start: [UInt8]) -> UInt64? {
    guard start[4] & 0b0010_0000 != 0 else {
      let base = UInt64(1) << (10 + start[5] >> 3)
      return base + base / 8 * UInt64(start[5] & 7)
    }
    let field = start.dropFirst(5).prefix(1 << (start[4] >> 6))
    guard field.count == 1 << (start[4] >> 6) else { return nil }
    let number = field.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return field.count == 2 ? number + 256 : number
  }
}
