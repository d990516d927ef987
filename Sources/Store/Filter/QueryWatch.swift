import Faults
import GRDB
import GRDBSQLite

/// Ends what a connection is about when its time is over or a stop is asked for. SQLite asks every
/// few thousand steps (`sqlite3_progress_handler`), and our own functions ask when one call is long.
final class QueryWatch: @unchecked Sendable {  // GRDB runs one body at a time on a connection
  private enum End {
    case late, stopped
  }

  private static let steps: Int32 = 2_000
  /// Rows that are handed on renew the time: a long answer is not a slow search.
  private static let renewal = 100_000

  private let bounds: QueryBounds
  private var left: Duration
  private var mark: ContinuousClock.Instant
  private var rows = 0
  private var isTimed = false
  private var isWatching = false
  private var end: End?

  init(_ bounds: QueryBounds) {
    self.bounds = bounds
    left = bounds.time
    mark = bounds.now()
  }

  /// Watches a connection. This object must live as long as that.
  func register(in database: Database) {
    sqlite3_progress_handler(
      database.sqliteConnection, Self.steps,
      { data in
        guard let data else { return 0 }
        return Unmanaged<QueryWatch>.fromOpaque(data).takeUnretainedValue().isOver() ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// What the body reads may take the time of the bounds, all of it together.
  func timed<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard !isTimed else { return try body() }
    (isTimed, left, rows, mark) = (true, bounds.time, 0, bounds.now())
    defer { isTimed = false }
    return try body()
  }

  /// Watches what the body reads; opening the snapshot is not watched.
  /// - Throws: `stopped` or `too_costly` if that is so already.
  func watching<Result>(_ body: () throws -> Result) throws -> Result {
    (end, isWatching) = (nil, true)
    defer { isWatching = false }
    if isOver() { try check() }
    return try body()
  }

  /// - Throws: why the reading was ended, if it was by us.
  func check() throws {
    switch end {
    case .late: throw StoreFault.tooCostly(bounds.time)
    case .stopped: throw StoreFault.stopped
    case nil: break
    }
  }

  func isOver() -> Bool {
    guard isWatching else { return false }
    guard end == nil else { return true }
    if bounds.isStopped() {
      end = .stopped
    } else if isTimed {
      charge()
      if left < .zero { end = .late }
    }
    return end != nil
  }

  /// What is done with a row is not the search's time.
  func handOver<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard isTimed else { return try body() }
    charge()
    defer {
      mark = bounds.now()
      rows += 1
      if rows % Self.renewal == 0 { left = bounds.time }
    }
    return try body()
  }

  private func charge() {
    let now = bounds.now()
    left -= mark.duration(to: now)
    mark = now
  }
}

extension StoreFault {
  fileprivate static func tooCostly(_ time: Duration) -> StoreFault {
    StoreFault(
      code: "too_costly",
      message: "the filter was given up after \(time.components.seconds) s of searching",
      hint: "ask for less at once: fewer patterns, shorter lists, fewer levels of lists",
      blame: .input)
  }

  /// What was begun is gone on with at the next start.
  package static let stopped = StoreFault(
    code: "stopped", message: "the search was stopped before its end",
    hint: "nothing is lost: a drop that was at hand is taken up again at the next start",
    blame: .environment)

  package var isStop: Bool { code == StoreFault.stopped.code }
}
