/// Dates and times as PostgreSQL reads them, field by field, as its `DecodeDateTime` does.
///
/// What a date means must not hang on the server or the day: one that is not year first (DateStyle),
/// words (`today`, `July`) and named zones are refused. So is a year that has not four digits.
struct PostgresDate {
  private var year: Int?
  private var month: Int?
  private var day: Int?
  private var clock: PostgresClock?
  private var isShortYear = false
  private var isAfternoon: Bool?
  private var hasZone = false

  /// A date as `YYYY-MM-DD`, whatever the time beside it; nil if it is none.
  static func date(_ text: String) -> String? { PostgresDate(text)?.calendarText(later: 0) }

  /// A date and time as `YYYY-MM-DD HH:MM:SS[.ffffff]`; a zone is passed over, as `timestamp` does.
  static func datetime(_ text: String) -> String? {
    guard let found = PostgresDate(text) else { return nil }
    let micros = found.clock?.microseconds ?? 0
    let days = micros / PostgresClock.day
    return found.calendarText(later: days).map {
      "\($0) \(PostgresClock.text(of: micros % PostgresClock.day))"
    }
  }

  private init?(_ text: String) {
    guard let tokens = DateToken.read(text) else { return nil }
    for (index, token) in tokens.enumerated() {
      guard note(token, isTime: index > 0 && tokens[index - 1] == .word("t")) else { return nil }
    }
    guard tokens.last != .word("t"), hasDate, fixYear(), isOnCalendar, fixHalfOfDay() else {
      return nil
    }
  }

  private var hasDate: Bool { year != nil && month != nil && day != nil }

  /// False for what does not fit what stands before it. `isTime`: behind a `T`.
  private mutating func note(_ token: DateToken, isTime: Bool) -> Bool {
    switch token {
    case .time(let digits): return noteTime(PostgresClock(digits))
    case .number(let digits, let fraction): return noteNumber(digits, fraction, isTime: isTime)
    case _ where isTime: return false
    case .date(let parts): return !hasDate && noteDate(parts)
    case .zone, .word("z"), .word("utc"), .word("gmt"): return noteZone()
    case .word("t"): return hasDate
    case .word("am"), .word("pm"):
      defer { isAfternoon = token == .word("pm") }
      return isAfternoon == nil
    case .word: return false
    }
  }

  private mutating func noteZone() -> Bool {
    defer { hasZone = true }
    return !hasZone
  }

  private mutating func noteTime(_ time: PostgresClock?) -> Bool {
    guard clock == nil, let time else { return false }
    clock = time
    return true
  }

  /// `2024-12-31`, or `2024-366`, the day of the year.
  private mutating func noteDate(_ parts: [Substring]) -> Bool {
    parts.allSatisfy { noteDigits($0) } && hasDate
  }

  /// A number by itself: a whole date, a whole time, or the next part of a date.
  private mutating func noteNumber(
    _ digits: Substring, _ fraction: Substring?, isTime: Bool
  ) -> Bool {
    if let fraction {
      // `2024.123` is the day of a year; after a date, a time with fractions.
      if !hasDate { return year == nil && !isTime && noteDate([digits, fraction]) }
      return digits.count > 2 && noteTime(PostgresClock(runTogether: digits, fraction: fraction))
    }
    if isTime || hasDate { return noteTime(PostgresClock(runTogether: digits, fraction: nil)) }
    return digits.count >= 6 ? noteWholeDate(digits) : noteDigits(digits)
  }

  private mutating func noteWholeDate(_ digits: Substring) -> Bool {
    guard year == nil, month == nil, day == nil, digits.count <= 8 else { return false }
    (year, month, day) = (
      Int(digits.dropLast(4)), Int(digits.dropLast(2).suffix(2)), Int(digits.suffix(2))
    )
    isShortYear = digits.count == 6
    return true
  }

  /// The next part of a date: the year first, and it has three digits or more.
  private mutating func noteDigits(_ digits: Substring) -> Bool {
    guard digits.count <= 9, let number = Int(digits) else { return false }
    if year == nil {
      guard digits.count >= 3 else { return false }
      year = number
    } else if month == nil {
      guard digits.count == 3, (1...366).contains(number) else {
        month = number
        return true
      }
      return noteDayOfYear(number)
    } else if day == nil {
      day = number
    } else {
      return noteTime(PostgresClock(runTogether: digits, fraction: nil))
    }
    return true
  }

  private mutating func noteDayOfYear(_ number: Int) -> Bool {
    guard let year, (1...9999).contains(year) else { return false }
    var date = CalendarDay(year: year, month: 1, day: 1)
    for _ in 1..<number { date = date.next }
    (self.year, month, day) = (date.year, date.month, date.day)
    return true
  }

  /// Two digits of a year: 70 to 99 are of the last century.
  private mutating func fixYear() -> Bool {
    guard let given = year else { return false }
    if isShortYear { year = given + (given < 70 ? 2000 : 1900) }
    return true
  }

  private var isOnCalendar: Bool {
    guard let year, let month, let day, (1...9999).contains(year), (1...12).contains(month) else {
      return false
    }
    return day >= 1 && day <= CalendarDay.count(of: month, in: year)
  }

  private mutating func fixHalfOfDay() -> Bool {
    guard let isAfternoon else { return true }
    // Without a time, noon or midnight of a half day is midnight or noon.
    return (clock ?? PostgresClock()).inHalf(afternoon: isAfternoon).map { clock = $0 } != nil
  }

  private func calendarText(later days: Int) -> String? {
    guard let year, let month, let day else { return nil }
    var date = CalendarDay(year: year, month: month, day: day)
    for _ in 0..<days { date = date.next }
    return date.year <= 9999 ? date.text : nil
  }
}

/// A day of the calendar.
struct CalendarDay {
  var year: Int
  var month: Int
  var day: Int

  static func count(of month: Int, in year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  var next: CalendarDay {
    if day < CalendarDay.count(of: month, in: year) {
      return CalendarDay(year: year, month: month, day: day + 1)
    }
    return month < 12
      ? CalendarDay(year: year, month: month + 1, day: 1)
      : CalendarDay(year: year + 1, month: 1, day: 1)
  }

  /// `YYYY-MM-DD`.
  var text: String { "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))" }
}

extension Int {
  /// In digits, with zeros before it.
  func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
