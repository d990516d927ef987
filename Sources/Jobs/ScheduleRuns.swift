import Archives
import Files
import JSONText
import Store

/// Turns what the schedule says into drops of our own: the manifest's bytes are copied to
/// `store/claimed/`, and the journal makes the run and moves the job on in one step. From there a
/// run goes the way of every drop.
package struct ScheduledRuns {
  private let site: Site
  private let journal: Journal
  private let clock: WallClock

  /// Begins the name of every claim of the schedule; no claim of the inbox begins so.
  static let prefix = "scheduled-"

  init(site: Site, journal: Journal, clock: WallClock) {
    self.site = site
    self.journal = journal
    self.clock = clock
  }

  /// Makes a drop of each run whose time has come.
  /// - Returns: how many.
  /// - Throws: `StoreFault`, `FileFault`.
  package func begin() throws -> Int {
    var count = 0
    let now = clock.now
    for job in try journal.jobsToCome() {
      var schedule = Schedule(job)
      switch schedule.handle(.tick, at: now.seconds) {
      case nil: continue
      case .keep: try journal.keep(schedule.job)
      case .run(let due, let skipped):
        if try begin(&schedule, due: due, skipped: skipped, now) { count += 1 }
      }
    }
    try KeptManifests(site).removeAll(but: journal.jobsToCome())
    return count
  }

  /// How long until a run is due; nil if none is to come. At least a second, so that a run that cannot
  /// be begun is not tried without a rest.
  package func untilNext() throws -> Duration? {
    let jobs = try journal.jobsToCome().filter { $0.state != .running }
    guard let next = jobs.compactMap(\.nextRun).min() else { return nil }
    let moment = UTCTime(clamping: next).seconds * 1000
    return max(.seconds(1), .milliseconds(moment - clock.milliseconds()))
  }

  /// After a crash: what was made for a run that the journal does not know is removed.
  package func recover() throws {
    for claim in try site.claimed.names() {
      guard let text = claim.text, text.hasPrefix(ScheduledRuns.prefix) else { continue }
      if try !journal.knows(claim: text) { try site.claimed.removeIfThere(claim) }
    }
    _ = try site.claimed.removeLeftovers()
    let kept = try KeptManifests(site)
    try kept.removeAll(but: journal.jobsToCome())
    try kept.removeLeftovers()
  }

  private func begin(
    _ schedule: inout Schedule, due: Int64, skipped: Int, _ now: UTCTime
  ) throws -> Bool {
    let name = ScheduledRuns.name(of: schedule.job.name, due: due)
    let run = DueRun(name: name, claim: ScheduledRuns.prefix + name, due: due, skipped: skipped)
    if try !journal.knows(claim: run.claim) {
      try KeptManifests(site).copy(schedule.job, to: site.claimed, as: EntryName(run.claim))
      if try journal.begin(run, of: schedule.job, at: now.text) != nil { return true }
    }
    _ = schedule.handle(.slotTaken, at: now.seconds)
    try journal.keep(schedule.job)
    return false
  }

  /// `JOB-20261122T100000Z`
  private static func name(of job: String, due: Int64) -> String {
    "\(job)-\(UTCTime(clamping: due).compact)"
  }
}

extension DropProcessing {
  /// The runs of kept jobs.
  package var schedule: ScheduledRuns {
    ScheduledRuns(site: site, journal: journal, clock: clock)
  }
}
