package import Faults
import JSONText
package import Policies
import Secrets
package import Store

/// Dry runs of VID-deletion policies. Takes no lock, and deletes nothing.
package struct DeletionPreview {
  package let name: String
  package let plan: PrunePlan
  package let policy: VIDDeletionPolicy
  /// Why a run would stop and ask; nil if it would not.
  package let stop: PruneFault?
  /// What lets this very list through.
  package let code: String

  /// - Parameter name: one policy, be it on or off; nil for all that are on.
  /// - Throws: `unknown_policy`; what is wrong with the one that is named.
  package static func all(
    named name: String?, on site: Site, clock: WallClock, complain: (any Fault) -> Void
  ) throws -> [DeletionPreview] {
    let entries = try DeletionPolicies.read(site)
    let names = entries.map(\.name)
    if let name, !names.contains(name) { throw PruneFault.unknown(name, among: names) }
    var previews: [DeletionPreview] = []
    for entry in entries where name.map({ $0 == entry.name }) ?? entry.isOn {
      do {
        previews.append(try DeletionPreview(entry, on: site, clock: clock))
      } catch let fault as any Fault where name == nil {
        complain(fault)
      }
    }
    return previews
  }

  private init(_ entry: DeletionPolicies.Entry, on site: Site, clock: WallClock) throws {
    let (policy, digest) = try entry.sound()
    let planned = try PlannedDeletion(
      entry.name, policy, digest: digest, on: site, at: clock.now.seconds)
    (name, plan, self.policy) = (entry.name, planned.plan, policy)
    let guarding = PruneGuard(policy, plan)
    let approved = try TokenStore(in: site.store).policyLooks()[name]?.approved
    (stop, code) = (guarding.fault(name, approved: approved), guarding.code)
  }

  /// Lets this list through once, whatever its length; another list stops again.
  /// - Parameter code: what the dry run said.
  /// - Throws: `other_list`, `policy_off`.
  package func approve(_ code: String, on site: Site) throws {
    guard policy.isEnabled else { throw PruneFault.isOff(name) }
    guard code == self.code else { throw PruneFault.otherList(name) }
    let tokens = try TokenStore(in: site.store)
    var look = try tokens.policyLooks()[name] ?? PolicyLook(policy: name, next: 0)
    (look.approved, look.basis, look.next) = (plan.digest.hex, nil, 0)
    try tokens.keep(look)
  }

  /// Those that can be run now.
  /// - Throws: `unknown_policy`, `policy_off`.
  package static func runnable(_ name: String?, on site: Site) throws -> Set<String> {
    let entries = try DeletionPolicies.read(site)
    guard let name else { return Set(entries.map(\.name)) }
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw PruneFault.unknown(name, among: entries.map(\.name))
    }
    guard entry.isOn else { throw PruneFault.isOff(name) }
    return [name]
  }
}
