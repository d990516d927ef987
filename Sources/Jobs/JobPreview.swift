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
    let policy = PolicyInForce.read(site)
    let content = try DropContent.recognise(
      limit: policy.intake.manifestBytes, depth: policy.intake.depth
    ) { bound in
      try OpenFile(path: path, rules: .named(limit: bound))
    }
    switch content {
    case .document(let document, "job", let digest):
      let job = try PreparedJob(document, digest: digest, on: site, policy: policy)
      plan = job.plan
      snapshot = job.snapshot.summary
      let resend = try ResendGuard(
        previewing: plan.manifest.resend, on: plan.manifest.recipient, site, at: clock.now.seconds)
      (counts, payloadBytes) = try JobRun(plan, sources: job.sources, clock: clock, resend: resend)
        .count(over: job.snapshot)
    case .broken(let fault, _): throw fault
    case .document, .snapshot, .archive:
      throw JobFault(
        code: "not_a_manifest", message: "this file is not a job manifest",
        hint: "a manifest is a JSON document with \"airlock\": \"job\" on top")
    }
  }
}
