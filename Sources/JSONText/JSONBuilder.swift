internal import CSimdjson

/// Turns simdjson's events into nodes. Lives no longer than the parser that owns the events.
@safe struct JSONBuilder {
  private let events: UnsafeBufferPointer<sj_event>
  private let text: [UInt8]
  private let base: Int
  private var next = 0

  static func build(_ text: [UInt8], from base: Int, depth: Int) throws(JSONFault) -> JSONNode {
    guard let parser = unsafe sj_parser_new() else {
      throw JSONFault(.memory, "out of memory", nil)
    }
    defer { unsafe sj_parser_free(parser) }
    let padded = text[base...] + [UInt8](repeating: 0, count: sj_padding())
    let outcome = unsafe padded.withUnsafeBytes { raw in
      unsafe sj_append_located(
        parser, raw.baseAddress, text.count - base, UInt32(clamping: depth))
    }
    if outcome.fault != SJ_OK.rawValue {
      throw fault(outcome, at: TextPosition(of: base + Int(outcome.offset), in: text), depth: depth)
    }
    var count = 0
    let start = unsafe sj_events(parser, &count)
    var builder = unsafe JSONBuilder(
      events: UnsafeBufferPointer(start: start, count: count), text: text, base: base)
    return try builder.node()
  }

  private init(events: UnsafeBufferPointer<sj_event>, text: [UInt8], base: Int) {
    unsafe self.events = unsafe events
    self.text = text
    self.base = base
  }

  private mutating func node() throws(JSONFault) -> JSONNode {
    let event = unsafe events[next]
    let offset = unsafe base + Int(event.offset)
    next += 1
    switch unsafe sj_kind(UInt32(event.kind)) {
    case SJ_FALSE: return JSONNode(.bool(false), offset: offset)
    case SJ_TRUE: return JSONNode(.bool(true), offset: offset)
    case SJ_INT: return unsafe JSONNode(.int(event.payload.integer), offset: offset)
    case SJ_UINT:
      throw JSONFault(.number, "this number does not fit 64 bits", position(offset))
    case SJ_DOUBLE: return unsafe JSONNode(.double(event.payload.real), offset: offset)
    case SJ_STRING: return unsafe JSONNode(.string(string(event)), offset: offset)
    case SJ_ARRAY: return JSONNode(.array(try elements()), offset: offset)
    case SJ_OBJECT: return JSONNode(.object(try members()), offset: offset)
    default: return JSONNode(.null, offset: offset)
    }
  }

  private mutating func elements() throws(JSONFault) -> [JSONNode] {
    var elements: [JSONNode] = []
    while !atEnd() { elements.append(try node()) }
    next += 1
    return elements
  }

  private mutating func members() throws(JSONFault) -> [JSONMember] {
    var members: [JSONMember] = []
    var seen: Set<String> = []
    while !atEnd() {
      let event = unsafe events[next]
      next += 1
      let key = unsafe string(event)
      let offset = unsafe base + Int(event.offset)
      guard seen.insert(key).inserted else {
        throw JSONFault(.duplicateKey, "a key stands twice in one object", position(offset))
      }
      members.append(JSONMember(key: key, keyOffset: offset, node: try node()))
    }
    next += 1
    return members
  }

  private func atEnd() -> Bool { unsafe events[next].kind == UInt8(SJ_END.rawValue) }

  private func position(_ offset: Int) -> TextPosition { TextPosition(of: offset, in: text) }

  private func string(_ event: sj_event) -> String {
    let bytes = unsafe UnsafeRawBufferPointer(start: event.payload.bytes, count: Int(event.length))
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  private static func fault(
    _ outcome: sj_outcome, at position: TextPosition, depth: Int
  ) -> JSONFault {
    switch sj_fault(UInt32(outcome.fault)) {
    case SJ_UTF8: JSONFault(.encoding, "this is not UTF-8", position)
    case SJ_BAD_STRING:
      JSONFault(.text, "a string with a bad escape or a raw control character", position)
    case SJ_BAD_NUMBER: JSONFault(.number, "a number that is malformed or does not fit", position)
    case SJ_TOO_DEEP: JSONFault(.depth, "nested deeper than \(depth) levels", position)
    case SJ_TRAILING: JSONFault(.trailing, "more text after the end of the document", position)
    case SJ_EMPTY: JSONFault(.empty, "nothing here", nil)
    case SJ_MEMORY: JSONFault(.memory, "out of memory", nil)
    default: JSONFault(.syntax, "this is not JSON", position)
    }
  }
}
