/// A second of UTC as documents of ours write it, `YYYY-MM-DDTHH:MM:SSZ`, from 1970 to 9999.
package struct UTCTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  package static let range: ClosedRange<Int64> = 0...253_402_300_799

  /// Seconds since 1970.
  package let seconds: Int64

  /// Nil when out of range.
  package init?(seconds: Int64) {
    guard UTCTime.range.contains(seconds) else { return nil }
    self.seconds = seconds
  }

  /// A time outside the range counts as the nearer end of it.
  package init(clamping seconds: Int64) {
    self.seconds = min(max(seconds, UTCTime.range.lowerBound), UTCTime.range.upperBound)
  }

  /// Nil unless this is what `text` gives.
  package init?(text: String) {
    let parts = text.split { "-T:Z".contains($0) }.compactMap { Int64($0) }
    guard text.utf8.count == 20, parts.count == 6, (1...12).contains(parts[1]) else { return nil }
    let days = Day(year: parts[0], month: parts[1], day: parts[2]).number
    self.init(seconds: days * 86_400 + parts[3] * 3_600 + parts[4] * 60 + parts[5])
    guard self.text == text else { return nil }
  }

  package var text: String {
    let day = Day(number: seconds / 86_400)
    let second = seconds % 86_400
    let date = [pad(day.year, 4), pad(day.month, 2), pad(day.day, 2)]
    let time = [pad(second / 3_600, 2), pad(second / 60 % 60, 2), pad(second % 60, 2)]
    return date.joined(separator: "-") + "T" + time.joined(separator: ":") + "Z"
  }

  package var description: String { text }
  package static func < (a: UTCTime, b: UTCTime) -> Bool { a.seconds < b.seconds }

  private func pad(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// A day of the Gregorian calendar, counted in eras of 400 years that begin in March, so that the
/// leap day is a year's last.
private struct Day {
  let year: Int64
  let month: Int64
  let day: Int64

  init(year: Int64, month: Int64, day: Int64) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// - Parameter number: days since 1970-01-01, not negative.
  init(number: Int64) {
    let shifted = number + 719_468
    let (era, ofEra) = (shifted / 146_097, shifted % 146_097)
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * ofYear + 2) / 153
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  var number: Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = (shifted / 400, shifted % 400)
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
  }
}
