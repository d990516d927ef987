/// Dates as PostgreSQL reads them with DateStyle ISO, MDY: the forms made of digits. Words
/// (`today`, `July`) are refused: what they mean changes with the day and the server's settings.
enum PostgresDate {
  /// A date as `YYYY-MM-DD`; nil if it is none.
  static func date(_ text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 1, let (day, rest) = splitTime(words[0]), rest.isEmpty || time(rest) != nil
    else { return words.count == 2 && time(words[1]) != nil ? calendarDate(words[0]) : nil }
    return calendarDate(day)
  }

  /// A date and time as `YYYY-MM-DD HH:MM:SS[.ffffff]`; a zone is passed over, as `timestamp` does.
  static func datetime(_ text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let first = words.first, words.count <= 2 else { return nil }
    guard let (day, rest) = splitTime(first) else { return nil }
    let clock = words.count == 2 ? words[1] : rest
    guard words.count == 1 || rest.isEmpty, let date = calendarDate(day) else { return nil }
    guard !clock.isEmpty else { return date + " 00:00:00" }
    return time(clock).map { "\(date) \($0)" }
  }

  /// `2024-01-02T03:04` in two.
  private static func splitTime(_ word: Substring) -> (Substring, Substring)? {
    guard let mark = word.firstIndex(where: { $0 == "T" || $0 == "t" }) else { return (word, "") }
    let clock = word[word.index(after: mark)...]
    return clock.isEmpty ? nil : (word[..<mark], clock)
  }

  private static func calendarDate(_ text: Substring) -> String? {
    let separators: Set<Character> = ["-", "/", "."]
    let parts = text.split(omittingEmptySubsequences: false) { separators.contains($0) }
    guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) else { return nil }
    switch parts.count {
    case 1 where text.count == 8:
      return validated(text.prefix(4), text.dropFirst(4).prefix(2), text.suffix(2))
    case 1 where text.count == 6:
      return validated(century(text.prefix(2)), text.dropFirst(2).prefix(2), text.suffix(2))
    case 3 where parts[0].count >= 3: return validated(parts[0], parts[1], parts[2])
    case 3 where parts[2].count >= 2: return validated(century(parts[2]), parts[0], parts[1])
    default: return nil
    }
  }

  /// Two digits of a year: 70 to 99 are of the last century.
  private static func century(_ year: Substring) -> Substring {
    guard year.count == 2 else { return year }
    return (year >= "70" ? "19" : "20") + year
  }

  private static func validated(
    _ year: Substring, _ month: Substring, _ day: Substring
  ) -> String? {
    guard let y = Int(year), let m = Int(month), let d = Int(day), (1...9999).contains(y),
      (1...12).contains(m), d >= 1, d <= daysIn(month: m, of: y)
    else { return nil }
    return "\(padded(y, 4))-\(padded(m, 2))-\(padded(d, 2))"
  }

  private static func daysIn(month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// `HH:MM[:SS[.ffffff]]`, with a zone (`Z`, `+02:00`) that does not count.
  private static func time(_ text: Substring) -> String? {
    let zone = text.firstIndex { $0 == "Z" || $0 == "z" || $0 == "+" || $0 == "-" }
    let parts = text[..<(zone ?? text.endIndex)].split(
      separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let hour = number(parts[0], max: 24),
      let minute = number(parts[1], max: 59)
    else { return nil }
    guard parts.count == 3 else { return "\(padded(hour, 2)):\(padded(minute, 2)):00" }
    let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
    guard seconds.count <= 2, let second = number(seconds[0], max: 60) else { return nil }
    let whole = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
    guard seconds.count == 2 else { return whole }
    guard seconds[1].allSatisfy(\.isASCIIDigit), let micro = microseconds(seconds[1]) else {
      return nil
    }
    return whole + micro
  }

  /// Rounded to six places, without zeros at the end.
  private static func microseconds(_ digits: Substring) -> String? {
    guard let fraction = Double("0." + (digits.isEmpty ? "0" : digits)) else { return nil }
    let micro = Int((fraction * 1_000_000).rounded())
    guard micro > 0, micro < 1_000_000 else { return micro == 0 ? "" : nil }
    var text = padded(micro, 6)
    while text.hasSuffix("0") { text.removeLast() }
    return "." + text
  }

  private static func number(_ text: Substring, max: Int) -> Int? {
    guard (1...2).contains(text.count), text.allSatisfy(\.isASCIIDigit), let number = Int(text),
      number <= max
    else { return nil }
    return number
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
