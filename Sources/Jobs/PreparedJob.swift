import Archives
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

  /// - Throws: why the job cannot be run: the reason of its verdict.
  init(_ document: JSONDocument, digest: Digest, on site: Site, policy: PolicyInForce) throws {
    let (policy, policyDigest) = try policy.policy()
    let manifest = try ManifestDecoder.decode(document)
    let stream = try PolicyCheck(policy).stream(for: manifest)
    let keys = try KeyFolder(site.keys)
    recipients = try stream.recipients.map { try keys.card(named: $0) }
    snapshot = try SnapshotStore.open(site.store, manifest.input.store, bounds: site.bounds)
    plan = try JobPlan(manifest, policy: policy, over: snapshot)
    sources = JobRun.Sources(
      snapshot: snapshot.summary.digest, manifest: digest, policy: policyDigest)
  }
}
