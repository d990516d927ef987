internal import CSimdjson

/// Writes events back as JSON text, without white space.
struct JSONSpeller {
  let events: UnsafePointer<sj_event>
  private(set) var text: [UInt8] = []

  init(events: UnsafePointer<sj_event>) { self.events = events }

  /// Writes the value at `start` and gives the index after it.
  @discardableResult
  mutating func spell(_ start: Int) -> Int {
    let event = events[start]
    switch event.sort {
    case .null: add("null")
    case .false: add("false")
    case .true: add("true")
    case .integer: add(String(event.payload.integer))
    case .natural: add(String(event.payload.natural))
    case .real: add(event.payload.real.description)
    case .text, .key: quote(event)
    case .array: spellList(start, "[", "]")
    case .object: spellList(start, "{", "}")
    case .end: break
    }
    return event.sort == .array || event.sort == .object ? event.end + 1 : start + 1
  }

  private mutating func spellList(_ start: Int, _ open: String, _ close: String) {
    add(open)
    var at = start + 1
    while at < events[start].end {
      if at > start + 1 { add(",") }
      let isMember = events[at].sort == .key
      at = spell(at)
      if isMember {
        add(":")
        at = spell(at)
      }
    }
    add(close)
  }

  private mutating func quote(_ event: sj_event) {
    add("\"")
    let bytes = UnsafeRawBufferPointer(start: event.payload.bytes, count: Int(event.length))
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""): add("\\\"")
      case UInt8(ascii: "\\"): add("\\\\")
      case 0..<0x20:
        add("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: text.append(byte)
      }
    }
    add("\"")
  }

  private mutating func add(_ literal: String) { text.append(contentsOf: literal.utf8) }
}
