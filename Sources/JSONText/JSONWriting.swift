extension JSON {
  /// The one way to write this value: members sorted by the bytes of their keys, no white space,
  /// UTF-8, only `"`, `\` and control characters escaped (RFC 8785 without its floating-point
  /// rule). A `double` has no canonical form here: headers hold integers and text only.
  package func canonical() -> [UInt8] {
    var out = JSONBytes()
    out.write(self, style: .canonical)
    return out.bytes
  }

  /// For people: two spaces a level, members in their own order, a newline at the end.
  package func pretty() -> String {
    var out = JSONBytes()
    out.write(self, style: .pretty(level: 0))
    return String(decoding: out.bytes, as: UTF8.self) + "\n"
  }

  /// One line, members in their own order, no newline.
  package func line() -> String {
    var out = JSONBytes()
    out.write(self, style: .line)
    return String(decoding: out.bytes, as: UTF8.self)
  }
}

/// Bytes of JSON text in the making.
package struct JSONBytes: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  fileprivate enum Style {
    case canonical, line
    case pretty(level: Int)

    var deeper: Style {
      if case .pretty(let level) = self { .pretty(level: level + 1) } else { self }
    }
  }

  fileprivate mutating func write(_ value: JSON, style: Style) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .int(let number): append(String(number))
    case .double(let number): append(number.description)
    case .string(let text): quote(text)
    case .array(let elements):
      list("[", "]", elements, style) { $0.write($1, style: style.deeper) }
    case .object(let members):
      list("{", "}", ordered(members, style), style) { out, member in
        out.quote(member.key)
        if case .canonical = style { out.append(":") } else { out.append(": ") }
        out.write(member.value, style: style.deeper)
      }
    }
  }

  private func ordered(_ members: [JSON.Member], _ style: Style) -> [JSON.Member] {
    guard case .canonical = style else { return members }
    return members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  private mutating func list<Item>(
    _ open: String, _ close: String, _ items: [Item], _ style: Style,
    each: (inout JSONBytes, Item) -> Void
  ) {
    append(open)
    for (index, item) in items.enumerated() {
      if index > 0 { append(",") }
      separate(style.deeper, first: index == 0)
      each(&self, item)
    }
    if !items.isEmpty { separate(style, first: true) }
    append(close)
  }

  private mutating func separate(_ style: Style, first: Bool) {
    switch style {
    case .canonical: break
    case .line: if !first { append(" ") }
    case .pretty(let level): append("\n" + String(repeating: "  ", count: level))
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Writes a string literal. Control characters, DEL and the C1 set are escaped, so that the text
  /// is safe on a terminal; everything else is UTF-8 as it is.
  private mutating func quote(_ text: String) {
    append("\"")
    // Most text needs no escape, and some documents hold a million such texts.
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }) {
      return append(text + "\"")
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || JSONBytes.turnsText(scalar):
        let hex = String(scalar.value, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
      default: bytes.append(contentsOf: scalar.utf8)
      }
    }
    append("\"")
  }

  /// Bidirectional controls and line separators, which can make text read as what it is not.
  private static func turnsText(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
