/// Dates and times as Odoo writes them, checked against the calendar.
enum DateText {
  typealias Text = UnsafePointer<UInt8>

  /// How many zeros a year needs in front: Odoo's `search_read` writes the year 1 as `1`.
  static func missingZeros(_ text: Text, _ count: Int) -> Int {
    guard count >= 7 else { return 0 }
    for digits in 1...3 where text[digits] == UInt8(ascii: "-") { return 4 - digits }
    return 0
  }

  /// `2024-02-29`.
  static func isDate(_ text: Text, _ count: Int) -> Bool { count == 10 && hasDate(text) }

  /// How many bytes of `2024-02-29 10:00:00.123456` are to be kept (a `T` may stand for the blank,
  /// closing zeros of the fraction and an empty fraction are cut off); nil if it is no such time.
  static func timeLength(_ text: Text, _ count: Int) -> Int? {
    guard count >= 19, hasDate(text), text[10] == 0x20 || text[10] == UInt8(ascii: "T"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      let hour = number(text + 11, 2), let minute = number(text + 14, 2),
      let second = number(text + 17, 2), hour < 24, minute < 60, second < 60
    else { return nil }
    return count == 19 ? 19 : fractionEnd(text, count)
  }

  private static func fractionEnd(_ text: Text, _ count: Int) -> Int? {
    guard text[19] == UInt8(ascii: "."), count <= 26, number(text + 20, count - 20) != nil
    else { return nil }
    var end = count
    while text[end - 1] == UInt8(ascii: "0") { end -= 1 }
    return end == 20 ? 19 : end
  }

  private static func hasDate(_ text: Text) -> Bool {
    guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text, 4), let month = number(text + 5, 2), let day = number(text + 8, 2)
    else { return false }
    return year > 0 && (1...12).contains(month) && day > 0 && day <= days(in: month, of: year)
  }

  /// The value of so many digits, at least one; nil if one of them is none.
  @inline(__always) private static func number(_ text: Text, _ digits: Int) -> Int? {
    guard digits > 0 else { return nil }
    var value = 0
    for index in 0..<digits {
      let digit = Int(text[index]) - 0x30
      guard digit >= 0, digit <= 9 else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}
