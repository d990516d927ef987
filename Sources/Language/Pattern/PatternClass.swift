/// Sets of characters: `[0-9A-F]`, `\d`.
enum PatternClass {
  /// What stands behind a `[`, to its `]`.
  static func parse(
    _ text: [Unicode.Scalar], _ at: inout Int
  ) throws(PatternParser.Problem) -> ASCIISet {
    var set = ASCIISet()
    let isInverted = at < text.count && text[at] == "^"
    if isInverted { at += 1 }
    let first = at
    while at < text.count, text[at] != "]" || at == first {
      let (members, single) = try member(text, &at)
      if at + 1 < text.count, text[at] == "-", text[at + 1] != "]" {
        at += 1
        guard let low = single, let high = try member(text, &at).single, low <= high else {
          throw PatternParser.Problem(reason: "a range in [ ] with an end that is none")
        }
        if low < 128 { for value in low...min(high, 127) { set.insert(UInt8(value)) } }
      } else {
        set.formUnion(members)
      }
    }
    guard at < text.count else { throw PatternParser.Problem(reason: "a [ without its ]") }
    at += 1
    return isInverted ? set.inverted : set
  }

  /// A character or an escape; its number, if it is one character.
  private static func member(
    _ text: [Unicode.Scalar], _ at: inout Int
  ) throws(PatternParser.Problem) -> (set: ASCIISet, single: UInt32?) {
    let scalar = text[at]
    at += 1
    guard scalar == "\\" else { return (only(scalar.value), scalar.value) }
    // Within a class it is a backspace.
    if at < text.count, text[at] == "b" {
      at += 1
      return (only(8), 8)
    }
    if let value = try character(text, &at) { return (only(value), value) }
    return (try escape(text, &at), nil)
  }

  /// What stands behind a `\`: a class, or one character.
  static func escape(
    _ text: [Unicode.Scalar], _ at: inout Int
  ) throws(PatternParser.Problem) -> ASCIISet {
    if let value = try character(text, &at) { return only(value) }
    guard at < text.count else { throw PatternParser.Problem(reason: "a \\ at the end") }
    let scalar = text[at]
    at += 1
    switch scalar {
    case "d": return .digit
    case "D": return ASCIISet.digit.inverted
    case "w": return .word
    case "W": return ASCIISet.word.inverted
    case "s": return .blank
    case "S": return ASCIISet.blank.inverted
    default: throw PatternParser.Problem(reason: "\\\(scalar)")
    }
  }

  /// The one character that an escape stands for; nil and nothing taken for others.
  private static func character(
    _ text: [Unicode.Scalar], _ at: inout Int
  ) throws(PatternParser.Problem) -> UInt32? {
    guard at < text.count else { return nil }
    let scalar = text[at]
    let controls: [Unicode.Scalar: UInt32] = [
      "a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11,
    ]
    let digits = ["x": 2, "u": 4, "U": 8] as [Unicode.Scalar: Int]
    if let value = controls[scalar] {
      at += 1
      return value
    }
    if let count = digits[scalar] {
      let hex = text[(at + 1)...].prefix(count)
      let value = UInt32(String(String.UnicodeScalarView(hex)), radix: 16)
      guard hex.count == count, let value else {
        throw PatternParser.Problem(reason: "\\\(scalar) without \(count) digits")
      }
      at += 1 + count
      return value
    }
    let isWord = scalar.isASCII && ASCIISet.word.contains(UInt8(scalar.value)) && scalar != "_"
    guard !isWord else { return nil }
    at += 1
    return scalar.value
  }

  private static func only(_ value: UInt32) -> ASCIISet {
    value < 128 ? ASCIISet(UInt8(value)...UInt8(value)) : ASCIISet()
  }
}
