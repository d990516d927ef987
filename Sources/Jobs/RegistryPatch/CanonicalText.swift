/// Text in canonical JSON, as it passes through: the same bytes that `JSON.canonical()` makes.
enum CanonicalText {
  /// Appends the inside of a JSON string.
  static func escape(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
    var (start, index) = (0, 0)
    while index < text.count {
      let (length, code) = steering(text, at: index)
      guard let code else {
        index += length
        continue
      }
      out.append(contentsOf: text[start..<index])
      append(code, to: &out)
      index += length
      start = index
    }
    out.append(contentsOf: text[start...])
  }

  /// The code of a character that must not stand for itself, and how many bytes to go on.
  private static func steering(
    _ text: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (length: Int, code: Int?) {
    func byte(_ offset: Int) -> Int { index + offset < text.count ? Int(text[index + offset]) : 0 }
    switch byte(0) {
    case 0x22, 0x5C, 0..<0x20, 0x7F: return (1, byte(0))
    case 0xC2 where (0x80...0x9F).contains(byte(1)): return (2, byte(1))
    case 0xD8 where byte(1) == 0x9C: return (2, 0x061C)
    case 0xE2, 0xEF:
      let code = (byte(0) & 15) << 12 | (byte(1) & 63) << 6 | byte(2) & 63
      switch code {
      case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: return (3, code)
      default: return (1, nil)
      }
    default: return (1, nil)
    }
  }

  private static func append(_ code: Int, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\\"))
    switch code {
    case 0x22, 0x5C: out.append(UInt8(code))
    case 0x0A: out.append(UInt8(ascii: "n"))
    case 0x0D: out.append(UInt8(ascii: "r"))
    case 0x09: out.append(UInt8(ascii: "t"))
    default:
      let hex = String(code, radix: 16)
      out += "u\(String(repeating: "0", count: 4 - hex.utf8.count))\(hex)".utf8
    }
  }
}
