import Faults
import Files
import Jobs
import Secrets
import Store

/// Takes drops out of the inbox: one move into `store/claimed/`, then a row in the journal.
struct Claiming {
  let site: Site
  let journal: Journal
  let clock: WallClock

  /// Claims drops, each with what lies beside it. One that has gone meanwhile is passed over.
  /// - Parameter complain: told of each that cannot be claimed.
  func claim(_ names: [EntryName], complain: (any Fault) -> Void) throws {
    guard !names.isEmpty else { return }
    var claims: [(label: Label, claim: EntryName)] = []
    for name in names {
      do {
        if let claim = try move(name) { claims.append(claim) }
      } catch let fault as FileFault {
        complain(fault)
      }
    }
    // Once for all of them: a claim counts when it has its row, and that comes after.
    try site.claimed.sync()
    try site.inbox.sync()
    for (label, claim) in claims {
      _ = try journal.claimed(
        name: label.text, claim: claim.text ?? "", objection: label.objection, at: clock.timestamp)
    }
  }

  private func move(_ name: EntryName) throws -> (Label, EntryName)? {
    let label = Label(name)
    let claim = try EntryName("\(Hex.encode(randomBytes(8)))-\(label.text)")
    do {
      try site.inbox.move(name, to: site.claimed, as: claim)
    } catch let fault as FileFault where fault.kind == .notFound {
      return nil
    }
    try claimSidecars(of: name, claim)
    return (label, claim)
  }

  /// After a crash: every claimed file has its row, whether or not the last process came to it.
  func recover() throws {
    let names = try site.claimed.names()
    let all = Set(names)
    for claim in names where !claim.isUpload {
      guard let text = claim.text, let dash = text.firstIndex(of: "-"),
        try !belongs(claim, to: all), try !journal.knows(claim: text)
      else { continue }
      let label = String(text[text.index(after: dash)...])
      if let name = try? EntryName(label) { try claimSidecars(of: name, claim) }
      _ = try journal.claimed(
        name: label, claim: text, objection: Label.objection(to: label), at: clock.timestamp)
    }
  }

  /// Whether a claimed file is the sidecar of another, which is there or was dealt with.
  private func belongs(_ claim: EntryName, to all: Set<EntryName>) throws -> Bool {
    guard let ending = Sidecar.endings.first(where: claim.hasSuffix),
      let owner = try? EntryName(utf8: claim.bytes.dropLast(ending.utf8.count))
    else { return false }
    return try all.contains(owner) || journal.knows(claim: owner.text ?? "")
  }

  private func claimSidecars(of name: EntryName, _ claim: EntryName) throws {
    for ending in Sidecar.endings {
      guard let sidecar = try? name.appending(ending),
        try site.inbox.status(of: sidecar)?.kind == .regular
      else { continue }
      try site.inbox.move(
        sidecar, to: site.claimed, as: claim.appending(ending), replacing: true)
    }
  }
}

/// The name that a drop goes by from here on, and what is wrong with the one that it had. A name
/// that no drop may bear is replaced by one made of its digest.
private struct Label {
  let text: String
  let objection: String?

  private static let badName = "badname-"

  init(_ name: EntryName) {
    do throws(FileFault) {
      (text, objection) = (try DropName(name).text, nil)
    } catch {
      (text, objection) = (
        "\(Label.badName)\(Digest(of: name.bytes).hex.prefix(16))", error.message
      )
    }
  }

  /// What was wrong with the name, when all that is left of it is its label.
  static func objection(to label: String) -> String? {
    label.hasPrefix(badName)
      ? "the name that it was dropped under is one that no drop may bear" : nil
  }
}
