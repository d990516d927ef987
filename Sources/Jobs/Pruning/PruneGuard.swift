package import Faults
import Policies
import Secrets
import Store

/// The bound on how many VIDs one run deletes: beyond it the run stops and asks.
struct PruneGuard {
  private let policy: VIDDeletionPolicy
  private let plan: PrunePlan

  init(_ policy: VIDDeletionPolicy, _ plan: PrunePlan) { (self.policy, self.plan) = (policy, plan) }

  /// Which bound the run goes over; nil for none.
  var objection: String? {
    let count = plan.items.count
    if let most = policy.mostVIDs, count > most { return "at_most.vids is \(most)" }
    guard count * 100 > plan.vids * policy.mostPercent else { return nil }
    return "at_most.percent is \(policy.mostPercent), of the snapshot's \(plan.vids) VIDs"
  }

  /// What lets this very list through, and no other: the first digits of its digest.
  var code: String { String(plan.digest.hex.prefix(12)) }

  /// - Parameter approved: the digest of the list that the operator let through, in hex.
  /// - Returns: why the run must stop and ask; nil if it need not.
  func fault(_ name: String, approved: String?) -> PruneFault? {
    guard let objection, approved != plan.digest.hex else { return nil }
    return PruneFault.overLimit(name, plan.items.count, objection, code: code)
  }
}

/// Why a policy deletes nothing.
package struct PruneFault: Fault, Equatable {
  package let code: String
  package let message: String
  package let hint: String?
  package let blame: Blame

  private init(_ code: String, _ message: String, hint: String?, _ blame: Blame = .input) {
    (self.code, self.message, self.hint, self.blame) = (code, message, hint, blame)
  }

  static func overLimit(
    _ policy: String, _ count: Int, _ objection: String, code: String
  ) -> PruneFault {
    PruneFault(
      "over_limit",
      "the policy \(policy) would delete \(count) VIDs, which is more than it may at a time (\(objection)): nothing was deleted",
      hint:
        "look at the list: airlock prune --policy \(policy) --dry-run; to let this very list through: airlock prune --policy \(policy) --confirm \(code)"
    )
  }

  static func unknown(_ policy: String, among names: [String]) -> PruneFault {
    let known = names.isEmpty ? "there is none in policies/" : names.joined(separator: ", ")
    return PruneFault(
      "unknown_policy", "there is no VID-deletion policy of that name",
      hint: "policies of this site: \(known)", .usage)
  }

  static func isOff(_ policy: String) -> PruneFault {
    PruneFault(
      "policy_off", "the policy \(policy) is off",
      hint:
        "\"enabled\": true in policies/\(policy).json switches it on; --dry-run works all the same"
    )
  }

  static let noSnapshot = PruneFault(
    "no_snapshot", "there is no snapshot in force, so there is nothing to delete",
    hint: "drop one into inbox/")

  static func otherList(_ policy: String) -> PruneFault {
    PruneFault(
      "other_list",
      "what the policy \(policy) would delete now is another list than the one confirmed",
      hint: "look at it again: airlock prune --policy \(policy) --dry-run")
  }
}
