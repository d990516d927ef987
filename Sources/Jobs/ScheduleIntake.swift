import JSONText
import Policies
import Secrets
import Store

/// Manifests that are not run at once: those for later, and those that stop a job.
extension JobIntake {
  /// Whether a run of the schedule is still wanted: its job was neither stopped nor replaced.
  func isInForce(_ drop: Drop) throws -> Bool {
    guard drop.origin == .schedule, let name = drop.job else { return true }
    let job = try journal.job(named: name)
    return job?.version == drop.version && job?.state == .running
  }

  /// Keeps a manifest for the schedule: the file first, then the job.
  func keep(
    _ job: JobRecord, _ drop: Drop, _ digest: Digest, _ work: PreparedJob, text: [UInt8],
    _ news: [Verdict.Reason]
  ) throws -> Drop {
    do {
      // Nothing may be left at work on another thread.
      _ = try work.plan.sharedVIDs?.value()
      guard job.nextRun != nil else { throw JobFault.noRunToCome }
      try KeptManifests(processing.site).keep(text, of: job)
    } catch {
      return try processing.reject(drop, error, kind: .job, digest: digest)
    }
    var verdict = processing.verdict(drop, .job, .accepted, digest: digest)
    verdict.warnings = news + work.plan.warnings
    verdict.schedule = ScheduleReport(job)
    return try journal.decided(drop, processing.decision(verdict), job: job)
  }

  /// Stops a job; one that has come to its end by itself stays as it is.
  func stop(_ name: String, _ drop: Drop, _ digest: Digest) throws -> Drop {
    guard let job = try journal.job(named: name) else {
      let fault = JobFault.unknownJob(name, among: try journal.jobs().map(\.name))
      return try processing.reject(drop, fault, kind: .job, digest: digest)
    }
    var schedule = Schedule(job)
    _ = schedule.handle(.stopped, at: now)
    var verdict = processing.verdict(drop, .job, .accepted, digest: digest)
    verdict.schedule = ScheduleReport(schedule.job)
    if job.state == .completed { verdict.warnings.append(JobIntake.completedBefore) }
    return try journal.decided(drop, processing.decision(verdict), stopped: schedule.job)
  }

  /// What is new about a job, for its verdict.
  static func news(of job: JobRecord, after earlier: JobRecord?) -> [Verdict.Reason] {
    guard let earlier, earlier.version != job.version else { return [] }
    let message =
      "this is version \(job.version) of the job \(job.name), and replaces version \(earlier.version)"
    return [Verdict.Reason(code: "new_version", message: message)]
  }

  private static let completedBefore = Verdict.Reason(
    code: "completed_before", message: "the job had come to its end already")
}

extension ScheduleReport {
  /// A job as its manifest leaves it.
  init(_ job: JobRecord) {
    self.init(
      name: job.name, recipient: job.stream, version: job.version, state: job.state.rawValue)
    intervalMinutes = job.intervalMinutes
    nextRun = job.nextRun.map { UTCTime(clamping: $0).text }
    ends = job.ends.map { UTCTime(clamping: $0).text }
    (runs, skipped) = (job.runs, job.skipped)
  }

  /// A job as a run of it leaves it.
  init(_ job: JobRecord, afterRun drop: Drop) {
    self.init(job)
    state = (job.nextRun == nil ? JobRecord.State.completed : .started).rawValue
    due = drop.due.map { UTCTime(clamping: $0).text }
    (runs, skipped) = (job.runs + 1, drop.skipped)
  }
}
