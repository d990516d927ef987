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
    let archive: StagedArchive

    var sequence: Int64 { archive.header.draft.sequence }

    var outcome: PolicyRunOutcome.Patch {
      PolicyRunOutcome.Patch(
        stream: archive.header.draft.stream.text, sequence: sequence,
        file: archive.header.fileName, digest: archive.digest, bytes: archive.size,
        adds: patch.adds, unlinks: patch.unlinks)
    }
  }

  /// - Parameter run: what is deleted; nil for a patch that only adds tokens.
  /// - Returns: nil if there is nothing to tell.
  /// - Throws: why it cannot be sealed: a card that is missing or unfit, `journal_behind`.
  func seal(
    _ run: PlannedDeletion?, over snapshot: SnapshotStore, _ tokens: TokenStore, _ drop: Drop
  ) throws -> Sealed? {
    let operations = try operations(run, over: snapshot, tokens)
    guard !operations.isEmpty else { return nil }
    let (site, signer, now) = (processing.site, processing.signer, processing.clock.now)
    try site.requireFit(signer.card, at: now)
    let recipients = try recipients()
    let publication = ArchivePublication(processing)
    let entry = try publication.reserve(
      drop, stream: patches.stream, job: run?.name ?? RegistryPatch.job)
    let patch = RegistryPatch(
      operations, policy: run.map { RegistryPatch.Policy(name: $0.name, digest: $0.digest) },
      sources: ArchiveDraft.Sources(
        snapshot: snapshot.summary.digest, manifest: run?.digest, policy: policyDigest))
    let archive = try patch.seal(
      as: entry, recipients: recipients, signer: signer,
      outbox: publication.folder(of: patches.stream), spool: site.store, at: now,
      nextKey: site.nextKey(after: signer.card)
    ).kept()
    return Sealed(patch: patch, archive: archive)
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

  /// Rows without an id of the registry's own are nothing that it could be told of.
  private func operations(
    _ run: PlannedDeletion?, over snapshot: SnapshotStore, _ tokens: TokenStore
  ) throws -> PatchOperations {
    var operations = PatchOperations()
    try tokens.forEachTokenToAdd { registrant, token, type, vid in
      operations.add(token, of: registrant, type: type, vid: vid)
    }
    guard let plan = run?.plan else { return operations }
    let names = try snapshot.idTypeNames()
    for item in plan.items where item.registrant > 0 && item.regID > 0 {
      plan.value(of: item).withUnsafeBufferPointer { value in
        plan.token(of: item).withUnsafeBufferPointer { token in
          operations.unlink(
            item.regID, of: item.registrant, type: names[item.idType] ?? "", value: value,
            vid: item.vid, with: token, tokenType: names[item.tokenType] ?? "")
        }
      }
    }
    return operations
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
    let tokens = try TokenStore(in: site.store)
    let revision = try tokens.revision
    guard told.revision != revision else { return false }
    guard try tokens.hasTokensToAdd() else {
      told.revision = revision
      return false
    }
    do {
      try PatchSealing(self, patches, policyDigest: digest).check()
    } catch let fault as any Fault {
      if told.fault != fault.message { complain(fault) }
      told.fault = fault.message
      return false
    }
    let text = Array(#"{"airlock": "registry-patch", "version": 1}"#.utf8)
    told.fault = nil
    guard try OwnDrops(self).begin(.patch, of: patches.stream, text) != nil else { return false }
    // The same is not tried twice, whatever becomes of it.
    told.revision = revision
    return true
  }
}

/// As of which revision of the tokens the registry was told, or there was nothing to tell: what did not
/// change since is not looked through again.
final class ToldTokens {
  var revision: Int64?
  /// Why it could not be told, as it was last complained of.
  var fault: String?
}
