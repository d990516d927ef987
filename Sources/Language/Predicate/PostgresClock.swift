/// A time of day as PostgreSQL reads it, in microseconds; 24:00:00 is the next midnight.
struct PostgresClock {
  private(set) var microseconds = 0

  static let day = 86_400_000_000
  private static let hour = 3_600_000_000

  init() {}

  /// `HH:MM[:SS[.ffffff]]`; nil for what is none.
  init?(_ text: Substring) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let hours = Self.number(parts[0]) else { return nil }
    guard parts.count == 3 else {
      // `10.5` behind a colon would be minutes and seconds.
      guard let minutes = Self.number(parts[1]) else { return nil }
      self.init(hours, minutes, 0, fraction: nil)
      return
    }
    let seconds = parts[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let minutes = Self.number(parts[1]), let whole = Self.number(seconds[0]) else {
      return nil
    }
    self.init(hours, minutes, whole, fraction: seconds.count == 2 ? seconds[1] : nil)
  }

  /// `HHMMSS` or `HHMM`.
  init?(runTogether digits: Substring, fraction: Substring?) {
    guard digits.count == 6 || digits.count == 4, let hours = Int(digits.prefix(2)),
      let minutes = Int(digits.dropFirst(2).prefix(2))
    else { return nil }
    let seconds = digits.count == 6 ? Int(digits.suffix(2)) ?? 0 : 0
    self.init(hours, minutes, seconds, fraction: fraction)
  }

  private init?(_ hours: Int, _ minutes: Int, _ seconds: Int, fraction: Substring?) {
    guard (0...24).contains(hours), (0...59).contains(minutes), (0...60).contains(seconds) else {
      return nil
    }
    var micro = 0
    if let fraction {
      guard !fraction.isEmpty, fraction.utf8.allSatisfy({ $0 &- 0x30 < 10 }),
        let number = Double("0." + fraction)
      else { return nil }
      // PostgreSQL rounds half to even here, as `rint` does.
      micro = Int((number * 1_000_000).rounded(.toNearestOrEven))
    }
    let whole = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micro
    guard hours < 24 || whole == Self.day else { return nil }
    microseconds = whole
  }

  /// With `am` or `pm` behind it; nil where the hour is beyond noon already.
  func inHalf(afternoon: Bool) -> PostgresClock? {
    let hours = microseconds / Self.hour
    guard hours <= 12 else { return nil }
    var clock = self
    if !afternoon, hours == 12 { clock.microseconds -= 12 * Self.hour }
    if afternoon, hours != 12 { clock.microseconds += 12 * Self.hour }
    return clock
  }

  /// `HH:MM:SS[.ffffff]`, without zeros at the end.
  static func text(of microseconds: Int) -> String {
    let seconds = microseconds / 1_000_000
    let whole =
      "\((seconds / 3600).padded(2)):\((seconds / 60 % 60).padded(2)):\((seconds % 60).padded(2))"
    var fraction = (microseconds % 1_000_000).padded(6)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return fraction.isEmpty ? whole : "\(whole).\(fraction)"
  }

  private static func number(_ digits: Substring) -> Int? {
    digits.isEmpty || digits.count > 9 || !digits.utf8.allSatisfy { $0 &- 0x30 < 10 }
      ? nil : Int(digits)
  }
}
