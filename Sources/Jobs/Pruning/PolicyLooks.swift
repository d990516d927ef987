package import Faults
import Files
import JSONText
import Policies
import Secrets
import Store

/// Looks at the VID-deletion policies whose time has come. A look writes nothing but what it saw; what
/// it finds to delete becomes a drop of our own, and goes the way of every drop. A faulty policy
/// deletes nothing and hinders no other.
package struct PolicyLooks {
  private let processing: DropProcessing

  init(_ processing: DropProcessing) { self.processing = processing }

  private var site: Site { processing.site }

  /// - Parameters:
  ///   - names: these now, whatever the time; nil for all that are due.
  ///   - complain: told why a policy deletes nothing, whenever that is news.
  /// - Returns: how many runs were begun.
  package func begin(_ names: Set<String>? = nil, complain: (any Fault) -> Void) throws -> Int {
    let entries: [DeletionPolicies.Entry]
    do { entries = try self.entries() } catch let fault as any Fault {
      complain(fault)
      return 0
    }
    guard !entries.isEmpty, try !processing.journal.hasUnfinishedOwnDrop() else { return 0 }
    let looks = try known()
    var begun = 0
    for entry in entries where names?.contains(entry.name) ?? true {
      var look = looks[entry.name] ?? PolicyLook(policy: entry.name, next: 0)
      let now = processing.clock.now.seconds
      guard names != nil || look.next <= now else { continue }
      let before = look.found
      let sight = try sight(of: entry, look, now, isAsked: names != nil)
      if let finding = sight.finding { (look.found, look.looked) = (finding.text, now) }
      (look.basis, look.next) = (sight.basis, now + 60 * Int64(entry.minutes))
      if let fault = sight.fault, names != nil || before != look.found { complain(fault) }
      if let (plan, text) = sight.run,
        let drop = try OwnDrops(processing).begin(.prune, of: entry.name, text)
      {
        processing.plans.keep(plan, for: drop, basis: sight.basis)
        // Whatever becomes of the run, the next look looks.
        look.basis = nil
        begun += 1
      }
      try TokenStore(in: site.store).keep(look)
    }
    return begun
  }

  /// How long until a policy is due; nil if there is none.
  package func untilNext() throws -> Duration? {
    let entries = try entries()
    guard !entries.isEmpty else { return nil }
    let looks = try known()
    let next = entries.map { looks[$0.name]?.next ?? 0 }.min() ?? 0
    return max(.seconds(1), .seconds(next - processing.clock.now.seconds))
  }

  /// Those that are on; one that is broken has something to say. None without a snapshot.
  private func entries() throws -> [DeletionPolicies.Entry] {
    guard try site.store.exists(SnapshotKind.registry.fileName) else { return [] }
    return try DeletionPolicies.read(site).filter(\.isOn)
  }

  private func known() throws -> [String: PolicyLook] {
    try TokenStore.exists(in: site.store) ? TokenStore(in: site.store).policyLooks() : [:]
  }

  /// What a look came to.
  private struct Sight {
    /// Nil where nothing has changed since the last look.
    var finding: PolicyFinding?
    var basis: String?
    /// Why nothing is deleted.
    var fault: (any Fault)?
    /// If it is to be run: what was found, and the policy's bytes.
    var run: (plan: PlannedDeletion, text: [UInt8])?
  }

  private func sight(
    of entry: DeletionPolicies.Entry, _ look: PolicyLook, _ now: Int64, isAsked: Bool
  ) throws -> Sight {
    do {
      let (policy, digest) = try entry.sound()
      let basis = try processing.basis(digest)
      // A token may have become old enough; else the same store gives the same answer.
      guard look.basis != basis || isAsked || policy.holdHours > 0 else {
        return Sight(basis: basis)
      }
      let planned = try PlannedDeletion(entry.name, policy, digest: digest, processing, at: now)
      let fault = PruneGuard(policy, planned.plan).fault(entry.name, approved: look.approved)
      var sight = Sight(
        finding: PolicyFinding(planned.plan, stoppedBy: fault), basis: basis, fault: fault)
      if fault == nil, !planned.plan.items.isEmpty {
        sight.run = (planned, try DeletionPolicies.text(named: entry.name, on: site))
      }
      return sight
    } catch let fault as any Fault {
      if (fault as? StoreFault)?.isStop ?? false { throw fault }
      return Sight(finding: PolicyFinding(fault), fault: fault)
    }
  }

}

extension DropProcessing {
  /// The state of all that a plan depends on but the time.
  /// - Parameter digest: of the policy.
  func basis(_ digest: Digest) throws -> String {
    let summary = try SnapshotStore.open(site.store).summary
    let siteDigest = try PolicyInForce.read(site).policy().digest
    let revision = try TokenStore(in: site.store).revision
    return [
      summary.digest.hex, summary.overlay ?? "-", String(revision), digest.hex, siteDigest.hex,
    ].joined(separator: " ")
  }
}

/// The plan that a look has just made: the run that it began does not make it again, as long as
/// nothing has changed.
final class KeptPlan {
  private var kept: (run: Int64, basis: String?, plan: PlannedDeletion)?

  func keep(_ plan: PlannedDeletion, for run: Drop, basis: String?) {
    kept = (run.id, basis, plan)
  }

  /// Gives it away, once.
  func take(for run: Drop, basis: String) -> PlannedDeletion? {
    defer { kept = nil }
    guard let kept, kept.run == run.id, kept.basis == basis else { return nil }
    return kept.plan
  }
}

extension DeletionPolicies.Entry {
  var isOn: Bool {
    if case .sound(let policy, _) = state { return policy.isEnabled }
    return true
  }

  fileprivate var minutes: Int {
    if case .sound(let policy, _) = state { return policy.intervalMinutes }
    return 1
  }

  /// - Throws: what is wrong with it.
  func sound() throws -> (VIDDeletionPolicy, Digest) {
    switch state {
    case .sound(let policy, let digest): return (policy, digest)
    case .broken(let fault): throw fault
    }
  }
}

extension DropProcessing {
  package var policies: PolicyLooks { PolicyLooks(self) }
}
