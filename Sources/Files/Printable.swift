/// Names from outside, made safe to print: a terminal, a log line and a verdict may show them.
///
/// Printable ASCII stands for itself, every other byte (control codes, bidirectional marks,
/// look-alike letters, what is not UTF-8) is written `\xNN`, so that two different names never
/// look the same.
package enum Printable {
  private static let longest = 300

  /// `text` in double quotes, escaped.
  package static func quoted(_ text: String) -> String { quoted(utf8: text.utf8) }

  /// `bytes` in double quotes, escaped.
  package static func quoted(utf8 bytes: some Sequence<UInt8>) -> String {
    "\"\(escaped(utf8: bytes))\""
  }

  /// `bytes` escaped, without quotes; cut with an ellipsis after 300 bytes.
  package static func escaped(utf8 bytes: some Sequence<UInt8>) -> String {
    var out = ""
    for (count, byte) in bytes.enumerated() {
      guard count < longest else { return out + "..." }
      out += escaped(byte)
    }
    return out
  }

  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\\(Unicode.Scalar(byte))"
    case 0x20...0x7E: String(Unicode.Scalar(byte))
    default: "\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
    }
  }
}
