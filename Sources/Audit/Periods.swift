internal import JSONText

/// The bars of the first chart: a day each, or, where these would be too many, a week or a month of
/// thirty days.
struct Periods {
  private(set) var first: Int64 = 0
  private(set) var days: Int64 = 1
  private(set) var count = 0

  private static let most: Int64 = 92
  private static let day: Int64 = 86_400

  init(_ archives: [AuditedArchive]) {
    let all = archives.map { $0.created.seconds / Self.day }
    guard let first = all.min(), let last = all.max() else { return }
    let span = last - first + 1
    days = span <= Self.most ? 1 : span <= 7 * Self.most ? 7 : 30
    // A lone bar as wide as the chart would say little.
    let bars = max((span + days - 1) / days, 14)
    self.first = min(first, last - bars * days + 1)
    count = Int(min(bars, 4_000))
  }

  func index(of time: UTCTime) -> Int {
    min(max(0, Int((time.seconds / Self.day - first) / days)), max(0, count - 1))
  }

  /// The first day of a bar.
  func start(of index: Int) -> UTCTime {
    UTCTime(clamping: (first + Int64(index) * days) * Self.day)
  }

  var name: String { days == 1 ? "day" : days == 7 ? "week" : "30 days" }
}
