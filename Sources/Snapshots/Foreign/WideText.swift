/// UTF-16, as spreadsheets call "Unicode text", made UTF-8.
struct WideText: Recoder {
  private let isLittle: Bool
  private let file: String
  private var half: UInt8?
  /// The first of two units that make one character.
  private var high: UInt16?

  /// Nil unless the text begins with a byte order mark of UTF-16.
  init?(_ start: ArraySlice<UInt8>, file: String) {
    guard let mark = Self.mark(start) else { return nil }
    isLittle = mark
    self.file = file
  }

  /// Whether the text is UTF-16 that does not say so: the bytes of ASCII alternate with zeros.
  static func isUnmarked(_ start: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(start.prefix(64))
    guard bytes.count >= 8, mark(start) == nil else { return false }
    let even = stride(from: 0, to: bytes.count - 1, by: 2).count { bytes[$0] == 0 }
    let odd = stride(from: 1, to: bytes.count, by: 2).count { bytes[$0] == 0 }
    let most = bytes.count / 2 - bytes.count / 8
    return (even >= most && odd == 0) || (odd >= most && even == 0)
  }

  private static func mark(_ start: ArraySlice<UInt8>) -> Bool? {
    if start.starts(with: [0xFF, 0xFE]) { return true }
    return start.starts(with: [0xFE, 0xFF]) ? false : nil
  }

  mutating func take(_ bytes: ArraySlice<UInt8>, into out: inout [UInt8]) throws {
    for byte in bytes {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      let unit =
        isLittle ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte)
      try take(unit, into: &out)
    }
  }

  private mutating func take(_ unit: UInt16, into out: inout [UInt8]) throws(SnapshotFault) {
    if let first = high {
      guard (0xDC00...0xDFFF).contains(unit) else { throw broken }
      high = nil
      let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
      return try add(value, to: &out)
    }
    switch unit {
    case 0xD800...0xDBFF: high = unit
    case 0xDC00...0xDFFF: throw broken
    default: try add(UInt32(unit), to: &out)
    }
  }

  private func add(_ value: UInt32, to out: inout [UInt8]) throws(SnapshotFault) {
    guard let scalar = Unicode.Scalar(value) else { throw broken }
    out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  mutating func end(into out: inout [UInt8]) throws {
    guard half == nil, high == nil else { throw broken }
  }

  private var broken: SnapshotFault {
    SnapshotFault(
      .notUTF8, "this begins as UTF-16, and is not UTF-16 throughout", at: SnapshotPlace(file))
  }
}
