package import Faults
import JSONText

/// A job that cannot be run as things are.
package struct JobFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  package let blame: Blame

  package init(code: String, message: String, hint: String? = nil, blame: Blame = .input) {
    self.code = code
    self.message = message
    self.hint = hint
    self.blame = blame
  }

  package static let noSnapshot = JobFault(
    code: "no_snapshot", message: "there is no snapshot in force yet",
    hint: "drop a snapshot of the registry first, then the manifest again")

  package static func noVIDType(named name: String) -> JobFault {
    JobFault(
      code: "no_vid_type",
      message:
        "the snapshot has no id type named \(JSON.string(name).line()), which the site policy names for VIDs",
      hint: "check id_types.vid in policies/site.json, and that the snapshot has g2p.id.type")
  }

  static let changedWhileReading = JobFault(
    code: "changed_while_reading", message: "the file changed while it was read",
    hint: "upload it again, and leave it alone then")

  static func tooMany(_ bound: Int) -> JobFault {
    JobFault(
      code: "too_many_records",
      message: "the job would send more than the \(bound) records that the site policy allows",
      hint: "narrow the filter, or set \"limit\"")
  }

  /// - Parameter time: the manifest's `expires`.
  static func expired(_ time: UTCTime) -> JobFault {
    JobFault(
      code: "expired", message: "the manifest expired at \(time.text)",
      hint: "set a later \"expires\", or leave it out")
  }

  static let superseded = JobFault(
    code: "superseded", message: "the job was stopped or replaced before this run was under way",
    hint: "nothing is to be done")

  static let noRunToCome = JobFault(
    code: "no_run_to_come", message: "the job's schedule ends before its first run",
    hint: "set a later end")

  static func unknownJob(_ name: String, among jobs: [String]) -> JobFault {
    JobFault(
      code: "unknown_job", message: "there is no job \(Spelling.shown(name)) to stop",
      hint: Spelling.nearest(to: name, among: jobs).map { "did you mean \"\($0)\"?" }
        ?? "airlock status lists the jobs")
  }

  static func tooManyToday(_ bound: Int) -> JobFault {
    JobFault(
      code: "too_many_records_today",
      message:
        "with this job the stream would send more than the \(bound) records of a day that the site policy allows",
      hint: "drop it again tomorrow, or narrow the filter")
  }

  /// How many there were is not said: that is what the bound is to hide.
  static func groupTooSmall(_ bound: Int) -> JobFault {
    JobFault(
      code: "group_too_small",
      message:
        "the job matches fewer than the \(bound) registrants that the site policy wants at least",
      hint: "widen the filter")
  }
}
