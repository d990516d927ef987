internal import XMLText

/// The texts of a workbook's cells, each once; cells name them by number.
struct SharedTexts {
  static let mostBytes = 128 << 20
  static let mostTexts = 4 << 20

  private var bytes: [UInt8] = []
  private var ends: [UInt32] = []

  /// - Throws: `tooLarge`, and what the stream throws.
  mutating func read(_ stream: XMLStream, file: String) throws {
    while let event = try stream.next() {
      guard case .start(let isEmpty) = event, stream.isNamed("si") else { continue }
      if !isEmpty { try RichText.append(stream, until: "si", to: &bytes) }
      guard bytes.count <= Self.mostBytes, ends.count < Self.mostTexts else {
        throw SnapshotFault(
          .tooLarge, "the workbook holds more text than \(Self.mostBytes) bytes",
          at: SnapshotPlace(file))
      }
      ends.append(UInt32(bytes.count))
    }
  }

  subscript(number: Int) -> ArraySlice<UInt8>? {
    guard ends.indices.contains(number) else { return nil }
    return bytes[(number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])]
  }
}

/// A text that may be of several fonts: `<t>` within `<si>` or `<is>`, without what says how it is
/// pronounced.
enum RichText {
  static func append(
    _ stream: XMLStream, until end: StaticString, to bytes: inout [UInt8]
  ) throws {
    var text: [UInt8] = []
    var (isText, isSpoken) = (false, false)
    while let event = try stream.next() {
      switch event {
      case .start(let isEmpty):
        if isEmpty { continue }
        if stream.isNamed("t") { isText = true }
        if stream.isNamed("rPh") { isSpoken = true }
      case .text where isText && !isSpoken: stream.appendText(to: &text)
      case .text: continue
      case .end:
        if stream.isNamed("t") { isText = false }
        if stream.isNamed("rPh") { isSpoken = false }
        guard stream.isNamed(end) else { continue }
        bytes += unescaped(text)
        return
      }
    }
  }

  /// `_x000D_` is the character of that number (ECMA-376, part 1, 22.9.2.19).
  private static func unescaped(_ text: [UInt8]) -> [UInt8] {
    guard text[...].holds("_x") else { return text }
    var plain: [UInt8] = []
    var at = 0
    while at < text.count {
      if let scalar = escape(text[at...]) {
        plain += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        at += 7
      } else {
        plain.append(text[at])
        at += 1
      }
    }
    return plain
  }

  private static func escape(_ text: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let mark = Array(text.prefix(7))
    guard mark.count == 7, mark.starts(with: "_x".utf8), mark[6] == UInt8(ascii: "_"),
      let value = UInt32(String(decoding: mark[2..<6], as: UTF8.self), radix: 16)
    else { return nil }
    return Unicode.Scalar(value)
  }
}
