import Files
import JSONText
import Language
import Policies
import Secrets
package import Store

/// A dry run of a job: everything but the sealing.
package struct JobPreview: Sendable {
  package let plan: JobPlan
  package let snapshot: LoadedSnapshot
  package let counts: JobCounts
  /// Bytes of the payload, packed and compressed.
  package let payloadBytes: Int64

  /// - Throws: the fault that the job's verdict would give as its reason.
  package init(manifest path: String, on site: Site, clock: WallClock) throws {
    let bytes = try OpenFile(path: path, rules: .named(limit: IntakeLimits().manifestBytes))
      .readAll()
    let manifest = try ManifestDecoder.decode(JSONDocument(parsing: bytes))
    let (policy, digest) = try PolicyInForce.read(site).policy()
    let store = try SnapshotStore.open(site.store)
    plan = try JobPlan(manifest, policy: policy, over: store)
    snapshot = store.summary
    let sources = JobRun.Sources(
      snapshot: snapshot.digest, manifest: Digest(of: bytes), policy: digest)
    (counts, payloadBytes) = try JobRun(plan, sources: sources, clock: clock).count(over: store)
  }
}
