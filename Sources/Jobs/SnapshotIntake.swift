import Faults
import Files
import Foundation
import JSONText
import Language
import Policies
import Secrets
import Snapshots
import Store

/// Loads a dropped snapshot, delta or ODK export and puts it in force, or leaves what is in force and
/// says why.
struct SnapshotIntake {
  private let processing: DropProcessing
  private let limits: IntakeLimits
  private let countsOnce: Bool

  /// - Parameter countsOnce: bytes that were in force before are held.
  init(_ processing: DropProcessing, _ limits: IntakeLimits, once countsOnce: Bool) {
    self.processing = processing
    self.limits = limits
    self.countsOnce = countsOnce
  }

  /// - Parameters:
  ///   - file: what to read.
  ///   - proven: the digest of the bytes that a sum, a signature, a seal or a release vouched for.
  ///   - isReleased: the operator has released this drop: an older snapshot, or one of before, is
  ///     put in force.
  func run(
    _ drop: Drop, _ file: DropFile, proven: Digest?, isReleased: Bool = false
  ) throws -> Drop {
    let staged: StagedSnapshot
    let before: LoadedSnapshot?
    do {
      try requireRoom()
      staged = try load(file)
      if let proven, proven != staged.summary.dropDigest { throw JobFault.changedWhileReading }
      if let known = try inForceAlready(drop, staged.summary.dropDigest, staged.kind) {
        return known
      }
      let last = staged.kind == .registry ? try inForce() : nil
      before = last?.summary
      if !isReleased {
        try SnapshotAge(staged.summary, processing.salts).requireNewer(than: before)
        try requireLike(last, staged)
      }
      if !isReleased { try requireNew(staged.summary.dropDigest) }
      try commit(staged)
    } catch {
      let code = (error as? any Fault)?.code ?? ""
      let outcome: Verdict.Outcome =
        Quarantine.releasable.contains(code) ? .quarantined : .rejected
      let digest = proven ?? processing.digest(of: file)
      // A delta that is in force already does not follow itself.
      if let digest, let known = try inForceAlready(drop, digest, .registry) { return known }
      return try processing.reject(drop, error, kind: .snapshot, digest: digest, outcome: outcome)
    }
    var verdict = verdict(drop, staged.summary, staged.kind, staged.missing)
    if let smaller = SnapshotNotes.smaller(staged.summary, than: before) {
      verdict.warnings.append(smaller)
    }
    return try processing.settle(drop, verdict)
  }

  /// Puts it in force with the site's own tokens, and without VIDs that were erased. Where these are
  /// known and the policy is not, nothing comes in force.
  private func commit(_ staged: StagedSnapshot) throws {
    let store = processing.site.store
    guard try TokenStore.exists(in: store) else { return try staged.commit() }
    let types =
      staged.kind == .odk
      ? .none : try PolicyInForce.read(processing.site).policy().policy.idTypes.tokens
    try SnapshotRevision(in: store, TokenStore(in: store), types: types).commit(staged)
  }

  private func requireLike(_ last: SnapshotStore?, _ staged: StagedSnapshot) throws {
    guard let last, limits.leastAlikePercent > 0 else { return }
    let policy = try? PolicyInForce.read(processing.site).policy().policy
    let likeness = try Likeness(staged, to: last, vidType: policy?.idTypes.vid)
    try UnlikeTheLast(
      likeness, percent: limits.leastAlikePercent, isDelta: staged.summary.follows != nil
    ).require()
  }

  private func requireNew(_ digest: Digest) throws {
    guard countsOnce,
      try processing.journal.wasAccepted(kind: "snapshot", digest: digest.hex)
    else { return }
    throw TrustFault.replayed(.snapshot)
  }

  /// Settles a drop whose bytes came last of what is in force: nothing is to be done. If no verdict
  /// says so, it was this very drop, and the process was killed before it could be noted.
  private func inForceAlready(
    _ drop: Drop, _ digest: Digest, _ kind: SnapshotKind
  ) throws -> Drop? {
    guard let known = try? SnapshotStore.open(processing.site.store, kind).summary,
      known.dropDigest == digest
    else { return nil }
    if try processing.journal.accepted(kind: "snapshot", digest: digest.hex) == nil {
      return try processing.settle(drop, verdict(drop, known, kind, 0))
    }
    return try processing.repeated(drop, .snapshot, digest)
  }

  private func verdict(
    _ drop: Drop, _ loaded: LoadedSnapshot, _ kind: SnapshotKind, _ missing: Int
  ) -> Verdict {
    var verdict = processing.verdict(drop, .snapshot, .accepted, digest: loaded.dropDigest)
    if kind == .registry, loaded.counts["g2p.reg.id", default: 0] == 0 {
      verdict.warnings.append(SnapshotNotes.noIDs(loaded.counts))
    }
    if kind == .registry, loaded.follows == nil {
      verdict.warnings += ExportCaps.warnings(loaded.counts)
    }
    if let external = SnapshotNotes.external(loaded.external, of: loaded.partners) {
      verdict.warnings.append(external)
    }
    if missing > 0 { verdict.warnings.append(SnapshotNotes.missing(missing)) }
    verdict.warnings += loaded.notes.map {
      Verdict.Reason(code: SnapshotContents.code(of: $0), message: $0)
    }
    verdict.snapshot = report(loaded)
    return verdict
  }

  private func report(_ loaded: LoadedSnapshot) -> SnapshotReport {
    var report = SnapshotReport(form: loaded.form.rawValue, records: loaded.counts)
    let salts = processing.salts
    (report.digest, report.name) = (salts.snapshot(loaded.digest).hex, loaded.name)
    (report.taken, report.follows) = (
      loaded.taken?.text, loaded.follows.map { salts.snapshot($0).hex }
    )
    return report
  }

  private func load(_ drop: DropFile) throws -> StagedSnapshot {
    let (name, folder) = (drop.entry, processing.site.claimed)
    let (rules, bounds) = (OpenRules.drop(limit: limits.bytes), limits.unfolding)
    let source = SnapshotSource(name: drop.name) {
      try DropInput(OpenFile(name, in: folder, rules: rules), limits: bounds)
    }
    let (store, now) = (
      processing.site.store,
      Date(timeIntervalSince1970: Double(processing.clock.now.seconds))
    )
    let staged: StagedSnapshot
    switch try DropForm.tell(source, limits: limits.snapshot) {
    case .odk: return try ODKLoader(into: store, limits: limits.snapshot).load(source, now: now)
    case .registry(let head) where head?.kind == .delta:
      let base = try inForce()
      let shown = base.map { processing.salts.snapshot($0.summary.digest) }
      guard let base, head?.follows(base.summary.digest, shown: shown) == true else {
        throw LoadFault.doesNotFollow(head, named: drop.name, base?.summary, shown)
      }
      staged = try DeltaLoader(into: store, limits: limits.snapshot).load(
        source, onto: base, shown: shown, now: now)
    case .registry:
      staged = try SnapshotLoader(into: store, limits: limits.snapshot).load(source, now: now)
    }
    guard staged.summary.partners > 0 else { throw SnapshotNotes.empty }
    return staged
  }

  /// The snapshot in force; nil if there is none that can be opened, which a new one replaces.
  private func inForce() throws -> SnapshotStore? {
    do {
      return try SnapshotStore.open(processing.site.store)
    } catch is LoadFault {
      return nil
    }
  }

  private func requireRoom() throws {
    let free = try processing.site.store.freeBytes()
    guard free >= UInt64(limits.freeBytes) else {
      throw JobFault(
        code: "disk_full",
        message:
          "only \(free >> 20) MiB are free where the store is, less than the \(limits.freeBytes >> 20) MiB that the policy keeps free",
        hint: "make room, then drop the file again", blame: .environment)
    }
  }
}
