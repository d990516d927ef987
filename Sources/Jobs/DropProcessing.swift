import Archives
package import Faults
import Files
import JSONText
package import Keys
import Language
package import Policies
import Secrets
package import Store

/// Takes claimed drops to their verdicts.
///
/// A fault in a drop, or in doing what it asks, becomes its verdict. A fault of the journal or of
/// the inbox is thrown: the drop stays claimed, and the next pass goes on with it.
package struct DropProcessing {
  package let site: Site
  package let journal: Journal
  let signer: Identity
  let clock: WallClock
  /// What is shown for digests.
  let salts: SiteSalts
  /// What the outbox tells beside its archives.
  package let records: OutboxRecords
  /// What a look at a policy found, for the run that follows it.
  let plans = KeptPlan()
  /// Drops that wait for the machine.
  private let postponements = Postponements()
  /// Up to where the registry was told of tokens.
  let told = ToldTokens()

  /// - Throws: `hash_key_missing`, `hash_key_damaged`, `FileFault`.
  package init(site: Site, journal: Journal, signer: Identity, clock: WallClock) throws {
    salts = try SiteSalts(in: site.store)
    self.site = site
    self.journal = journal
    self.signer = signer
    self.clock = clock
    records = OutboxRecords(site, journal, signer: signer, clock: clock)
  }

  /// Begins the ledger where there is none yet. Call it before anything else.
  /// What was deleted is known before anything can bring it back.
  package func begin() throws {
    try LedgerBeginning(site, journal).ensure(signer.card)
    // Without the key nothing that was deleted would be known again.
    if try TokenStore.exists(in: site.store) { _ = try VIDHasher(existingIn: site.store) }
    try ErasureMemory(self).ensure()
    guard try TokenStore.exists(in: site.store),
      case .sound(let policy, _) = PolicyInForce.read(site)
    else { return }
    try SnapshotRevision(
      in: site.store, TokenStore(in: site.store), types: policy.idTypes.tokens
    ).bringUpToDate()
  }

  /// Brings every unfinished drop to its end: snapshots first, so that a manifest dropped together
  /// with its snapshot finds it in force.
  /// - Parameters:
  ///   - report: told of each verdict as it stands.
  ///   - complain: told of a drop that cannot be brought to its end now; the others go on.
  /// - Throws: `StoreFault` if the journal cannot be used.
  package func finishAll(
    _ report: (Verdict.Summary) -> Void, complain: (any Fault) -> Void
  ) throws {
    let policy = PolicyInForce.read(site)
    try SiteNews(site: site, journal: journal, salts: salts).notice(policy)
    let pending = try journal.unfinished().map { ($0, isSnapshot($0, policy.intake)) }
    let (snapshots, rest) = (pending.filter(\.1), pending.filter { !$0.1 })
    for (drop, _) in snapshots + rest {
      guard !postponements.isWaiting(drop, at: clock.milliseconds()) else { continue }
      do {
        let ended = try end(drop, policy)
        report(try DropReport(self, policy).deliver(ended))
        postponements.end(drop)
      } catch let fault as any Fault {
        if fault is StoreFault || fault is SiteFault { throw fault }
        if fault.isOfTheMachine || fault is PostponedDrop {
          postponements.postpone(drop, at: clock.milliseconds())
        }
        complain(fault)
      }
    }
  }

  /// Only for the order of work: what it really is, is found out when its turn comes.
  private func isSnapshot(_ drop: Drop, _ limits: IntakeLimits) -> Bool {
    guard drop.state == .claimed, drop.objection == nil, drop.ownKind == nil,
      let claim = try? EntryName(drop.claim)
    else { return false }
    switch try? recognise(claim, limits) {
    case .snapshot: return true
    case .archive:
      return (try? UnverifiedArchive(claim, in: site.claimed))?.header.kind == .snapshot
    default: return false
    }
  }

  private func end(_ drop: Drop, _ policy: PolicyInForce) throws -> Drop {
    guard drop.state == .claimed else { return drop }
    if let recovered = try PolicyRunIntake(self, policy).recover(drop) { return recovered }
    if let recovered = try JobIntake(self, policy).recover(drop) { return recovered }
    return try DropDecision(self, policy).decide(drop)
  }

  func recognise(_ claim: EntryName, _ limits: IntakeLimits) throws -> DropContent {
    try DropContent.recognise(limit: limits.manifestBytes, depth: limits.depth) { bound in
      try OpenFile(claim, in: site.claimed, rules: .drop(limit: bound))
    }
  }

  /// The digest of a claimed drop's bytes; nil for what cannot be read.
  func digest(of drop: Drop) -> Digest? {
    (try? EntryName(drop.claim)).flatMap { digest(of: DropFile(entry: $0, name: drop.name)) }
  }

  func digest(of drop: DropFile) -> Digest? {
    let stream = DigestStream()
    do {
      let file = try OpenFile(drop.entry, in: site.claimed, rules: .drop(limit: 1 << 40))
      try file.forEachPiece { stream.update($0) }
      return stream.finish()
    } catch {
      return nil
    }
  }
}
