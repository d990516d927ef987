import JSONText
import Jobs
import Policies

/// How VID-deletion policies stand, in words and as JSON: names, counts and reasons.
struct PolicyWording {
  private let policies: [PolicyStatus]
  private let time: Int64

  /// - Parameter time: now, in seconds since 1970.
  init(_ policies: [PolicyStatus], at time: Int64) { (self.policies, self.time) = (policies, time) }

  /// How a policy stands, then what was found, what it last deleted, and why it deletes nothing.
  var lines: [String] { policies.flatMap(words) }

  private func words(_ policy: PolicyStatus) -> [String] {
    var parts = [state(policy)]
    if let minutes = policy.intervalMinutes, policy.state != .off {
      parts.append("every \(StatusTime.age(Int64(minutes) * 60))")
    }
    parts += looks(policy)
    let first = "\(Terminal.safe(policy.name)): " + parts.joined(separator: ", ")
    return [first] + (policy.found.map(words) ?? []) + (policy.lastRun.map(words) ?? [])
      + policy.reasons.flatMap { words($0, isOfLook: policy.state == .stopped) }
  }

  private func state(_ policy: PolicyStatus) -> String {
    switch policy.state {
    case .on: "ON"
    case .off: "off"
    case .faulty: "FAULTY, deletes nothing"
    case .stopped: "STOPPED, deletes nothing"
    }
  }

  private func looks(_ policy: PolicyStatus) -> [String] {
    guard policy.state != .off || policy.looked != nil else { return [] }
    guard let looked = policy.looked else { return ["not looked at yet"] }
    guard let next = policy.next else { return ["looked at \(StatusTime.moment(looked))"] }
    let wait = next > time ? "in \(StatusTime.age(next - time))" : "is due"
    return ["looked at \(StatusTime.moment(looked))", "the next look \(wait)"]
  }

  private func words(_ found: PolicyFinding.Counts) -> [String] {
    let kept = found.leftOut.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) \($0.key)" }
    let first =
      "found \(grouped(found.toDelete)) of \(grouped(found.vids)) VIDs to delete, of \(grouped(found.registrants)) of \(grouped(found.matched)) registrants"
    return [first] + (kept.isEmpty ? [] : ["left out: \(kept.joined(separator: ", "))"])
  }

  private func words(_ run: PolicyStatus.Run) -> [String] {
    let certificate = run.certificate.map { ", outbox/\($0)" } ?? ""
    return [
      "last run \(StatusTime.moment(run.at)): \(grouped(run.deleted)) VIDs deleted\(certificate)"
    ]
  }

  /// What stopped a look may be mended by now; what makes a policy faulty is not.
  private func words(_ reason: Verdict.Reason, isOfLook: Bool) -> [String] {
    let when = isOfLook ? "at that look, " : ""
    return [Terminal.safe("\(when)\(reason.code): \(reason.message)")]
      + (reason.hint.map { [Terminal.safe("hint: \($0)")] } ?? [])
  }

  var json: JSON { .array(policies.map(document)) }

  private func document(_ policy: PolicyStatus) -> JSON {
    [
      "name": .string(policy.name), "state": .string(policy.state.rawValue),
      "enabled": policy.isEnabled.map(JSON.bool) ?? .null,
      "interval_minutes": policy.intervalMinutes.map { .count($0) } ?? .null,
      "looked": moment(policy.looked), "next_look": moment(policy.next),
      "found": policy.found.map(document) ?? .null,
      "reasons": .array(policy.reasons.map(\.json)),
      "last_run": policy.lastRun.map { run in
        [
          "at": moment(run.at), "deleted": .int(run.deleted),
          "certificate": run.certificate.map(JSON.string) ?? .null,
        ]
      } ?? .null,
    ]
  }

  private func document(_ found: PolicyFinding.Counts) -> JSON {
    let leftOut = found.leftOut.sorted { $0.key < $1.key }
    return [
      "matched": .count(found.matched), "registrants": .count(found.registrants),
      "to_delete": .count(found.toDelete), "vids": .count(found.vids),
      "left_out": .object(leftOut.map { JSON.Member($0.key, .count($0.value)) }),
    ]
  }

  private func moment(_ seconds: Int64?) -> JSON {
    seconds.map { .string(UTCTime(clamping: $0).text) } ?? .null
  }

  private func grouped(_ count: some BinaryInteger) -> String {
    VerdictWording.grouped(Int64(count))
  }
}
