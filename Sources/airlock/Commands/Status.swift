import Files
import Keys
import Secrets
import ArgumentParser
import Foundation
import JSONText
import Jobs
import Policies
import Store

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How a site stands: what waits, what runs next, what went out.",
    discussion: """
      Takes no lock, and changes nothing: it may run beside a watcher.
      Exit status 1: nothing can leave, or a VID-deletion policy is faulty;
      4: the inbox is not mounted.

      Example:
        airlock status --root registry
      """)

  @OptionGroup var options: SiteOptions
  @Flag(name: .long, help: "As JSON.") var json = false

  func run() throws {
    let status = try SiteStatus(of: options.site())
    if json {
      Terminal.sayWhole(StatusDocument(status).json.pretty())
    } else {
      for line in StatusWording(status).lines(width: TerminalWidth.current) { Terminal.say(line) }
      if let fault = status.policyFault { Terminal.complain(fault) }
    }
    guard status.hasInbox else { throw ExitCode(4) }
    if status.policyFault != nil || status.hasUnfitKey || status.hasFaultyPolicy {
      throw ExitCode(1)
    }
  }
}

/// The status for programs.
struct StatusDocument {
  private let status: SiteStatus

  init(_ status: SiteStatus) { self.status = status }

  var json: JSON {
    let outcomes = status.outcomes.sorted { $0.key < $1.key }
    return [
      "at": time(status.time),
      "snapshot": words(
        status.snapshot, status.shownSnapshot, "partners", \.partners),
      "odk": words(
        status.submissions, status.shownSubmissions, "submissions", \.submissions),
      "inbox_mounted": .bool(status.hasInbox),
      "waiting": .count(status.waiting), "oldest_waiting": oldest,
      "unfinished": .count(status.unfinished),
      "held": [
        "rejected": .count(status.held.rejected), "quarantined": .count(status.held.quarantined),
      ],
      "drops": .object(outcomes.map { JSON.Member($0.key, .count($0.value)) }),
      "jobs": .array(status.jobs.map(job)), "streams": .array(status.streams.map(stream)),
      "answers": .array(status.answers.map(answers)), "frozen": .count(status.frozen),
      "policies": PolicyWording(status.policies, at: status.time).json,
      "policies_fault": status.policiesFault.map { Verdict.Reason($0).json } ?? .null,
      "registry": RegistryWording(status.patches).json,
      "policy": status.policyFault.map { Verdict.Reason($0).json } ?? ["sound": true],
      "keys": .array(status.keys.map(key)),
      "keys_fault": status.keysFault.map { Verdict.Reason($0).json } ?? .null,
      "missing_cards": .array(status.missingCards.map(JSON.string)),
      "free_bytes": .count(status.freeBytes),
    ]
  }

  private func key(_ key: KeyNotice) -> JSON {
    [
      "name": .string(key.card.name.text), "key_id": .string(key.card.keyID.hex),
      "own": .bool(key.isOwn), "state": .string(key.state.word.rawValue),
      "days_left": key.state.daysLeft.map { .int($0) } ?? .null, "message": .string(key.words),
    ]
  }

  private func words(
    _ snapshot: LoadedSnapshot?, _ shown: String?, _ records: String,
    _ count: (LoadedSnapshot) -> Int
  ) -> JSON {
    guard let snapshot else { return .null }
    let counts = snapshot.counts.sorted { $0.key < $1.key }
    return [
      "drop": .string(snapshot.dropName), "digest": shown.map(JSON.string) ?? .null,
      records: .count(count(snapshot)),
      "taken": snapshot.taken.map { .string($0.text) } ?? .null,
      "loaded_at": time(Int64(snapshot.loadedAt.timeIntervalSince1970)),
      "records": .object(counts.map { JSON.Member($0.key, .count($0.value)) }),
    ]
  }

  private var oldest: JSON {
    guard let oldest = status.oldest else { return .null }
    return ["drop": .string(oldest.name.description), "seconds": .int(oldest.age)]
  }

  private func job(_ job: JobRecord) -> JSON {
    [
      "name": .string(job.name), "version": .count(job.version), "type": .string(job.kind.rawValue),
      "state": .string(job.state.rawValue), "stream": .string(job.stream),
      "interval_minutes": job.intervalMinutes.map { .count($0) } ?? .null,
      "last_run": job.lastRun.map(time) ?? .null, "next_run": job.nextRun.map(time) ?? .null,
      "ends": job.ends.map(time) ?? .null, "runs": .count(job.runs), "failed": .count(job.failed),
      "skipped": .count(job.skipped),
    ]
  }

  private func stream(_ stream: StreamState) -> JSON {
    [
      "stream": .string(stream.stream), "archives": .count(stream.archives),
      "unacknowledged": .count(stream.published), "published": .count(stream.published),
      "collected": .count(stream.collected), "answered": .count(stream.answered),
      "overdue": .count(stream.overdue), "oldest_overdue": oldestOverdue(stream),
      "last_sequence": .int(stream.lastSequence), "records": .count(stream.records),
      "partly_collected": .array(stream.partly.map(partly)),
    ]
  }

  private func partly(_ archive: PartlyCollected) -> JSON {
    [
      "sequence": .int(archive.sequence), "by": .array(archive.by.map(JSON.string)),
      "silent": .array(archive.silent.map(JSON.string)),
    ]
  }

  private func answers(_ archive: ArchiveAnswers) -> JSON {
    let refused = archive.refused.sorted { $0.key < $1.key }
    return [
      "stream": .string(archive.stream), "sequence": .int(archive.sequence),
      "sent": .count(archive.sent), "answered": .count(archive.answered),
      "refused": .object(refused.map { JSON.Member($0.key, .count($0.value)) }),
      "missing": .count(archive.missing), "overdue": .bool(archive.isOverdue(at: status.time)),
    ]
  }

  private func oldestOverdue(_ stream: StreamState) -> JSON {
    guard let sequence = stream.oldestOverdue, let since = stream.overdueSince else { return .null }
    return [
      "sequence": .int(sequence), "shown": time(since), "seconds": .int(status.time - since),
    ]
  }

  private func time(_ seconds: Int64) -> JSON { .string(UTCTime(clamping: seconds).text) }
}
