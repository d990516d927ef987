import Archives
package import Faults
import Files
import Keys
import Policies
import Secrets
import Store

/// Seals what the registry must do because of a run: the tokens that it was not asked to add yet, and
/// the VIDs that the run deletes.
struct PatchSealing {
  private let processing: DropProcessing
  private let patches: SitePolicy.RegistryPatches
  private let policyDigest: Digest

  /// - Parameter policyDigest: of the site policy.
  init(
    _ processing: DropProcessing, _ patches: SitePolicy.RegistryPatches, policyDigest: Digest
  ) {
    (self.processing, self.patches, self.policyDigest) = (processing, patches, policyDigest)
  }

  /// A patch that is on the disk, not yet visible, and stays whatever happens: once the run counts, it
  /// is owed.
  struct Sealed {
    let patch: RegistryPatch
    /// Whether the registry is asked for every token by now.
    let asksAll: Bool
    let archive: StagedArchive

    var sequence: Int64 { archive.header.draft.sequence }

    var outcome: PolicyRunOutcome.Patch {
      PolicyRunOutcome.Patch(
        stream: archive.header.draft.stream.text, sequence: sequence,
        file: archive.header.fileName, digest: archive.digest, bytes: archive.size,
        adds: patch.adds, sets: patch.sets, unlinks: patch.unlinks)
    }
  }

  /// - Parameter run: what is deleted; nil for a patch that only adds tokens.
  /// - Returns: nil if there is nothing to tell.
  /// - Throws: why it cannot be sealed: a card that is missing or unfit, `journal_behind`.
  func seal(
    _ run: PlannedDeletion?, over snapshot: SnapshotStore, _ tokens: TokenStore, _ drop: Drop
  ) throws -> Sealed? {
    let (operations, asksAll) = try operations(run, over: snapshot, tokens)
    guard !operations.isEmpty else { return nil }
    let (site, signer, now) = (processing.site, processing.signer, processing.clock.now)
    let salts = processing.salts
    try site.requireFit(signer.card, at: now)
    let recipients = try recipients()
    let publication = ArchivePublication(processing)
    let entry = try publication.reserve(
      drop, stream: patches.stream, job: run?.name ?? RegistryPatch.job)
    let patch = RegistryPatch(
      operations,
      policy: run.map { RegistryPatch.Policy(name: $0.name, digest: salts.policy($0.digest)) },
      sources: ArchiveDraft.Sources(
        snapshot: salts.snapshot(snapshot.summary.digest),
        manifest: run.map { salts.policy($0.digest) }, policy: salts.policy(policyDigest)))
    let archive = try patch.seal(
      as: entry, recipients: recipients, signer: signer,
      outbox: publication.folder(of: patches.stream), spool: site.store, at: now,
      nextKey: site.nextKey(after: signer.card)
    ).kept()
    return Sealed(patch: patch, asksAll: asksAll, archive: archive)
  }

  /// Whether a patch could be sealed now.
  /// - Throws: why not.
  func check() throws {
    _ = try recipients()
    try processing.site.requireFit(processing.signer.card, at: processing.clock.now)
    try ArchivePublication(processing).requireJournalAhead(of: patches.stream)
  }

  /// - Throws: for a card that is missing or unfit.
  private func recipients() throws -> [Card] {
    let keyring = try processing.site.keyring()
    return try patches.recipients.map {
      try keyring.recipient(named: $0, at: processing.clock.now)
    }
  }

  /// What it is not proven whose it is waits for a snapshot that proves it.
  private func operations(
    _ run: PlannedDeletion?, over snapshot: SnapshotStore, _ tokens: TokenStore
  ) throws -> (PatchOperations, asksAll: Bool) {
    let names = try run == nil ? [:] : snapshot.idTypeNames()
    return try facts(of: snapshot) { facts in
      var (operations, asksAll) = (PatchOperations(), true)
      try tokens.forEachTokenToAdd { registrant, token, type, vid in
        guard let grounds = try facts.grounds(of: registrant, vid, type: type) else {
          asksAll = false
          return
        }
        operations.add(token, of: grounds.person, type: type, vid: vid, proof: grounds.proof)
      }
      try run.map { try add($0.plan, names, facts, to: &operations) }
      return (operations, asksAll)
    }
  }

  private func add(
    _ plan: PrunePlan, _ names: [Int64: String], _ facts: PatchFacts,
    to operations: inout PatchOperations
  ) throws {
    for item in plan.items {
      guard
        let person = try item.registrant > 0
          ? PatchPerson(item.registrant) : facts.person(item.registrant)
      else { continue }
      plan.value(of: item).withUnsafeBufferPointer { value in
        plan.token(of: item).withUnsafeBufferPointer { token in
          operations.unlink(
            item.regID, of: person, type: names[item.idType] ?? "", value: value,
            vid: item.vid, with: token, tokenType: names[item.tokenType] ?? "")
        }
      }
    }
  }

  /// Whether there is a token that the registry was not asked for, and that it could be.
  func hasTokens(over snapshot: SnapshotStore, _ tokens: TokenStore) throws -> Bool {
    struct Found: Error {}
    do {
      try facts(of: snapshot) { facts in
        try tokens.forEachTokenToAdd { registrant, _, type, vid in
          if try facts.grounds(of: registrant, vid, type: type) != nil { throw Found() }
        }
      }
      return false
    } catch is Found {
      return true
    }
  }

  private func facts<Result>(
    of snapshot: SnapshotStore, _ body: (PatchFacts) throws -> Result
  ) throws -> Result {
    try PatchFacts.reading(snapshot, VIDHasher(in: processing.site.store), body)
  }
}

extension DropProcessing {
  /// Begins a patch of tokens that the registry was not asked to add yet.
  /// - Parameter complain: told why it cannot be told now.
  /// - Returns: whether there was anything to tell.
  package func tellRegistry(complain: (any Fault) -> Void) throws -> Bool {
    guard case .sound(let policy, let digest) = PolicyInForce.read(site),
      let patches = policy.registryPatches, try TokenStore.exists(in: site.store),
      try site.store.exists(SnapshotKind.registry.fileName), try !journal.hasUnfinishedOwnDrop()
    else { return false }
    let (tokens, snapshot) = (
      try TokenStore(in: site.store), try SnapshotStore.open(site.store, bounds: site.bounds)
    )
    let state = "\(try tokens.revision) \(snapshot.summary.digest.hex)"
    guard told.state != state else { return false }
    let sealing = PatchSealing(self, patches, policyDigest: digest)
    guard try sealing.hasTokens(over: snapshot, tokens) else {
      told.state = state
      return false
    }
    do {
      try sealing.check()
    } catch let fault as any Fault {
      if told.fault != fault.message { complain(fault) }
      told.fault = fault.message
      return false
    }
    let text = Array(#"{"airlock": "registry-patch", "version": 1}"#.utf8)
    told.fault = nil
    guard try OwnDrops(self).begin(.patch, of: patches.stream, text) != nil else { return false }
    // The same is not tried twice, whatever becomes of it.
    told.state = state
    return true
  }
}

/// As of which revision of the tokens, and over which snapshot, the registry was told, or there was
/// nothing to tell: what did not change since is not looked through again.
final class ToldTokens {
  var state: String?
  /// Why it could not be told, as it was last complained of.
  var fault: String?
}
