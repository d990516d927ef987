package import Faults

internal import CSimdjson

/// A value and where it stands.
package struct JSONNode: Sendable {
  package enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSONNode])
    case object([JSONMember])
  }

  package let value: Value
  /// Bytes from the start of the text.
  package let offset: Int

  package init(_ value: Value, offset: Int) {
    self.value = value
    self.offset = offset
  }

  /// The value without its place.
  package var json: JSON {
    switch value {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .double(let number): .double(number)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.json))
    case .object(let members): .object(members.map { JSON.Member($0.key, $0.node.json) })
    }
  }
}

package struct JSONMember: Sendable {
  package let key: String
  package let keyOffset: Int
  package let node: JSONNode
}

/// Line and column, both from 1; the column counts Unicode scalars.
package struct TextPosition: Sendable, Hashable, CustomStringConvertible {
  package let line: Int
  package let column: Int
  /// Within a string that holds JSON of its own: where in that text.
  package private(set) var inside: FaultPlace.Inside?

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package var description: String {
    let outer = "line \(line), column \(column)"
    guard let inside else { return outer }
    return "\(outer), in that text line \(inside.line), column \(inside.column)"
  }

  /// This place of a file, and within the text that begins there another.
  func holding(_ inner: TextPosition) -> TextPosition {
    var place = self
    place.inside = FaultPlace.Inside(line: inner.line, column: inner.column)
    return place
  }

  /// For a fault here.
  package func place(pointer: String) -> FaultPlace {
    FaultPlace(line: line, column: column, pointer: pointer, inside: inside)
  }

  /// The position of a byte of UTF-8 text.
  package init(of offset: Int, in text: [UInt8]) {
    let before = text.prefix(offset)
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    line = before.count { $0 == 0x0A } + 1
    column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
  }
}

/// What a document may cost.
package struct JSONLimits: Sendable {
  package var bytes: Int
  package var depth: Int

  package init(bytes: Int = 16 << 20, depth: Int = 64) {
    self.bytes = bytes
    self.depth = depth
  }
}

/// A parsed text: the root, and the means to say where anything stands.
package struct JSONDocument: Sendable {
  package let root: JSONNode
  package let text: [UInt8]
  /// Where the string stands whose text this is; nil for a document of its own.
  private let host: TextPosition?

  /// Parses exactly one JSON value in UTF-8; a byte order mark at the start is passed over.
  /// - Throws: `JSONFault` for anything that is not strict JSON within the limits, and for a key
  ///   that stands twice in one object, however it is escaped.
  package init(parsing text: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFault) {
    guard text.count <= limits.bytes else {
      throw JSONFault(.tooLarge, "the document is larger than \(limits.bytes) bytes", nil)
    }
    let mark = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.text = text
    host = nil
    root = try JSONBuilder.build(text, from: mark, depth: limits.depth)
  }

  package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONFault) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }

  /// Parses the JSON inside a string, as Odoo stores domains and lists. Everything in it is placed at
  /// the string, with line and column within.
  /// - Throws: what `init(parsing:limits:)` does, as a fault of the outer document.
  package init(inside string: JSONCursor, limits: JSONLimits = JSONLimits()) throws(DocumentFault) {
    text = Array(try string.string().utf8)
    let host = string.position
    self.host = host
    do throws(JSONFault) {
      guard text.count <= limits.bytes else {
        throw JSONFault(.tooLarge, "larger than \(limits.bytes) bytes", nil)
      }
      root = try JSONBuilder.build(text, from: 0, depth: limits.depth)
    } catch {
      throw DocumentFault(
        code: error.code, fact: "the JSON in this text: \(error.fact)", pointer: string.pointer,
        position: error.position.map(host.holding) ?? host, hint: error.hint)
    }
  }

  /// Whether this is the text of a string of another document.
  var isInside: Bool { host != nil }

  package func position(of offset: Int) -> TextPosition {
    let position = TextPosition(of: offset, in: text)
    return host?.holding(position) ?? position
  }
}

/// Text that is not the JSON that we take.
package struct JSONFault: Fault {
  package enum Kind: String, Sendable {
    case syntax = "json_syntax"
    case encoding = "json_not_utf8"
    case text = "json_bad_string"
    case number = "json_bad_number"
    case depth = "json_too_deep"
    case trailing = "json_trailing_data"
    case empty = "json_empty"
    case duplicateKey = "json_duplicate_key"
    case tooLarge = "json_too_large"
    case memory = "out_of_memory"
  }

  package let kind: Kind
  package let fact: String
  package let position: TextPosition?

  package init(_ kind: Kind, _ fact: String, _ position: TextPosition?) {
    self.kind = kind
    self.fact = fact
    self.position = position
  }

  package var code: String { kind.rawValue }
  package var message: String { position.map { "\($0): \(fact)" } ?? fact }
  package var hint: String? {
    switch kind {
    case .syntax: "look just before this place for a missing or surplus comma, quote or bracket"
    case .encoding: "save the file as UTF-8"
    case .duplicateKey: "keep one of the two"
    case .number: "numbers must fit 64 bits; write longer ones as text, in quotes"
    default: nil
    }
  }
  package var place: FaultPlace? {
    position.map { FaultPlace(line: $0.line, column: $0.column) }
  }
  package var blame: Blame { kind == .memory ? .environment : .input }
}
