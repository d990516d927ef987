import JSONText

/// When a job runs: `schedule`, `not_before` and `expires`, and that they do not contradict.
struct JobTimes {
  private(set) var schedule = JobSchedule.onetime
  private(set) var notBefore: UTCTime?
  private(set) var expires: UTCTime?

  static func read(_ object: inout JSONObjectCursor, _ faults: FaultCollector) -> JobTimes {
    let (after, until) = (object.optional("not_before"), object.optional("expires"))
    let block = object.optional("schedule")
    var times = JobTimes()
    times.notBefore = faults.attempt(after) { try time($0) }
    times.expires = faults.attempt(until) { try time($0) }
    if let until {
      requireOrder("not_before", times.notBefore, "expires", times.expires, until, faults)
    }
    guard let block else { return times }
    if let schedule = faults.attempt({ try read(block, times, faults) }) {
      times.schedule = schedule
    }
    return times
  }

  /// - Throws: `bad_time` for anything but `2026-11-22T10:00:00Z`.
  static func time(_ cursor: JSONCursor) throws(DocumentFault) -> UTCTime {
    guard let time = UTCTime(text: try cursor.string()) else {
      throw cursor.fault(
        "bad_time", "a time is UTC, to the second, from 1970 to 9999",
        hint: "write it like \"2026-11-22T10:00:00Z\"")
    }
    return time
  }

  private static func read(
    _ cursor: JSONCursor, _ times: JobTimes, _ faults: FaultCollector
  ) throws(DocumentFault) -> JobSchedule {
    var block = try cursor.object()
    _ = faults.attempt(block.optional("note")) { try Remark.check($0) }
    let type = faults.attempt(block.optional("type")) { try kind($0) } ?? .onetime
    let parts = [
      block.optional("interval_minutes"), block.optional("start"), block.optional("end"),
    ]
    defer { faults.note(block.strangers().map { $0 }) }
    guard type == .recurring else {
      for part in parts.compactMap(\.self) { faults.note(onlyForRecurring(part)) }
      return .onetime
    }
    let (start, end) = (
      faults.attempt(parts[1]) { try time($0) }, faults.attempt(parts[2]) { try time($0) }
    )
    if let last = parts[2] {
      requireOrder("start", start, "end", end, last, faults)
      requireOrder("not_before", times.notBefore, "end", end, last, faults)
    }
    if let first = parts[1] {
      requireOrder("start", start, "expires", times.expires, first, faults)
    }
    guard let interval = parts[0] else {
      throw cursor.fault("missing_key", "a recurring job needs \"interval_minutes\"")
    }
    let minutes = Int(try interval.integer(in: 1...525_600))
    return .recurring(Recurrence(minutes: minutes, start: start, end: end))
  }

  private enum Kind: String { case onetime, recurring }

  private static func kind(_ cursor: JSONCursor) throws(DocumentFault) -> Kind {
    guard let kind = Kind(rawValue: try cursor.string()) else {
      throw cursor.fault("unknown_schedule", "a job is \"onetime\" or \"recurring\"")
    }
    return kind
  }

  private static func onlyForRecurring(_ cursor: JSONCursor) -> DocumentFault {
    cursor.fault(
      "contradiction", "this is for recurring jobs, and this job runs once",
      hint:
        "add \"type\": \"recurring\", or leave it out; \"not_before\" and \"expires\" say when a job may run once"
    )
  }

  private static func requireOrder(
    _ firstName: String, _ first: UTCTime?, _ lastName: String, _ last: UTCTime?,
    _ place: JSONCursor, _ faults: FaultCollector
  ) {
    guard let first, let last, last <= first else { return }
    faults.note(
      place.fault(
        "contradiction",
        "\"\(lastName)\" must be later than \"\(firstName)\", or the job never runs"))
  }
}
