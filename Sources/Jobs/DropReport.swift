import Archives
import Faults
import Files
import JSONText
import Keys
package import Policies
import Secrets
import Store

/// The last steps of a drop: its verdict into the inbox, the drop itself away.
struct DropReport {
  private let processing: DropProcessing
  private let retention: Retention
  private var site: Site { processing.site }

  /// Without a policy, what was taken in is sealed: that can be undone, and keeps no plain copy.
  init(_ processing: DropProcessing, _ policy: PolicyInForce) {
    self.processing = processing
    var usual = Retention()
    usual.accepted = .seal
    retention = (try? policy.policy())?.policy.retention ?? usual
  }

  /// Writes the verdict; a held drop goes beside it, one that was taken in goes by the policy. Each
  /// step may have been done before: doing it again changes nothing.
  func deliver(_ drop: Drop) throws -> Verdict.Summary {
    guard let decision = drop.decision, let outcome = Verdict.Outcome(rawValue: decision.outcome)
    else {
      throw JobFault(
        code: "internal_error", message: "a drop is reported before it is decided", blame: .bug)
    }
    let folder = outcome.isTakenIn ? site.accepted : site.rejected
    let name = try freeName(drop, decision.verdict, in: folder, isHeld: !outcome.isTakenIn)
    try AtomicFile.write(
      decision.verdict, as: DropReport.verdictName(name), in: folder, mode: 0o644, replacing: true)
    if outcome.isTakenIn {
      try keep(drop, decision)
    } else if try !isKept(drop) {
      try hold(drop, as: name)
    }
    try putAway(drop)
    try processing.journal.reported(drop)
    return Verdict.Summary(
      drop: drop.name, verdict: decision.verdict, isAccepted: outcome.isTakenIn)
  }

  /// Whether its bytes are elsewhere too: the schedule has the manifest for the runs to come, and a drop
  /// of our own is a copy of a policy.
  private func isKept(_ drop: Drop) throws -> Bool {
    if drop.ownKind != nil { return true }
    guard drop.origin == .schedule, let job = drop.job else { return false }
    return try processing.journal.job(named: job)?.nextRun != nil
  }

  /// Moves the drop beside its verdict, its sidecars before it.
  private func hold(_ drop: Drop, as name: String) throws {
    let (claim, held) = (try EntryName(drop.claim), try EntryName(name))
    guard try site.claimed.exists(claim) else { return }
    for ending in Sidecar.endings {
      let (from, to) = (try claim.appending(ending), try held.appending(ending))
      guard try site.claimed.status(of: from)?.kind == .regular else { continue }
      try site.claimed.move(from, to: site.rejected, as: to, replacing: true)
    }
    try site.claimed.move(claim, to: site.rejected, as: held)
    try site.rejected.sync()
  }

  /// Seals what was taken in to the site's own card, if the policy says so.
  private func keep(_ drop: Drop, _ decision: Decision) throws {
    guard retention.accepted == .seal, decision.outcome == Verdict.Outcome.accepted.rawValue,
      let kind = ArchiveKind(rawValue: decision.kind), kind.isDrop, let shown = decision.shown
    else { return }
    let opened = try DropFile.opened(drop)
    let entry = try site.claimed.exists(opened) ? opened : EntryName(drop.claim)
    guard try site.claimed.exists(entry) else { return }
    let archive = try site.store.subfolder("archive", create: 0o700)
    let name = try EntryName("\(shown).sealed")
    guard try !archive.exists(name) else { return }
    let file = try OpenFile(entry, in: site.claimed, rules: .drop(limit: .max))
    let inside = try? DropName(
      drop.name.hasSuffix(".sealed") ? drop.name.dropLast(7) : drop.name[...])
    try SealedDrop.seal(
      file, named: inside ?? DropName("drop"), kind: kind, at: processing.clock.milliseconds(),
      to: [processing.signer.card], signer: processing.signer, into: archive, as: name,
      spool: site.store, mode: 0o600
    ).publish()
  }

  private func putAway(_ drop: Drop) throws {
    let claim = try EntryName(drop.claim)
    for ending in Sidecar.endings + [DropFile.openedEnding, ""] {
      try site.claimed.removeTree(claim.appending(ending))
    }
    try site.claimed.sync()
  }

  /// The drop's own name, or with a number behind it where an earlier verdict has the name.
  /// (This very verdict, written before the process ended, is not an earlier one.)
  private func freeName(
    _ drop: Drop, _ verdict: String, in folder: Folder, isHeld: Bool
  ) throws -> String {
    let isMoved = try isHeld && !site.claimed.exists(EntryName(drop.claim))
    for number in 1...10_000 {
      let candidate = number == 1 ? drop.name : "\(drop.name).\(number)"
      let isFileThere = try isHeld && folder.exists(EntryName(candidate))
      guard try folder.exists(DropReport.verdictName(candidate)) else {
        if isFileThere { continue }
        return candidate
      }
      if isFileThere == isMoved, try holds(verdict, candidate, in: folder) { return candidate }
    }
    throw JobFault(
      code: "too_many_verdicts", message: "\(folder.path) holds 10,000 verdicts of one name",
      hint: "look through it and remove what is dealt with", blame: .environment)
  }

  private func holds(_ verdict: String, _ name: String, in folder: Folder) throws -> Bool {
    let file = try DropReport.verdictName(name)
    let there = try? OpenFile(file, in: folder, rules: .named(limit: 16 << 20)).readAll()
    return there == Array(verdict.utf8)
  }

  static func verdictName(_ name: String) throws -> EntryName {
    try EntryName(name).appending(verdictEnding)
  }

  static let verdictEnding = ".verdict.json"
}

extension Verdict.Outcome {
  /// Whether the drop's bytes are in the store, now or from before; if not, the drop is held.
  package var isTakenIn: Bool { self == .accepted || self == .duplicate }
}

extension Verdict {
  /// A verdict as it was delivered.
  package struct Summary: Sendable {
    package let drop: String
    /// The document.
    package let verdict: String
    /// Whether all is well: taken in, now or before.
    package let isAccepted: Bool

    package init(drop: String, verdict: String, isAccepted: Bool) {
      self.drop = drop
      self.verdict = verdict
      self.isAccepted = isAccepted
    }
  }
}
