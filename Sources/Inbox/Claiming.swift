import Files
import Jobs
import Secrets
import Store

/// Takes drops out of the inbox: one rename into `store/claimed/`, then a row in the journal.
struct Claiming {
  let site: Site
  let journal: Journal
  let clock: WallClock

  /// Claims one drop, and its `.sha256` file with it.
  /// - Returns: nil if it has gone meanwhile.
  func claim(_ name: EntryName) throws -> Drop? {
    let (label, objection) = Claiming.label(name)
    let claim = try EntryName("\(Hex.encode(randomBytes(8)))-\(label)")
    do throws(FileFault) {
      try site.inbox.rename(name, to: site.claimed, as: claim)
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
    try claimSidecar(of: name, claim)
    try site.claimed.sync()
    try site.inbox.sync()
    return try journal.claimed(
      name: label, claim: claim.text ?? "", objection: objection, at: clock.timestamp)
  }

  /// After a crash: every claimed file has its row, whether or not the last process came to it.
  func recover() throws {
    for claim in try site.claimed.names() where !claim.hasSuffix(".sha256") && !claim.isUpload {
      guard let text = claim.text, let dash = text.firstIndex(of: "-"),
        try !journal.knows(claim: text)
      else { continue }
      let label = String(text[text.index(after: dash)...])
      if let name = try? EntryName(label) { try claimSidecar(of: name, claim) }
      _ = try journal.claimed(
        name: label, claim: text, objection: Claiming.objection(to: label), at: clock.timestamp)
    }
  }

  private func claimSidecar(of name: EntryName, _ claim: EntryName) throws {
    guard let sidecar = try? name.appending(".sha256"),
      try site.inbox.status(of: sidecar)?.kind == .regular
    else { return }
    try site.inbox.rename(
      sidecar, to: site.claimed, as: claim.appending(".sha256"), replacing: true)
  }

  /// The name that a drop goes by from here on, and what is wrong with the one that it had. A name
  /// that no drop may bear is replaced by one made of its digest.
  private static func label(_ name: EntryName) -> (label: String, objection: String?) {
    do throws(FileFault) {
      return (try DropName(name).text, nil)
    } catch {
      return ("\(badName)\(Digest(of: name.bytes).hex.prefix(16))", error.message)
    }
  }

  private static let badName = "badname-"

  /// What was wrong with the name, when all that is left of it is its label.
  private static func objection(to label: String) -> String? {
    label.hasPrefix(badName)
      ? "the name that it was dropped under is one that no drop may bear" : nil
  }
}
