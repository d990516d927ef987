/// A field of a date's text, as PostgreSQL's `ParseDateTime` cuts it.
enum DateToken: Equatable {
  /// `2024-12-31`, `2024/12/31`, `2024.12.31`, `2024-366`.
  case date([Substring])
  /// Digits, colons and a point.
  case time(Substring)
  /// Digits, and what stands behind a point.
  case number(Substring, Substring?)
  /// Letters, in lower case.
  case word(Substring)
  /// `+02:00`: where the day is, which no column keeps.
  case zone

  /// Nil for what PostgreSQL, or we, can make nothing of.
  static func read(_ text: String) -> [DateToken]? {
    guard text.utf8.count <= 128, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var rest = Substring(text.lowercased())
    var tokens: [DateToken] = []
    while let first = rest.first {
      switch first {
      case "0"..."9":
        guard let token = digits(&rest) else { return nil }
        tokens.append(token)
      case ".":
        // A fraction by itself is neither a date nor a time.
        return nil
      case "a"..."z":
        tokens.append(.word(cut(&rest) { ("a"..."z").contains($0) }))
        // With a sign behind it, it would be the name of a zone or of a month.
        if let mark = rest.first, "-/.".contains(mark) { return nil }
      case "+", "-":
        guard zone(&rest) else { return nil }
        tokens.append(.zone)
      default:
        guard first.isWhitespace || first.isPunctuation || first.isSymbol else { return nil }
        rest.removeFirst()
      }
    }
    return tokens
  }

  private static func digits(_ rest: inout Substring) -> DateToken? {
    let start = rest
    let first = cut(&rest, isDigit)
    switch rest.first {
    case ":":
      rest = start
      return .time(cut(&rest) { isDigit($0) || $0 == ":" || $0 == "." })
    case let mark? where mark == "-" || mark == "/" || mark == ".":
      return date(first, mark, &rest)
    default: return .number(first, nil)
    }
  }

  /// Two or three parts with the same sign between them; more are none.
  private static func date(
    _ first: Substring, _ mark: Character, _ rest: inout Substring
  ) -> DateToken? {
    rest.removeFirst()
    let second = cut(&rest, isDigit)
    guard rest.first == mark, !second.isEmpty else {
      guard mark == "." else { return second.isEmpty ? nil : .date([first, second]) }
      return .number(first, second)
    }
    let others = cut(&rest) { isDigit($0) || $0 == mark }.split(separator: mark)
    return .date([first, second] + others)
  }

  /// `+02`, `-0230`, `+05:30`: of at most fifteen hours.
  private static func zone(_ rest: inout Substring) -> Bool {
    rest.removeFirst()
    _ = cut(&rest) { $0 == " " }
    let parts = cut(&rest) { isDigit($0) || $0 == ":" }.split(
      separator: ":", omittingEmptySubsequences: false)
    guard let first = parts.first, (1...4).contains(first.count), let number = Int(first) else {
      return false
    }
    let hours = first.count > 2 ? number / 100 : number
    let minutes = first.count > 2 ? number % 100 : parts.count > 1 ? Int(parts[1]) ?? 60 : 0
    return hours <= 15 && minutes < 60 && parts.count <= (first.count > 2 ? 1 : 2)
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static func cut(_ rest: inout Substring, _ belongs: (Character) -> Bool) -> Substring {
    let piece = rest.prefix(while: belongs)
    rest = rest[piece.endIndex...]
    return piece
  }
}
