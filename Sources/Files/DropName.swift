/// A name that a drop may bear: letters and digits of ASCII, `.`, `_` and `-`, at most 200 bytes,
/// no dash or dot at its edges, and none of the device names of Windows.
///
/// The bound leaves room for what we put around it within the 255 bytes of a file name:
/// `.verdict.json`, a claim's number, and the dot, token and `.tmp` of a file being written.
package struct DropName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The longest name, in bytes.
  package static let longest = 200

  package let text: String

  /// The same as a name inside a folder.
  package let entry: EntryName

  /// Throws `badName`, with the reason, for a name that no drop may bear.
  package init(_ entry: EntryName) throws(FileFault) {
    let bytes = entry.bytes
    if let reason = Self.refusal(of: bytes) {
      throw FileFault(.badName, "the name \(Printable.quoted(utf8: bytes)) \(reason)")
    }
    self.entry = entry
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// The same, from text.
  package init(_ text: some StringProtocol) throws(FileFault) {
    try self.init(EntryName(text))
  }

  package var description: String { text }

  package static func < (a: DropName, b: DropName) -> Bool { a.text < b.text }

  /// Why a drop cannot bear this name; `nil` when it can.
  private static func refusal(of name: [UInt8]) -> String? {
    if let at = name.firstIndex(where: { !isAllowed($0) }) {
      return
        "holds a character that is not a letter, digit, dot, underscore or dash (byte \(at + 1))"
    }
    if name.count > longest { return "is longer than \(longest) bytes" }
    if name.first == UInt8(ascii: "-") { return "starts with a dash" }
    if name.first == UInt8(ascii: ".") { return "starts with a dot" }
    if name.last == UInt8(ascii: ".") { return "ends with a dot" }
    return isDeviceOfWindows(name) ? "is the name of a device on Windows" : nil
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func isDeviceOfWindows(_ name: [UInt8]) -> Bool {
    let stem = String(decoding: name.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self).lowercased()
    if ["con", "prn", "aux", "nul"].contains(stem) { return true }
    return stem.count == 4 && (stem.hasPrefix("com") || stem.hasPrefix("lpt"))
      && stem.last?.isNumber == true
  }
}
