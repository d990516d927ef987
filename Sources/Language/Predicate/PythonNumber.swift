/// Numbers in text, as Python and PostgreSQL read them.
enum PythonNumber {
  /// `int(text)`; nil for what is none, or beyond 64 bits.
  static func integer(_ text: String) -> Int64? { plain(text).flatMap { Int64($0) } }

  /// Whether it is a whole number, of any length.
  static func isWhole(_ text: String) -> Bool {
    guard let digits = plain(text).map({ $0.drop { $0 == "+" || $0 == "-" } }) else { return false }
    return !digits.isEmpty && digits.utf8.allSatisfy { $0 &- 0x30 < 10 }
  }

  /// `float(text)`: `inf` and `nan` as well.
  static func real(_ text: String) -> Double? {
    guard let plain = plain(text), !plain.contains(where: { "xXpP(".contains($0) }) else {
      return nil
    }
    return Double(plain)
  }

  /// `'text'::int`.
  static func postgresInteger(_ text: String) -> Int64? {
    let spaces: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r", "\u{0B}", "\u{0C}"]
    return Int64(trimmed(text) { spaces.contains($0) })
  }

  /// Without blanks around it and without `_` between digits, digits of any script as 0 to 9; nil
  /// where a `_` stands elsewhere.
  private static func plain(_ text: String) -> String? {
    var plain = String.UnicodeScalarView()
    var wasDigit = false
    var owesDigit = false
    for scalar in trimmed(text, isSpace).unicodeScalars {
      if scalar == "_" {
        guard wasDigit else { return nil }
        (wasDigit, owesDigit) = (false, true)
        continue
      }
      let digit = digit(scalar)
      guard digit != nil || !owesDigit else { return nil }
      (wasDigit, owesDigit) = (digit != nil, false)
      plain.append(digit ?? scalar)
    }
    return owesDigit ? nil : String(plain)
  }

  private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if scalar.isASCII { return ("0"..."9").contains(scalar) ? scalar : nil }
    guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue
    else { return nil }
    return Unicode.Scalar(UInt8(0x30 + Int(value)))
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  private static func trimmed(
    _ text: String, _ isSpace: (Unicode.Scalar) -> Bool
  ) -> String {
    let front = text.unicodeScalars.drop(while: isSpace)
    let end = front.lastIndex { !isSpace($0) }.map { front.index(after: $0) }
    return String(front[..<(end ?? front.startIndex)])
  }
}
