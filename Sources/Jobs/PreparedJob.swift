import Archives
import Faults
import JSONText
import Keys
import Language
import Policies
import Secrets
import Store

/// A manifest with all that a run of it needs, checked: what a drop, `plan` and `check` have in common.
struct PreparedJob {
  let plan: JobPlan
  let snapshot: SnapshotStore
  let recipients: [Card]
  let sources: JobRun.Sources

  /// - Throws: a `FaultList` of all the reasons why the job cannot be run, the first of which is that
  ///   of its verdict; or a single fault of what can only be asked of a sound manifest.
  init(
    _ document: JSONDocument, digest: Digest, on site: Site, policy: PolicyInForce, at now: UTCTime
  ) throws {
    let reading = ManifestDecoder.read(document)
    var objections = JobObjections(reading)
    let inForce = objections.attempt { try policy.policy() }
    if let inForce { objections.hold(against: inForce.policy) }
    let cards = inForce.flatMap {
      PreparedJob.cards(of: reading, $0.policy, site, now, &objections)
    }
    let opened = objections.attempt {
      try SnapshotStore.open(site.store, reading.parts.input.store, bounds: site.bounds)
    }
    if let opened { objections.hold(against: opened.catalog) }
    try objections.raise()
    guard let (policy, policyDigest) = inForce, let cards, let opened else {
      throw JobFault(
        code: "internal_error", message: "a job without objections lacks what it needs", blame: .bug
      )
    }
    (recipients, snapshot) = (cards, opened)
    plan = try JobPlan(ManifestDecoder.decode(document), policy: policy, over: opened)
    sources = JobRun.Sources(
      snapshot: opened.summary.digest, manifest: digest, policy: policyDigest)
  }

  /// The cards of the recipients; nil where there is no stream.
  private static func cards(
    of reading: ManifestReading, _ policy: SitePolicy, _ site: Site, _ now: UTCTime,
    _ objections: inout JobObjections
  ) -> [Card]? {
    guard let stream = reading.parts.recipient.flatMap({ policy.streams[$0] }) else { return nil }
    return objections.attempt {
      let keyring = try site.keyring()
      return try stream.recipients.map { try keyring.recipient(named: $0, at: now) }
    }
  }
}
