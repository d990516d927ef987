import Faults
import Files
import JSONText
package import Policies
import Store

/// The last steps of a drop: its verdict into the inbox, the drop itself away.
struct DropReport {
  private let site: Site
  private let journal: Journal

  init(site: Site, journal: Journal) {
    self.site = site
    self.journal = journal
  }

  /// Writes the verdict; a rejected drop goes beside it, an accepted one is removed, since the store
  /// has what it held. Each step may have been done before: doing it again changes nothing.
  func deliver(_ drop: Drop) throws -> Verdict.Summary {
    guard let decision = drop.decision else {
      throw JobFault(
        code: "internal_error", message: "a drop is reported before it is decided", blame: .bug)
    }
    let isAccepted = decision.outcome == Verdict.Outcome.accepted.rawValue
    let folder = isAccepted ? site.accepted : site.rejected
    let name = isAccepted ? drop.name : try rejectedName(drop, decision.verdict)
    try AtomicFile.write(
      decision.verdict, as: DropReport.verdictName(name), in: folder, mode: 0o644, replacing: true)
    try putAway(drop, as: try isAccepted || isKept(drop) ? nil : EntryName(name))
    try journal.reported(drop)
    return Verdict.Summary(drop: drop.name, verdict: decision.verdict, isAccepted: isAccepted)
  }

  /// Whether the schedule has the manifest for the runs to come, so that the copy of this run need not
  /// be kept.
  private func isKept(_ drop: Drop) throws -> Bool {
    guard drop.origin == .schedule, let job = drop.job else { return false }
    return try journal.job(named: job)?.nextRun != nil
  }

  private func putAway(_ drop: Drop, as rejected: EntryName?) throws {
    let claim = try EntryName(drop.claim)
    if let rejected, try site.claimed.exists(claim) {
      try site.claimed.rename(claim, to: site.rejected, as: rejected)
      try site.rejected.sync()
    }
    for name in [claim, try claim.appending(Sidecar.ending)] { try site.claimed.removeTree(name) }
    try site.claimed.sync()
  }

  /// The drop's own name, or with a number behind it where an earlier rejected drop has the name.
  /// (This very verdict, written before the process ended, is not an earlier one.)
  private func rejectedName(_ drop: Drop, _ verdict: String) throws -> String {
    let isMoved = try !site.claimed.exists(EntryName(drop.claim))
    for number in 1...10_000 {
      let candidate = number == 1 ? drop.name : "\(drop.name).\(number)"
      let isFileThere = try site.rejected.exists(EntryName(candidate))
      guard try site.rejected.exists(DropReport.verdictName(candidate)) else {
        if isFileThere { continue }
        return candidate
      }
      if isFileThere == isMoved, try holds(verdict, candidate) { return candidate }
    }
    throw JobFault(
      code: "too_many_rejected", message: "inbox/rejected holds 10,000 files of one name",
      hint: "look through it and remove what is dealt with", blame: .environment)
  }

  private func holds(_ verdict: String, _ name: String) throws -> Bool {
    let file = try DropReport.verdictName(name)
    let there = try? OpenFile(file, in: site.rejected, rules: .named(limit: 16 << 20)).readAll()
    return there == Array(verdict.utf8)
  }

  private static func verdictName(_ name: String) throws -> EntryName {
    try EntryName(name).appending(".verdict.json")
  }
}

extension Verdict {
  /// A verdict as it was delivered.
  package struct Summary: Sendable {
    package let drop: String
    /// The document.
    package let verdict: String
    package let isAccepted: Bool

    package init(drop: String, verdict: String, isAccepted: Bool) {
      self.drop = drop
      self.verdict = verdict
      self.isAccepted = isAccepted
    }
  }
}
