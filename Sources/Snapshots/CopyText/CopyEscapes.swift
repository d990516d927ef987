/// The backslashes of PostgreSQL's text format ("COPY", section "Text Format").
enum CopyEscapes {
  static let backslash = UInt8(ascii: "\\")

  /// Whether a cell is `\N`, which is NULL.
  @inline(__always) static func isNull(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    count == 2 && text[0] == backslash && text[1] == UInt8(ascii: "N")
  }

  /// Takes the escapes of a cell away, in place, and gives its new length.
  static func resolve(_ text: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    var (at, kept) = (0, 0)
    while at < count {
      if text[at] == backslash, at + 1 < count {
        let (byte, used) = meaning(text + at + 1, count - at - 1)
        text[kept] = byte
        at += 1 + used
      } else {
        text[kept] = text[at]
        at += 1
      }
      kept += 1
    }
    // What is left over must be text as well.
    for rest in kept..<count { text[rest] = 0x20 }
    return kept
  }

  /// What stands behind a backslash: the byte that is meant, and how many bytes say so.
  private static func meaning(
    _ text: UnsafeMutablePointer<UInt8>, _ count: Int
  ) -> (byte: UInt8, used: Int) {
    switch text[0] {
    case UInt8(ascii: "b"): (0x08, 1)
    case UInt8(ascii: "f"): (0x0C, 1)
    case UInt8(ascii: "n"): (0x0A, 1)
    case UInt8(ascii: "r"): (0x0D, 1)
    case UInt8(ascii: "t"): (0x09, 1)
    case UInt8(ascii: "v"): (0x0B, 1)
    case UInt8(ascii: "0")...UInt8(ascii: "7"): number(text, min(count, 3), base: 8, from: 0)
    case UInt8(ascii: "x") where count > 1 && digit(text[1], 16) != nil:
      number(text, min(count, 3), base: 16, from: 1)
    default: (text[0], 1)
    }
  }

  private static func number(
    _ text: UnsafeMutablePointer<UInt8>, _ end: Int, base: Int, from start: Int
  ) -> (byte: UInt8, used: Int) {
    var (value, at) = (0, start)
    while at < end, let digit = digit(text[at], base) {
      value = value * base + digit
      at += 1
    }
    return (UInt8(truncatingIfNeeded: value), at)
  }

  private static func digit(_ byte: UInt8, _ base: Int) -> Int? {
    let value =
      switch byte {
      case 0x30...0x39: Int(byte) - 0x30
      case 0x41...0x46, 0x61...0x66: Int(byte | 0x20) - 0x61 + 10
      default: base
      }
    return value < base ? value : nil
  }
}
