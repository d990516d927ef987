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
    let verdict = drop.verdict ?? ""
    let isAccepted = drop.outcome == Verdict.Outcome.accepted.rawValue
    let folder = isAccepted ? site.accepted : site.rejected
    let name = isAccepted ? drop.name : try rejectedName(drop)
    let file = try EntryName(name).appending(".verdict.json")
    try AtomicFile.write(verdict, as: file, in: folder, mode: 0o644, replacing: true)
    let claim = try EntryName(drop.claim)
    if try site.claimed.exists(claim) {
      if isAccepted {
        try site.claimed.remove(claim)
      } else {
        try site.claimed.rename(claim, to: site.rejected, as: EntryName(name))
        try site.rejected.sync()
      }
    }
    _ = try site.claimed.removeIfThere(claim.appending(Sidecar.ending))
    try site.claimed.sync()
    try journal.reported(drop)
    return Verdict.Summary(drop: drop.name, verdict: verdict, isAccepted: isAccepted)
  }

  /// The drop's own name, or with a number behind it if a rejected file of that name lies there.
  private func rejectedName(_ drop: Drop) throws -> String {
    guard try site.claimed.exists(EntryName(drop.claim)) else {
      // The file was moved before the process ended: its verdict is there as well.
      return drop.name
    }
    for number in 1...10_000 {
      let name = number == 1 ? drop.name : "\(drop.name).\(number)"
      if try !site.rejected.exists(EntryName(name)) { return name }
    }
    throw JobFault(
      code: "too_many_rejected", message: "inbox/rejected holds 10,000 files of one name",
      hint: "look through it and remove what is dealt with", blame: .environment)
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
