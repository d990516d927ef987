package import Faults
package import Files
import Glibc
package import Policies
package import Secrets
package import Snapshots

/// The site policy as it lies on the disk. Without one that can be read whole, nothing leaves.
package enum PolicyInForce: Sendable {
  case sound(SitePolicy, digest: Digest)
  case broken(any Fault)

  package static let name: EntryName = "site.json"

  package static func read(_ site: Site) -> PolicyInForce {
    do {
      try site.policies.requireTrusted()
      let file = try OpenFile(
        name, in: site.policies, rules: OpenRules(limit: 4 << 20, owners: [0, geteuid()]))
      guard !file.status.isWritableByOthers else {
        return .broken(
          JobFault(
            code: "no_policy", message: "policies/site.json can be written to by others",
            hint: "chmod go-w policies/site.json", blame: .environment))
      }
      let text = try file.readAll()
      return .sound(try SitePolicyDecoder.decode(text), digest: Digest(of: text))
    } catch let fault as any Fault {
      return .broken(
        JobFault(
          code: "no_policy", message: "policies/site.json: \(fault.message)",
          hint: fault.hint ?? "nothing leaves without a policy that can be read"))
    } catch {
      return .broken(
        JobFault(
          code: "no_policy", message: "policies/site.json cannot be read", blame: .environment))
    }
  }

  /// Bounds on what comes in; the usual ones where no policy can be read.
  package var intake: IntakeLimits {
    if case .sound(let policy, _) = self { return policy.intake }
    return IntakeLimits()
  }

  /// - Throws: why there is none.
  package func policy() throws -> (policy: SitePolicy, digest: Digest) {
    switch self {
    case .sound(let policy, let digest): return (policy, digest)
    case .broken(let fault): throw fault
    }
  }
}

extension IntakeLimits {
  /// The bounds on one record and its nesting, for the readers of snapshots.
  package var snapshot: SnapshotLimits {
    var limits = SnapshotLimits()
    (limits.recordBytes, limits.depth) = (lineBytes, depth)
    limits.language = language
    return limits
  }

  /// The bounds on what a packed drop unfolds to.
  package var unfolding: DropLimits {
    var limits = DropLimits()
    (limits.expandedBytes, limits.entries) = (expandedBytes, entries)
    return limits
  }
}
