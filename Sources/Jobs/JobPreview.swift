import Archives
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
  /// What the site shows for its digest, in hex; nil where it has not shown anything yet.
  package let shownSnapshot: String?
  package let counts: JobCounts
  /// Bytes of the payload, packed and compressed.
  package let payloadBytes: Int64

  /// - Throws: the fault that the job's verdict would give as its reason.
  package init(manifest path: String, on site: Site, clock: WallClock) throws {
    let policy = PolicyInForce.read(site)
    let content = try JobPreview.content(of: path, policy.intake)
    switch content {
    case .document(let document, "job", let digest):
      let job = try PreparedJob(document, digest: digest, on: site, policy: policy, at: clock.now)
      plan = job.plan
      snapshot = job.snapshot.summary
      shownSnapshot = (try? SiteSalts(existingIn: site.store))?.snapshot(snapshot.digest).hex
      let resend = try ResendGuard(
        previewing: plan.manifest.resend, on: plan.manifest.recipient, site, at: clock.now.seconds)
      (counts, payloadBytes) = try JobRun(plan, digests: .none, clock: clock, resend: resend)
        .count(over: job.snapshot)
    case .broken(let fault, _): throw fault
    case .document, .snapshot, .archive, .result:
      throw JobFault(
        code: "not_a_manifest", message: "this file is not a job manifest",
        hint: "a manifest is a JSON document with \"airlock\": \"job\" on top")
    }
  }

  /// The name of the job that a manifest stops; nil if it is not one that stops a job.
  package static func stoppedJob(manifest path: String, on site: Site) throws -> String? {
    let content = try content(of: path, PolicyInForce.read(site).intake)
    guard case .document(let document, "job", _) = content,
      case .stop(let name) = ManifestDecoder.read(document).order
    else { return nil }
    return name
  }

  private static func content(of path: String, _ limits: IntakeLimits) throws -> DropContent {
    try DropContent.recognise(limit: limits.manifestBytes, depth: limits.depth) { bound in
      try OpenFile(path: path, rules: .named(limit: bound))
    }
  }
}
