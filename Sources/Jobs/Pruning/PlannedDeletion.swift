import JSONText
import Policies
import Secrets
import Store

/// A policy with what a run of it would do now. Only for the run and its dry run: the plan holds
/// values.
package struct PlannedDeletion {
  let name: String
  package let policy: VIDDeletionPolicy
  let snapshot: SnapshotStore
  package let plan: PrunePlan
  private let hasher: VIDHasher

  /// - Throws: what is wrong with the policy, over this snapshot too.
  init(
    named name: String, _ text: [UInt8], on site: Site, _ policy: SitePolicy,
    _ tokens: TokenStore, at now: Int64
  ) throws {
    try self.init(
      named: name, VIDDeletionDecoder.decode(text), digest: Digest(of: text), on: site, policy,
      tokens, at: now)
  }

  init(
    named name: String, _ deletion: VIDDeletionPolicy, digest: Digest, on site: Site,
    _ policy: SitePolicy, _ tokens: TokenStore, at now: Int64
  ) throws {
    guard try site.store.exists(SnapshotKind.registry.fileName) else { throw PruneFault.noSnapshot }
    (self.name, self.policy) = (name, deletion)
    snapshot = try SnapshotStore.open(site.store, bounds: site.bounds)
    hasher = try VIDHasher(in: site.store)
    let prepared = try PreparedDeletion(name, deletion, digest: digest, policy, over: snapshot)
    plan = try PrunePlan(prepared.search, prepared.terms(at: now), tokens, hasher)
  }

  func outcome(_ digest: Digest) -> PolicyRunOutcome.Deletion {
    PolicyRunOutcome.Deletion(
      policy: name, digest: digest, matched: plan.matched, registrants: plan.registrants,
      vids: plan.items.count, leftOut: plan.keptByReason, reach: policy.reach.rawValue,
      token: policy.tokenSource.rawValue)
  }

  /// - Parameter time: seconds since 1970.
  func erased(by run: Drop, at time: Int64) -> [ErasedVID] {
    plan.items.map { item in
      let value = plan.value(of: item)
      return ErasedVID(
        vid: item.vid, registrant: item.registrant, regID: item.regID, at: time, policy: name,
        run: run.id, length: value.count,
        print: value.withUnsafeBufferPointer { hasher.print($0) })
    }
  }
}

extension PrunePlan {
  /// Whose VIDs stay, by the reason's name.
  package var keptByReason: [String: Int] {
    Dictionary(uniqueKeysWithValues: kept.map { ($0.key.rawValue, $0.value) })
  }
}
