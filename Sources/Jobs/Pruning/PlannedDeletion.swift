import Files
import JSONText
package import Policies
package import Secrets
package import Store

/// A policy with what a run of it would do now. Only for the run and its dry run: the plan holds
/// values.
package struct PlannedDeletion: Sendable {
  let name: String
  /// Of the policy's file.
  let digest: Digest
  package let policy: VIDDeletionPolicy
  let snapshot: SnapshotStore
  package let plan: PrunePlan
  private let hasher: VIDHasher

  /// - Parameter now: seconds since 1970.
  /// - Throws: what is wrong with the policy over this snapshot; `no_policy`; `no_snapshot`.
  package init(
    _ name: String, _ policy: VIDDeletionPolicy, digest: Digest, on site: Site, at now: Int64
  ) throws {
    guard try site.store.exists(SnapshotKind.registry.fileName) else { throw PruneFault.noSnapshot }
    (self.name, self.policy, self.digest) = (name, policy, digest)
    let sitePolicy = try PolicyInForce.read(site).policy().policy
    snapshot = try SnapshotStore.open(site.store, bounds: site.bounds)
    hasher = try VIDHasher(in: site.store)
    let scope = try DeletionScope(policy, sitePolicy, over: snapshot)
    plan = try PrunePlan(scope.search, scope.terms(at: now), TokenStore(in: site.store), hasher)
  }

  /// The same for a run, which may have to tell the registry as well.
  /// - Throws: why the registry could not be told, too.
  init(
    _ name: String, _ policy: VIDDeletionPolicy, digest: Digest, _ processing: DropProcessing,
    at now: Int64
  ) throws {
    try self.init(name, policy, digest: digest, on: processing.site, at: now)
    let (site, siteDigest) = try PolicyInForce.read(processing.site).policy()
    if let patches = site.registryPatches {
      try PatchSealing(processing, patches, policyDigest: siteDigest).check()
    }
  }

  var outcome: PolicyRunOutcome.Deletion {
    PolicyRunOutcome.Deletion(
      policy: name, digest: digest, matched: plan.matched, registrants: plan.registrants,
      leftOut: plan.keptByReason, reach: policy.reach.rawValue,
      token: policy.tokenSource.rawValue)
  }

  /// - Parameters:
  ///   - run: the id of its drop.
  ///   - time: seconds since 1970.
  func erased(by run: Int64, at time: Int64) -> [ErasedVID] {
    plan.items.map { item in
      let value = plan.value(of: item)
      return ErasedVID(
        vid: item.vid, registrant: item.registrant, regID: item.regID, at: time, policy: name,
        run: run, length: value.count,
        print: value.withUnsafeBufferPointer { hasher.print($0, item.vid) })
    }
  }
}

extension DeletionScope {
  /// - Parameter now: seconds since 1970.
  fileprivate func terms(at now: Int64) -> PruneTerms {
    var terms = PruneTerms(
      vidTypes: vidTypes, tokenTypes: tokenTypes,
      knownSince: now - Int64(policy.holdHours) * 3_600)
    terms.tokenStatus = policy.tokenStatus
    terms.source =
      switch policy.tokenSource {
      case .verifiedResult: .verifiedResult
      case .result: .result
      case .registry: .registry
      }
    terms.takesAll = policy.reach == .all
    return terms
  }
}

extension PrunePlan {
  /// Whose VIDs stay, by the reason's name.
  package var keptByReason: [String: Int] {
    Dictionary(uniqueKeysWithValues: kept.map { ($0.key.rawValue, $0.value) })
  }
}
