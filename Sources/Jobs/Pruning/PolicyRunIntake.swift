import Archives
import Faults
import Files
import JSONText
import Keys
import Ledger
import Policies
import Secrets
import Store

/// Runs a policy, or tells the registry of tokens: what goes is found out, the registry's patch is
/// sealed, and one transaction in `tokens.sqlite` makes all of it count. From there on a process that
/// was killed goes on: the snapshot without the VIDs, the certificate, the ledger and the verdict,
/// the patch into the outbox. Must never: erase what the patch does not ask of the registry.
struct PolicyRunIntake {
  private let processing: DropProcessing
  private let policy: PolicyInForce

  init(_ processing: DropProcessing, _ policy: PolicyInForce) {
    (self.processing, self.policy) = (processing, policy)
  }

  private var site: Site { processing.site }

  /// - Parameter digest: of the drop's bytes.
  func run(_ drop: Drop, digest: Digest?) throws -> Drop {
    let work: Work
    do {
      work = try prepare(drop)
    } catch let fault as any Fault where fault.blame == .environment {
      // It passes: the drop stays claimed, and the next pass tries again.
      throw fault
    } catch {
      return try processing.reject(drop, error, kind: drop.verdictKind, digest: digest)
    }
    // From here on a failure is ours: the drop stays claimed. A commit that fails may stand all the
    // same: the sealed patch stays too, until it is known.
    try work.tokens.commit(
      run: drop.id, outcome: work.outcome.text, erased: work.erased?.value() ?? [],
      patch: work.patch.map { ($0.archive.header.draft.stream.text, $0.sequence, $0.patch.items) },
      asksAll: work.patch?.asksAll ?? true)
    return try finish(drop, work)
  }

  /// Ends a run that was committed when the process ended.
  /// - Returns: nil if it was not, and the drop is to be judged from the start.
  func recover(_ drop: Drop) throws -> Drop? {
    guard drop.ownKind != nil, try TokenStore.exists(in: site.store) else { return nil }
    let tokens = try TokenStore(in: site.store)
    guard let text = try tokens.outcome(ofRun: drop.id) else { return nil }
    let outcome = try PolicyRunOutcome(parsing: text)
    guard outcome.drop == drop.name else { throw PolicyRunOutcome.otherRun }
    try revision(tokens).bringUpToDate()
    var work = Work(tokens: tokens, outcome: outcome)
    work.certificate = try certificate(drop, outcome, tokens.marks(erasedBy: drop.id))
    return try finish(drop, work)
  }

  // MARK: Before it counts

  private struct Work {
    let tokens: TokenStore
    var outcome: PolicyRunOutcome
    var erased: Ahead<[ErasedVID]>?
    var certificate: ErasureCertificate?
    var patch: PatchSealing.Sealed?
    /// The snapshot without what is erased.
    var revision: RevisionAhead?
  }

  private func prepare(_ drop: Drop) throws -> Work {
    let tokens = try TokenStore(in: site.store)
    // A plan over a snapshot that is behind would delete again what is deleted.
    let revision = try revision(tokens)
    try revision.bringUpToDate()
    let at = processing.clock.now.seconds
    guard drop.ownKind == .prune else {
      let snapshot = try SnapshotStore.open(site.store, bounds: site.bounds)
      var work = Work(
        tokens: tokens,
        outcome: PolicyRunOutcome(drop: drop.name, snapshot: snapshot.summary.digest))
      try seal(nil, over: snapshot, drop, into: &work)
      return work
    }
    let (name, text) = (drop.ownName, try claimedText(of: drop))
    let digest = Digest(of: text)
    let run =
      try processing.plans.take(for: drop, basis: processing.basis(digest))
      ?? PlannedDeletion(name, VIDDeletionDecoder.decode(text), digest: digest, on: site, at: at)
    let approved = try tokens.policyLooks()[name]?.approved
    if let fault = PruneGuard(run.policy, run.plan).fault(name, approved: approved) { throw fault }
    var work = Work(
      tokens: tokens,
      outcome: PolicyRunOutcome(drop: drop.name, snapshot: run.snapshot.summary.digest))
    work.revision = RevisionAhead(revision, of: run.snapshot.summary, without: run.plan)
    work.outcome.deletion = run.outcome
    let erased = Ahead { [id = drop.id] in run.erased(by: id, at: at) }
    work.erased = erased
    do {
      // What it cannot say must not be done.
      work.certificate = try certificate(
        drop, work.outcome, Array(Set(run.plan.items.map(\.vid))))
      try seal(run, over: run.snapshot, drop, into: &work)
    } catch {
      erased.finish()
      throw error
    }
    return work
  }

  private func revision(_ tokens: TokenStore) throws -> SnapshotRevision {
    SnapshotRevision(in: site.store, tokens, types: try policy.policy().policy.idTypes.tokens)
  }

  private func claimedText(of drop: Drop) throws -> [UInt8] {
    let rules = OpenRules.drop(limit: Int64(VIDDeletionDecoder.limits.bytes))
    return try OpenFile(EntryName(drop.claim), in: site.claimed, rules: rules).readAll()
  }

  private func seal(
    _ run: PlannedDeletion?, over snapshot: SnapshotStore, _ drop: Drop, into work: inout Work
  ) throws {
    let (policy, policyDigest) = try policy.policy()
    guard let patches = policy.registryPatches else { return }
    work.patch = try PatchSealing(processing, patches, policyDigest: policyDigest).seal(
      run, over: snapshot, work.tokens, drop)
    work.outcome.patch = work.patch?.outcome
  }

  // MARK: From where it counts

  private func finish(_ drop: Drop, _ work: Work) throws -> Drop {
    // Signed while the snapshot is in the making; whatever becomes of that, the VIDs go first.
    let document = Result { try work.certificate?.signed(by: processing.signer) }
    try revision(work.tokens).bringUpToDate(with: work.revision)
    var verdict = processing.verdict(drop, drop.verdictKind, .accepted, digest: nil)
    var record: LedgerPolicyRun?
    if let certificate = work.certificate, let document = try document.get() {
      record = try certify(drop, certificate, document, &verdict)
    }
    verdict.patch = work.outcome.patch.map(PatchReport.init)
    let decision = processing.decision(verdict)
    guard let patch = work.outcome.patch else {
      return try processing.journal.decided(drop, decision, policyRun: record)
    }
    guard let entry = try processing.journal.archive(of: drop) else {
      throw PolicyRunOutcome.lostPatch
    }
    let publication = ArchivePublication(processing)
    let notes = ArchivePublication.Notes(policyRun: record)
    if entry.state == .reserved {
      var archive = work.patch?.archive
      if archive == nil, case .staged(let found) = try publication.find(entry, patch.digest) {
        archive = found
      }
      guard let archive else { throw PolicyRunOutcome.lostPatch }
      let record = ArchiveRecord(archive.header, digest: archive.digest, bytes: archive.size)
      try processing.journal.staged(drop, record, decision)
      return try publication.show(archive, drop, decision, entry, notes)
    }
    return try publication.goOn(drop, decision, entry, digest: patch.digest, notes)
  }

  /// The certificate lies in the outbox before the ledger speaks of it.
  private func certify(
    _ drop: Drop, _ certificate: ErasureCertificate, _ document: SignedDocument,
    _ verdict: inout Verdict
  ) throws -> LedgerPolicyRun {
    let digest = try certificate.publish(document, in: site.outbox)
    verdict.shown = certificate.policyDigest.hex
    verdict.deletion = try DeletionReport(certificate, document: digest)
    return try LedgerPolicyRun(drop: drop.id, certificate, document: digest)
  }

  /// - Returns: nil for a run that deletes nothing.
  private func certificate(
    _ drop: Drop, _ outcome: PolicyRunOutcome, _ marks: [VIDMark]
  ) throws -> ErasureCertificate? {
    guard let deletion = outcome.deletion else { return nil }
    return try ErasureCertificate(
      run: DropName(drop.name), policy: DropName(deletion.policy),
      policyDigest: processing.salts.policy(deletion.digest),
      snapshot: processing.salts.snapshot(outcome.snapshot), at: processing.clock.now,
      counts: ErasureCertificate.Counts(
        matched: Int64(deletion.matched), registrants: Int64(deletion.registrants),
        deleted: Int64(marks.count), leftOut: deletion.leftOut.mapValues(Int64.init)),
      reach: deletion.reach, token: deletion.token,
      marks: marks.map { ErasureCertificate.Mark(high: $0.high, low: $0.low) })
  }
}

extension Drop {
  /// What the verdict of a drop of our own calls it.
  fileprivate var verdictKind: Verdict.Kind {
    ownKind == .patch ? .registryPatch : .vidDeletion
  }
}

extension DeletionReport {
  fileprivate init(_ certificate: ErasureCertificate, document: Digest) throws {
    let counts = certificate.counts
    self.init(
      policy: certificate.policy.text, digest: certificate.policyDigest.hex,
      matched: Int(counts.matched), registrants: Int(counts.registrants), vids: Int(counts.deleted),
      leftOut: counts.leftOut.mapValues(Int.init), snapshotDigest: certificate.snapshot.hex,
      certificate: "\(ErasureCertificate.folderName)/\(try certificate.fileName)",
      certificateDigest: document.hex)
  }
}

extension PolicyRunOutcome {
  fileprivate static let otherRun = JobFault(
    code: "tokens_ahead",
    message: "store/tokens.sqlite knows another run by the number that the journal gives this one",
    hint: "the journal was restored or lost: restore the newest store/journal.sqlite",
    blame: .environment)

  fileprivate static let lostPatch = JobFault(
    code: "patch_lost",
    message: "the sealed patch of a run that was committed is no longer in the outbox",
    hint: "restore the hidden file of the stream's folder from a backup", blame: .environment)
}

extension PatchReport {
  fileprivate init(_ patch: PolicyRunOutcome.Patch) {
    self.init(
      adds: patch.adds, sets: patch.sets, unlinks: patch.unlinks,
      archive: ArchiveReport(
        file: "\(patch.stream)/\(patch.file)", sequence: patch.sequence, digest: patch.digest.hex,
        bytes: patch.bytes))
  }
}
