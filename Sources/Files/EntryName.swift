/// One name inside a folder: any bytes that the kernel allows, but never a path, `.` or `..`.
///
/// Everything that `Folder` does takes one of these, so that no name from outside can lead out of
/// the folder. A literal is a name of ours and must be sound.
package struct EntryName: Hashable, Sendable {
  /// The longest name that Linux file systems store, in bytes.
  package static let longest = 255

  /// The bytes with a NUL behind them, as system calls want them.
  let cString: [CChar]

  /// Takes a name as text; throws `badName` for a path, a NUL, `.`, `..`, and what is empty or too
  /// long.
  package init(_ text: some StringProtocol) throws(FileFault) {
    try self.init(utf8: text.utf8)
  }

  /// Takes a name as bytes, under the same rules.
  package init(utf8 bytes: some Sequence<UInt8>) throws(FileFault) {
    let name = Array(bytes)
    if let reason = Self.refusal(of: name) {
      throw FileFault(.badName, "\(Printable.quoted(utf8: name)) \(reason)")
    }
    cString = name.map { CChar(bitPattern: $0) } + [0]
  }

  /// A name as readdir(3) gives it.
  init(terminated cString: [CChar]) { self.cString = cString }

  private static func refusal(of name: [UInt8]) -> String? {
    if name.isEmpty { return "is an empty name" }
    if name.count > longest { return "is longer than \(longest) bytes" }
    if name == Array(".".utf8) || name == Array("..".utf8) { return "is not a name" }
    if name.contains(UInt8(ascii: "/")) { return "is a path, not a name" }
    return name.contains(0) ? "holds a NUL byte" : nil
  }

  /// The bytes of the name.
  package var bytes: [UInt8] { cString.dropLast().map { UInt8(bitPattern: $0) } }

  /// The name as text, if it is UTF-8.
  package var text: String? { String(validating: bytes, as: UTF8.self) }

  /// This name with `suffix` behind it; throws `badName` if that is too long.
  package func appending(_ suffix: String) throws(FileFault) -> EntryName {
    try EntryName(utf8: bytes + Array(suffix.utf8))
  }

  /// Whether the name ends so, upper and lower case of ASCII being alike.
  package func hasSuffix(_ suffix: String) -> Bool {
    // Asked of every name of an inbox at each look: nothing is copied.
    var at = cString.count - 1 - suffix.utf8.count
    guard at >= 0 else { return false }
    for letter in suffix.utf8 {
      guard lowered(UInt8(bitPattern: cString[at])) == lowered(letter) else { return false }
      at += 1
    }
    return true
  }

  /// Whether a file of this name is still on its way up, or none of our business: dot files, what
  /// programs call an unfinished transfer (`UploadNames`), and what systems leave in shared folders.
  /// Such files are left alone.
  package var isUpload: Bool {
    switch cString.first.map(UInt8.init(bitPattern:)) {
    case UInt8(ascii: "."): true
    case UInt8(ascii: "~"): cString.dropFirst().first == CChar(UInt8(ascii: "$"))
    default: UploadNames.endings.contains(where: hasSuffix) || isLeftBySystems
    }
  }

  private var isLeftBySystems: Bool {
    UploadNames.leftBySystems.contains { cString.count - 1 == $0.utf8.count && hasSuffix($0) }
  }
}

private func lowered(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

extension EntryName: ExpressibleByStringLiteral, CustomStringConvertible, Comparable {
  package init(stringLiteral literal: String) {
    let name = Array(literal.utf8)
    precondition(Self.refusal(of: name) == nil, "a name in the source is not a name")
    cString = name.map { CChar(bitPattern: $0) } + [0]
  }

  /// The name, escaped so that it may be printed anywhere.
  package var description: String { Printable.escaped(utf8: bytes) }

  /// Orders by bytes.
  package static func < (a: EntryName, b: EntryName) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }
}
