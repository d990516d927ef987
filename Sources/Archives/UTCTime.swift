internal import Glibc

/// A second of UTC as `YYYY-MM-DDTHH:MM:SSZ`, from 1970 to 9999.
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
    let parts = text.split { "-T:Z".contains($0) }.compactMap { Int32($0) }
    guard text.utf8.count == 20, parts.count == 6 else { return nil }
    var moment = tm()
    moment.tm_year = parts[0] - 1900
    moment.tm_mon = parts[1] - 1
    moment.tm_mday = parts[2]
    (moment.tm_hour, moment.tm_min, moment.tm_sec) = (parts[3], parts[4], parts[5])
    self.init(seconds: Int64(timegm(&moment)))
    guard self.text == text else { return nil }
  }

  package var text: String {
    var moment = tm()
    var seconds = time_t(self.seconds)
    gmtime_r(&seconds, &moment)
    let date = [pad(moment.tm_year + 1900, 4), pad(moment.tm_mon + 1, 2), pad(moment.tm_mday, 2)]
    let time = [pad(moment.tm_hour, 2), pad(moment.tm_min, 2), pad(moment.tm_sec, 2)]
    return date.joined(separator: "-") + "T" + time.joined(separator: ":") + "Z"
  }

  package var description: String { text }
  package static func < (a: UTCTime, b: UTCTime) -> Bool { a.seconds < b.seconds }

  private func pad(_ number: Int32, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
