/// Steps through the beginning of a JSON text, which may be cut anywhere: brackets, keys and values
/// in their order. It judges nothing; whoever needs to know whether this is JSON parses it.
struct JSONSteps {
  enum Step {
    case key(String)
    /// A bracket opens, with the place after it.
    case open(isObject: Bool)
    case close
    /// A text or another scalar, as it is written.
    case value(Range<Int>)
  }

  /// Where the next step is looked for.
  private(set) var next: Int
  private var isObject: [Bool] = []
  private var awaitsKey = false

  init(from start: Int = 0) { next = start }

  /// How many brackets are open.
  var depth: Int { isObject.count }

  /// The next step; nil where the text ends before it does, or is no JSON.
  mutating func step(_ text: UnsafeBufferPointer<UInt8>) -> Step? {
    while next < text.count, Self.isBetween(text[next]) { next += 1 }
    guard next < text.count else { return nil }
    switch text[next] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return open(text[next] == UInt8(ascii: "{"))
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      guard isObject.popLast() != nil else { return nil }
      next += 1
      endValue()
      return .close
    case UInt8(ascii: "\""): return string(text)
    default: return scalar(text)
    }
  }

  private mutating func open(_ object: Bool) -> Step {
    isObject.append(object)
    awaitsKey = object
    next += 1
    return .open(isObject: object)
  }

  private mutating func endValue() { awaitsKey = isObject.last ?? false }

  private mutating func string(_ text: UnsafeBufferPointer<UInt8>) -> Step? {
    var at = next + 1
    while at < text.count, text[at] != UInt8(ascii: "\"") {
      at += text[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard at < text.count else { return nil }
    let inside = next + 1..<at
    let whole = next..<at + 1
    next = at + 1
    guard awaitsKey else {
      endValue()
      return .value(whole)
    }
    awaitsKey = false
    return .key(String(decoding: text[inside], as: UTF8.self))
  }

  private mutating func scalar(_ text: UnsafeBufferPointer<UInt8>) -> Step? {
    var at = next
    while at < text.count, !Self.endsScalar(text[at]) { at += 1 }
    guard at < text.count else { return nil }
    defer {
      next = at
      endValue()
    }
    return .value(next..<at)
  }

  private static func isBetween(_ byte: UInt8) -> Bool {
    Blank.matches(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":")
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    isBetween(byte) || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
      || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "\"")
  }
}
