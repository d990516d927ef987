package import JSONText
import Glibc

/// The time of day, passed in so that tests choose it.
package struct WallClock: Sendable {
  /// Milliseconds since 1970, UTC.
  package let milliseconds: @Sendable () -> Int64

  package init(milliseconds: @escaping @Sendable () -> Int64) { self.milliseconds = milliseconds }

  /// The system's clock (clock_gettime(2), CLOCK_REALTIME).
  package static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// The second of now; a clock outside 1970 to 9999 counts as the nearer end.
  package var now: UTCTime { WallClock.second(of: milliseconds()) }

  /// The second of now, as text: `2026-11-22T10:00:00Z`.
  package var timestamp: String { now.text }

  /// `YYYY-MM-DDTHH:MM:SS.mmmZ`, the only form that the MTS takes as `requesttime`.
  package var requestTime: String {
    let time = milliseconds()
    let fraction = String(1000 + (time % 1000 + 1000) % 1000).dropFirst()
    return "\(WallClock.second(of: time).text.dropLast()).\(fraction)Z"
  }

  private static func second(of milliseconds: Int64) -> UTCTime {
    UTCTime(clamping: milliseconds / 1000)
  }
}
