import JSONText

/// Where a job stands, as its verdict tells it.
package struct ScheduleReport: Sendable, Equatable {
  package var name: String
  package var recipient: String
  package var version: Int
  /// `draft`, `started` or `completed`.
  package var state: String
  package var intervalMinutes: Int?
  // Times as text, in UTC.
  /// The slot that this run is of.
  package var due: String?
  package var nextRun: String?
  package var ends: String?
  /// Runs so far.
  package var runs: Int
  /// Slots that were missed: before this run, or for a manifest of the job, in all.
  package var skipped: Int

  package init(name: String, recipient: String, version: Int, state: String) {
    (self.name, self.recipient, self.version, self.state) = (name, recipient, version, state)
    (runs, skipped) = (0, 0)
  }

  /// - Parameter run: what a run came to, whose members stand first.
  func json(with run: JobReport?) -> JSON {
    let head: [JSON.Member]
    if case .object(let members)? = run?.json {
      head = members
    } else {
      head = [JSON.Member("name", .string(name)), JSON.Member("recipient", .string(recipient))]
    }
    let tail: [(String, JSON?)] = [
      ("version", .count(version)), ("state", .string(state)),
      ("interval_minutes", intervalMinutes.map { .count($0) }), ("due", due.map { .string($0) }),
      ("next_run", nextRun.map { .string($0) }), ("ends", ends.map { .string($0) }),
      ("runs", .count(runs)), ("skipped", .count(skipped)),
    ]
    return .object(head + tail.compactMap { key, value in value.map { JSON.Member(key, $0) } })
  }
}
