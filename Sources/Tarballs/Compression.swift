/// How a stream is compressed, told by its first bytes.
package enum Compression: String, Sendable, Hashable, CaseIterable {
  case none
  case gzip
  case zstd
  case xz
  case bzip2

  /// `start` are the first bytes of the stream: six decide.
  init(start: [UInt8]) {
    self =
      if start.starts(with: [0x1F, 0x8B]) {
        .gzip
      } else if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || Self.isSkippableFrame(start) {
        .zstd
      } else if start.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) {
        .xz
      } else if start.starts(with: "BZh".utf8), Self.isBlockOfBzip2(start.dropFirst(4)) {
        .bzip2
      } else {
        .none
      }
  }

  /// A block starts with the digits of pi, an empty stream ends with those of its square root.
  private static func isBlockOfBzip2(_ start: ArraySlice<UInt8>) -> Bool {
    start.starts(with: [0x31, 0x41]) || start.starts(with: [0x17, 0x72])
  }

  /// A zstd stream may begin with a frame that holds no data (RFC 8878, 3.1.2).
  private static func isSkippableFrame(_ start: [UInt8]) -> Bool {
    start.count >= 4 && start[0] & 0xF0 == 0x50 && start[1...3].elementsEqual([0x2A, 0x4D, 0x18])
  }
}

/// How files are packed in a stream, told by its first 512 bytes.
package enum Container: String, Sendable, Hashable, CaseIterable {
  /// One file, not packed.
  case single
  case tar
  case zip

  init(start: [UInt8]) {
    self =
      if start.starts(with: [0x50, 0x4B, 0x03, 0x04])
        || start.starts(with: [0x50, 0x4B, 0x05, 0x06])
      {
        .zip
      } else if Self.isTar(start) {
        .tar
      } else {
        .single
      }
  }

  /// The magic holds a NUL in both spellings, so no text can be taken for a tar; old tars have only
  /// their checksum.
  private static func isTar(_ start: [UInt8]) -> Bool {
    let magic = start.dropFirst(257).prefix(8)
    if magic.starts(with: "ustar\0".utf8) || magic.elementsEqual("ustar  \0".utf8) { return true }
    return start.count >= 512 && start[0] != 0 && checksum(start) == octal(start[148..<156])
  }

  /// The sum of the header's bytes, those of the checksum itself counted as spaces.
  private static func checksum(_ header: [UInt8]) -> Int {
    header[..<148].reduce(0) { $0 + Int($1) } + 8 * 0x20
      + header[156..<512].reduce(0) { $0 + Int($1) }
  }

  private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    guard !digits.isEmpty else { return nil }
    return digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
  }
}
