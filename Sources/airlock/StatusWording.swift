import Keys
import Secrets
import Faults
import Foundation
import JSONText
import Jobs
import Policies
import Store

/// The status in plain words: a label, and what there is to know, the most urgent words first.
struct StatusWording {
  private let status: SiteStatus

  init(_ status: SiteStatus) { self.status = status }

  /// Two columns where there is room, else one below the other.
  func lines(width: Int) -> [String] {
    var last = ""
    return sections.flatMap { label, text in
      defer { last = label }
      return Columns(width: width).lay(label == last ? "" : label, text)
    }
  }

  private var sections: [(String, String)] {
    var sections = [("leaving", leaving)] + keys.map { ("keys", $0) } + [("snapshot", snapshot)]
    if let submissions { sections.append(("odk", submissions)) }
    sections += [("inbox", inbox), ("at work", work), ("held", held), ("drops", drops)]
    sections += jobs.map { ("jobs", $0) }
    sections += streams.map { ("archives", $0) }
    sections += answers.map { ("answers", $0) }
    sections += policies.map { ("policies", $0) }
    sections += RegistryWording(status.patches).lines.map { ("registry", $0) }
    return sections + [("disk", disk)]
  }

  /// Whether anything can leave, and if not, why.
  private var leaving: String {
    if status.policyFault != nil { return "NOTHING CAN LEAVE: the policy is broken" }
    if status.keysFault != nil { return "NOTHING CAN LEAVE: no key in keys/ is believed" }
    if status.hasUnfitKey { return "NOTHING CAN LEAVE: the site's own key may not be used" }
    if !status.missingCards.isEmpty {
      let names = status.missingCards.joined(separator: ", ")
      return "NOT TO \(names): no card in keys/ (airlock keys add CARD); the policy is sound"
    }
    return status.snapshot == nil && status.submissions == nil
      ? "nothing yet: no snapshot is in force; the policy is sound" : "the policy is sound"
  }

  /// Keys that are unfit, or end within a month.
  private var keys: [String] {
    if let fault = status.keysFault { return [Terminal.safe(fault.message)] }
    return status.keys.map { "\($0.state.fault == nil ? "" : "UNFIT: ")\($0.words)" }
  }

  private var snapshot: String {
    guard let snapshot = status.snapshot else { return "none in force: drop an export" }
    return words(snapshot, status.shownSnapshot, "\(grouped(snapshot.partners)) partners")
  }

  private var submissions: String? {
    status.submissions.map {
      words($0, status.shownSubmissions, "\(grouped($0.submissions)) submissions")
    }
  }

  /// A snapshot may be old although it was loaded just now: both times are told.
  private func words(
    _ snapshot: LoadedSnapshot, _ shown: String?, _ records: String
  ) -> String {
    let loaded = Int64(snapshot.loadedAt.timeIntervalSince1970)
    var parts = ["\(Terminal.safe(snapshot.dropName)): \(records)"]
    if let taken = snapshot.taken {
      let age = StatusTime.age(status.time - taken.seconds)
      parts.append("taken \(StatusTime.moment(taken.seconds)), \(age) ago")
    }
    parts.append(
      "loaded \(StatusTime.moment(loaded)), \(StatusTime.age(status.time - loaded)) ago")
    return parts.joined(separator: ", ") + (shown.map { "; digest \($0.prefix(16))" } ?? "")
  }

  private func grouped(_ count: Int) -> String { VerdictWording.grouped(Int64(count)) }

  private var inbox: String {
    if status.inboxState == .foreign {
      return "OF ANOTHER SITE: its marker file inbox/.airlock-inbox is not this site's"
    }
    guard status.hasInbox else {
      return "NOT MOUNTED: its marker file inbox/.airlock-inbox is missing"
    }
    guard let oldest = status.oldest else { return "empty" }
    let count = VerdictWording.grouped(Int64(status.waiting))
    return
      "\(count) waiting; the oldest, \(oldest.name), for \(StatusTime.age(oldest.age))"
  }

  private var work: String {
    status.unfinished == 0 ? "nothing unfinished" : "\(status.unfinished) unfinished"
  }

  private var held: String {
    let counts = [(status.held.quarantined, "quarantined"), (status.held.rejected, "rejected")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    guard !counts.isEmpty else { return "nothing waits for you" }
    return "\(counts.joined(separator: ", ")) in inbox/rejected wait for you"
  }

  private var drops: String {
    let counts = status.outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return counts.isEmpty ? "none yet" : counts.joined(separator: ", ") + " so far"
  }

  private var jobs: [String] { status.jobs.isEmpty ? ["none yet"] : status.jobs.map(words) }

  private func words(_ job: JobRecord) -> String {
    let hasFailed = job.state == .completed && job.runs == 0 && job.failed > 0
    let state = hasFailed ? "FAILED" : job.state.rawValue.uppercased()
    var parts = ["\(job.name) version \(job.version): \(state)"]
    if let next = job.nextRun {
      let wait = next - status.time
      parts.append(
        "next run \(StatusTime.moment(next)), \(wait > 0 ? "in \(StatusTime.age(wait))" : "due")")
    }
    if let minutes = job.intervalMinutes, job.nextRun != nil {
      parts.append("every \(StatusTime.age(Int64(minutes) * 60))")
    }
    if let last = job.lastRun { parts.append("last run \(StatusTime.moment(last))") }
    parts.append("\(job.runs) run\(job.runs == 1 ? "" : "s")")
    if job.failed > 0 { parts.append("\(job.failed) FAILED") }
    if job.skipped > 0 { parts.append("\(job.skipped) skipped") }
    return parts.joined(separator: ", ")
  }

  private var streams: [String] {
    guard !status.streams.isEmpty else { return ["none yet"] }
    return status.streams.map(words)
  }

  /// The most urgent first: archives that nobody has acknowledged for too long.
  private func words(_ stream: StreamState) -> String {
    var parts: [String] = []
    if stream.overdue > 0, let oldest = stream.oldestOverdue, let since = stream.overdueSince {
      parts.append(
        "\(stream.overdue) OVERDUE, the oldest number \(oldest) for \(StatusTime.age(status.time - since))"
      )
    }
    parts += [
      "\(stream.published) not acknowledged", "\(stream.collected) collected",
    ]
    if let first = stream.partly.first {
      let all = first.by.count + first.silent.count
      let more = stream.partly.count - 1
      parts.append(
        "number \(first.sequence) collected by \(first.by.count) of \(all) "
          + "(\(first.by.joined(separator: ", ")), not \(first.silent.joined(separator: ", ")))"
          + (more > 0 ? " and \(more) more so" : ""))
    }
    parts += [
      "\(stream.answered) answered", "last number \(stream.lastSequence)",
      "\(VerdictWording.grouped(Int64(stream.records))) records in all",
    ]
    return "\(stream.stream): " + parts.joined(separator: ", ")
  }

  private var policies: [String] {
    if let fault = status.policiesFault {
      return ["NONE OF THEM DELETES ANYTHING: \(Terminal.safe(fault.message))"]
    }
    return PolicyWording(status.policies, at: status.time).lines
  }

  /// Archives that lack answers or have refusals, and who is frozen.
  private var answers: [String] {
    let open = status.answers.filter { $0.missing > 0 || !$0.refused.isEmpty }
    let frozen =
      status.frozen == 0
      ? []
      : ["\(status.frozen) FROZEN: registrants whose tokens contradict each other (airlock frozen)"]
    return frozen + open.map(words)
  }

  private func words(_ archive: ArchiveAnswers) -> String {
    var parts = ["\(grouped(archive.sent)) sent", "\(grouped(archive.answered)) with a token"]
    parts += archive.refused.sorted { $0.key < $1.key }.map { "\(grouped($0.value)) \($0.key)" }
    if archive.missing > 0 {
      let late = archive.isOverdue(at: status.time) ? " OVERDUE" : ""
      parts.append("\(grouped(archive.missing)) missing\(late)")
    }
    return "\(archive.stream) \(archive.sequence): " + parts.joined(separator: ", ")
  }

  private var disk: String {
    let gibibytes = Double(status.freeBytes) / Double(1 << 30)
    return String(format: "%.1f GiB free", gibibytes)
  }
}

/// Times as a tired operator reads them.
enum StatusTime {
  /// `2026-11-22 10:00 UTC`
  static func moment(_ seconds: Int64) -> String {
    let text = UTCTime(clamping: seconds).text
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
  }

  /// The largest unit that there are two of, rounded down: `90 seconds`, `3 hours`.
  static func age(_ seconds: Int64) -> String {
    let units: [(String, Int64)] = [("day", 86_400), ("hour", 3_600), ("minute", 60)]
    for (name, length) in units {
      if seconds >= 2 * length { return "\(seconds / length) \(name)s" }
      if seconds == length { return "1 \(name)" }
    }
    return seconds == 1 ? "1 second" : "\(max(0, seconds)) seconds"
  }
}
