import Secrets
import ArgumentParser
import Foundation
import JSONText
import Jobs
import Policies
import Store

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How a site stands.",
    discussion: "Example:\n  airlock status --root registry")

  @OptionGroup var options: SiteOptions
  @Flag(name: .long, help: "As JSON.") var json = false

  func run() throws {
    let status = try SiteStatus(of: options.site())
    if json { return Terminal.sayWhole(document(status).pretty()) }
    if let snapshot = status.snapshot {
      Terminal.say(
        "snapshot    \(snapshot.dropName), \(VerdictWording.grouped(Int64(snapshot.partners))) partners, loaded \(time(snapshot.loadedAt))"
      )
      Terminal.say("            digest \(snapshot.digest.hex)")
    } else {
      Terminal.say("snapshot    none in force")
    }
    if !status.hasInbox {
      Terminal.say("inbox       NOT MOUNTED: its marker file .airlock-inbox is missing")
    }
    Terminal.say("waiting     \(status.waiting) in the inbox, \(status.unfinished) being worked on")
    let outcomes = status.outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    Terminal.say("drops       \(outcomes.isEmpty ? "none yet" : outcomes.joined(separator: ", "))")
    for stream in status.streams {
      Terminal.say(
        "stream      \(stream.stream): \(stream.archives) archives, last number \(stream.lastSequence), \(VerdictWording.grouped(Int64(stream.records))) records in all"
      )
    }
    if let fault = status.policyFault {
      Terminal.say("policy      BROKEN: nothing can leave")
      Terminal.complain(fault)
      throw ExitCode(1)
    }
    Terminal.say("policy      sound")
    for name in status.missingCards {
      Terminal.warn(
        "there is no card of the recipient \(name): nothing can be sealed to it",
        hint: "airlock keys add CARD")
    }
    guard status.hasInbox else { throw ExitCode(4) }
  }

  private func document(_ status: SiteStatus) -> JSON {
    let snapshot = status.snapshot.map { snapshot in
      [
        "drop": .string(snapshot.dropName), "digest": .string(snapshot.digest.hex),
        "partners": .count(snapshot.partners), "loaded_at": .string(time(snapshot.loadedAt)),
      ] as JSON
    }
    let streams = status.streams.map { stream in
      [
        "stream": .string(stream.stream), "archives": .count(stream.archives),
        "last_sequence": .int(stream.lastSequence), "records": .count(stream.records),
      ] as JSON
    }
    return [
      "snapshot": snapshot ?? .null, "waiting": .count(status.waiting),
      "unfinished": .count(status.unfinished), "inbox_mounted": .bool(status.hasInbox),
      "missing_cards": .array(status.missingCards.map(JSON.string)),
      "drops": .object(
        status.outcomes.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .count($0.value)) }),
      "streams": .array(streams),
      "policy": status.policyFault.map { Verdict.Reason($0).json } ?? ["sound": true],
    ]
  }

  private func time(_ date: Date) -> String { date.formatted(.iso8601) }
}
