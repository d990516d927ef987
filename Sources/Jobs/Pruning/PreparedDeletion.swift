import Faults
import JSONText
import Language
import Policies
import Secrets
import Store

/// A VID-deletion policy held against the snapshot in force: whom it picks, and in which id types.
struct PreparedDeletion {
  let name: String
  let policy: VIDDeletionPolicy
  let digest: Digest
  let snapshot: SnapshotStore
  let search: RegistrySearch
  private let vidTypes: [Int64]
  private let tokenTypes: [Int64]

  /// - Throws: what `DeletionScope` throws.
  init(
    _ name: String, _ policy: VIDDeletionPolicy, digest: Digest, _ site: SitePolicy,
    over snapshot: SnapshotStore
  ) throws {
    (self.name, self.policy, self.digest, self.snapshot) = (name, policy, digest, snapshot)
    let scope = try DeletionScope(policy, site, over: snapshot)
    search = scope.search
    (vidTypes, tokenTypes) = (scope.vidTypes, scope.tokenTypes)
  }

  /// - Parameter now: seconds since 1970.
  func terms(at now: Int64) -> PruneTerms {
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
