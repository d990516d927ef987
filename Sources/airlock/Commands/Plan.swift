import Language
import Secrets
import Store
import ArgumentParser
import JSONText
import Jobs
import Policies

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Dry run of a job: who would be sent, what of them, who would be left out and why.",
    discussion: "Example:\n  airlock plan job.json --root registry")

  @Argument(help: "The manifest.") var manifest: String
  @OptionGroup var options: SiteOptions
  @Flag(name: .long, help: "As JSON.") var json = false

  func run() throws {
    let site = try options.site(needsInbox: false)
    if let name = try JobPreview.stoppedJob(manifest: manifest, on: site) {
      if json { return Terminal.sayWhole((["stops": .string(name)] as JSON).pretty()) }
      return Terminal.say("it stops the job \(name); there is nothing to plan")
    }
    let preview = try JobPreview(manifest: manifest, on: site, clock: .system)
    let (counts, plan) = (preview.counts, preview.plan)
    if json { return Terminal.sayWhole(document(preview).pretty()) }
    Terminal.say("job       \(plan.manifest.name), to \(plan.manifest.recipient)")
    Terminal.say("snapshot  \(preview.shownSnapshot ?? preview.snapshot.dropName)")
    Terminal.say("fields    \(plan.manifest.leavingFields.map(\.name).joined(separator: ", "))")
    Terminal.say("matched   \(VerdictWording.grouped(Int64(counts.matched)))")
    Terminal.say(
      "sent      \(VerdictWording.grouped(Int64(counts.sent))) in \(VerdictWording.grouped(Int64(counts.batches))) batch\(counts.batches == 1 ? "" : "es")"
    )
    for (reason, count) in counts.leftOutByCode.sorted(by: { $0.key < $1.key }) {
      Terminal.say("left out  \(VerdictWording.grouped(Int64(count))) \(reason)")
    }
    Terminal.say("payload   \(VerdictWording.grouped(preview.payloadBytes)) bytes, compressed")
    for warning in plan.warnings + counts.warnings {
      Terminal.warn(warning.message, hint: warning.hint)
    }
  }

  private func document(_ preview: JobPreview) -> JSON {
    let report = JobReport(
      name: preview.plan.manifest.name, recipient: preview.plan.manifest.recipient,
      matched: preview.counts.matched, sent: preview.counts.sent,
      leftOut: preview.counts.leftOutByCode, batches: preview.counts.batches,
      snapshotDigest: preview.shownSnapshot ?? "unknown", archive: nil)
    return [
      "job": report.json,
      "fields": .array(preview.plan.manifest.leavingFields.map { .string($0.name) }),
      "payload_bytes": .int(preview.payloadBytes),
      "warnings": .array((preview.plan.warnings + preview.counts.warnings).map(\.json)),
    ]
  }
}
