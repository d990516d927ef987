/// Reads an expression as Python's `re` reads it.
struct PatternParser {
  /// What is not understood, or is no expression.
  struct Problem: Error, Equatable {
    let reason: String
  }

  private static let mostScalars = 1_000
  private static let deepest = 50
  private static let mostTimes = 1_000

  private let text: [Unicode.Scalar]
  private var at = 0
  private var depth = 0
  private var isAhead = false
  private var ignoresCase = false

  private init(_ text: String) { self.text = Array(text.unicodeScalars) }

  static func parse(_ text: String) throws(Problem) -> PatternNode {
    var parser = PatternParser(text)
    guard parser.text.count <= mostScalars else {
      throw Problem(reason: "it is longer than \(mostScalars) characters")
    }
    try parser.takeFlags()
    let node = try parser.choice()
    guard parser.at == parser.text.count else { throw Problem(reason: "a ) that closes nothing") }
    return node
  }

  /// `(?i)` and the like, at the start only.
  private mutating func takeFlags() throws(Problem) {
    guard take("(?") else { return }
    let start = at
    while let next, "aimsu".unicodeScalars.contains(next) {
      if next == "i" { ignoresCase = true }
      at += 1
    }
    if at > start, take(")") { return }
    (at, ignoresCase) = (0, false)
  }

  private mutating func choice() throws(Problem) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw Problem(reason: "groups within groups, too deep") }
    var ways = [try sequence()]
    while take("|") { ways.append(try sequence()) }
    return ways.count == 1 ? ways[0] : .choice(ways)
  }

  private mutating func sequence() throws(Problem) -> PatternNode {
    var parts: [PatternNode] = []
    while let next, next != "|", next != ")" {
      guard let part = try atom() else { continue }
      parts.append(try repeated(part))
    }
    return .sequence(parts)
  }

  /// Nil for a comment.
  private mutating func atom() throws(Problem) -> PatternNode? {
    let scalar = text[at]
    at += 1
    switch scalar {
    case "^": return .start
    case "$": return .end
    case ".": return .set(.any)
    case "[": return .set(cased(try PatternClass.parse(text, &at)))
    case "(": return try group()
    case "\\": return try escape()
    case "*", "+", "?": throw Problem(reason: "nothing stands before \(scalar)")
    case "{":
      at -= 1
      guard try times() == nil else { throw Problem(reason: "nothing stands before a {") }
      at += 1
      return try literal(scalar)
    default: return try literal(scalar)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) throws(Problem) -> PatternNode {
    guard scalar.isASCII else {
      // Python knows letters of other alphabets that are a or k in other clothes.
      guard !ignoresCase else { throw Problem(reason: "(?i) with letters beyond ASCII") }
      return .set(ASCIISet())
    }
    let byte = UInt8(scalar.value)
    return .set(cased(ASCIISet(byte...byte)))
  }

  private func cased(_ set: ASCIISet) -> ASCIISet { ignoresCase ? set.bothCases : set }

  private mutating func escape() throws(Problem) -> PatternNode {
    switch next {
    case "A": at += 1; return .start
    case "Z": at += 1; return .end
    case "b": at += 1; return .wordEdge(isEdge: true)
    case "B": at += 1; return .wordEdge(isEdge: false)
    default: return .set(cased(try PatternClass.escape(text, &at)))
    }
  }

  private mutating func group() throws(Problem) -> PatternNode? {
    guard take("?") else { return try closed() }
    if take(":") { return try closed() }
    if take("#") {
      while let next, next != ")" { at += 1 }
      guard take(")") else { throw Problem(reason: "a comment without its )") }
      return nil
    }
    if take("P<") {
      let start = at
      while let next, next.properties.isAlphabetic || next == "_" || ("0"..."9").contains(next) {
        at += 1
      }
      guard at > start, take(">") else { throw Problem(reason: "a group's name") }
      return try closed()
    }
    for (mark, isWanted) in [("=", true), ("!", false)] where take(mark) {
      guard !isAhead else { throw Problem(reason: "a look ahead within a look ahead") }
      isAhead = true
      defer { isAhead = false }
      return .ahead(try closed(), isWanted: isWanted)
    }
    throw Problem(reason: "a group of the kind (?\(next.map(String.init) ?? "")")
  }

  private mutating func closed() throws(Problem) -> PatternNode {
    let node = try choice()
    guard take(")") else { throw Problem(reason: "a ( without its )") }
    return node
  }

  private mutating func repeated(_ part: PatternNode) throws(Problem) -> PatternNode {
    guard let (least, most) = try times() else { return part }
    switch part {
    case .start, .end, .wordEdge, .ahead: throw Problem(reason: "a place that is repeated")
    default: break
    }
    // Whether as little as can be or as much decides nothing about whether there is a match.
    _ = take("?")
    guard next != "+", next != "*", next != "?" else {
      throw Problem(reason: "a repetition of a repetition")
    }
    if try times() != nil { throw Problem(reason: "a repetition of a repetition") }
    guard most.map({ $0 >= least && $0 <= Self.mostTimes }) ?? true, least <= Self.mostTimes else {
      throw Problem(reason: "more than \(Self.mostTimes) times, or a bound below another")
    }
    return .repeated(part, least, most)
  }

  /// `*`, `+`, `?` or `{2,4}`; nil and nothing taken if there is none: a `{` can be a character.
  private mutating func times() throws(Problem) -> (Int, Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = at
    guard take("{"), next != "}" else {
      at = start
      return nil
    }
    let least = try number()
    let isRange = take(",")
    let most = isRange ? try number() : least
    guard take("}"), isRange || least != nil else {
      at = start
      return nil
    }
    return (least ?? 0, most)
  }

  private mutating func number() throws(Problem) -> Int? {
    var value: Int?
    while let next, ("0"..."9").contains(next) {
      value = (value ?? 0) * 10 + Int(next.value - 0x30)
      guard value ?? 0 <= 100_000 else { throw Problem(reason: "a bound of many digits") }
      at += 1
    }
    return value
  }

  private var next: Unicode.Scalar? { at < text.count ? text[at] : nil }

  private mutating func take(_ mark: String) -> Bool {
    guard text[at...].starts(with: mark.unicodeScalars) else { return false }
    at += mark.unicodeScalars.count
    return true
  }
}
