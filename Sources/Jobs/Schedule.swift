package import Store

/// When a job runs: events and the time in, actions out. No clock, no files, no journal.
///
/// Slots lie on a grid: the start, and every interval after it, before the end. A slot whose time
/// has passed is run once, for the newest; those missed before it are counted, never made up for. A
/// clock that jumps costs slots and never doubles one.
package struct Schedule: Sendable, Equatable {
  package enum Event: Sendable {
    /// Time has passed.
    case tick
    /// This slot had its run before: the clock was put back.
    case slotTaken
    /// A manifest with `"stop": true` was dropped.
    case stopped
  }

  package enum Action: Sendable, Equatable {
    /// Run the slot of this time; so many were missed before it.
    case run(due: Int64, skipped: Int)
    /// The job has changed: keep it.
    case keep
  }

  package private(set) var job: JobRecord

  package init(_ job: JobRecord) { self.job = job }

  /// - Parameter now: seconds since 1970.
  package mutating func handle(_ event: Event, at now: Int64) -> Action? {
    switch event {
    case .tick: return tick(now)
    case .slotTaken:
      settle()
      return .keep
    case .stopped:
      (job.nextRun, job.state) = (nil, .completed)
      return .keep
    }
  }

  private mutating func tick(_ now: Int64) -> Action? {
    guard job.state == .draft || job.state == .started, let next = job.nextRun else { return nil }
    guard let interval = job.interval else {
      guard next <= now else { return nil }
      return run(due: next, next: nil, skipped: 0)
    }
    if let ends = job.ends, now >= ends { return end(next, ends, interval) }
    if next - interval > now, next - interval >= job.firstSlot { return setBack(now, interval) }
    guard next <= now else { return nil }
    let missed = (now - next) / interval
    let due = next + missed * interval
    return run(due: due, next: job.slot(due + interval), skipped: Int(missed))
  }

  private mutating func run(due: Int64, next: Int64?, skipped: Int) -> Action {
    job.nextRun = next
    job.lastRun = due
    job.skipped += skipped
    job.state = .running
    return .run(due: due, skipped: skipped)
  }

  /// The end came while slots were still to come: they are missed.
  private mutating func end(_ next: Int64, _ ends: Int64, _ interval: Int64) -> Action {
    if next < ends { job.skipped += Int((ends - 1 - next) / interval + 1) }
    (job.nextRun, job.state) = (nil, .completed)
    return .keep
  }

  /// The next slot is further ahead than any honest clock would have put it.
  private mutating func setBack(_ now: Int64, _ interval: Int64) -> Action {
    job.nextRun = job.slot(atOrAfter: now)
    return .keep
  }

  private mutating func settle() {
    job.state = job.nextRun == nil ? .completed : .started
  }
}

extension JobRecord {
  /// Seconds between two slots of a recurring job.
  var interval: Int64? {
    kind == .recurring ? intervalMinutes.map { Int64($0) * 60 } : nil
  }

  fileprivate var firstSlot: Int64 { starts ?? 0 }

  /// A slot, if it comes before the end.
  fileprivate func slot(_ time: Int64) -> Int64? {
    if let ends, time >= ends { return nil }
    return time
  }

  /// The first slot that is not before a time; nil if there is none before the end.
  func slot(atOrAfter time: Int64) -> Int64? {
    guard let interval, time > firstSlot else { return slot(firstSlot) }
    let (whole, rest) = (time - firstSlot).quotientAndRemainder(dividingBy: interval)
    return slot(firstSlot + (whole + (rest > 0 ? 1 : 0)) * interval)
  }
}
