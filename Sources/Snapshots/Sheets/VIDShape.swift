/// What a spreadsheet makes of VIDs. It takes them for numbers, keeps 15 digits of them, and shows
/// them as it likes.
package enum VIDShape {
  /// Digits that a spreadsheet keeps of a number.
  package static let keptDigits = 15

  /// Marks that a spreadsheet, or a formula, puts into a text.
  private static let marks = Array("#'\"=".utf8)
  /// What stands where nobody knew a VID, or where columns were swapped; in lower case.
  private static let placeholders = [
    "0", "-", "--", "n/a", "na", "none", "nan", "null", "nil", "tbd", "unknown", "false", "true",
    "valid",
    "invalid",
  ].map { Array($0.utf8) }

  /// Whether a text is a number's, in exponent or decimal form, with a sign or with separators between
  /// its digits, has an apostrophe, a quote, a `#` or a `=` in it, or is a word for none: nobody's VID.
  package static func isDestroyed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.count <= 7, isPlaceholder(text) { return true }
    guard text.contains(where: { $0 < 0x30 || $0 > 0x39 }) else { return false }
    if text.contains(where: marks.contains) { return true }
    let isSigned = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
    if isSigned, isDigits(.init(rebasing: text[1...])) { return true }
    return isGrouped(text) || isNumber(text)
  }

  private static func isPlaceholder(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    placeholders.contains { word in
      word.count == text.count
        && zip(text, word).allSatisfy { (0x41...0x5A).contains($0) ? $0 | 0x20 == $1 : $0 == $1 }
    }
  }

  /// `4.126.162.436.616.970`, `4,126,162`: nothing but digits and separators of thousands.
  private static func isGrouped(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.allSatisfy {
      (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
    }
  }

  /// Whether all digits beyond the 15th are 0, of a VID that has more: another person may have that
  /// one. A number does not begin with 0: such a VID was never taken for one.
  package static func isRounded(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isLong(text) && text[0] != 0x30 && text[keptDigits...].allSatisfy { $0 == 0x30 }
  }

  package static func isDigits(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Digits alone, more than a spreadsheet keeps.
  package static func isLong(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count > keptDigits && isDigits(text)
  }

  /// `4.12616E+15`, `4,12616e15`, `4E+15`, `4126.0`. `12E34` without a sign can be a VID.
  private static func isNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = text[...]
    if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      rest.removeFirst()
    }
    guard dropDigits(&rest), let mark = rest.first else { return false }
    let isDecimal = mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",")
    if isDecimal {
      rest.removeFirst()
      _ = dropDigits(&rest)
      if rest.isEmpty { return true }
    }
    guard let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") else { return false }
    rest.removeFirst()
    let hasSign = rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-")
    if hasSign { rest.removeFirst() }
    return dropDigits(&rest) && rest.isEmpty && (isDecimal || hasSign)
  }

  private static func dropDigits(_ text: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let digits = text.prefix { (0x30...0x39).contains($0) }
    text = text[digits.endIndex...]
    return !digits.isEmpty
  }
}
