import Faults
import Files
import Jobs
import Policies
import Secrets
import Store

/// Takes drops out of the inbox: one move into `store/claimed/`, then a row in the journal.
struct Claiming {
  let site: Site
  let journal: Journal
  let clock: WallClock

  /// Where the policy asks for it, what lies beside a drop that is whole.
  static let doneEnding = ".done"

  /// Claims drops, each with what lies beside it. One that has gone meanwhile is passed over.
  /// - Parameter complain: told of each that cannot be claimed.
  func claim(_ names: [EntryName], complain: (any Fault) -> Void) throws {
    guard !names.isEmpty else { return }
    var claims: [(label: Label, claim: EntryName)] = []
    for name in names {
      do {
        if let claim = try move(name, number: claims.count) { claims.append(claim) }
      } catch let fault as FileFault {
        complain(Unclaimable(name, fault))
      }
    }
    if PolicyInForce.read(site).intake.completion == .doneFile { removeDoneFiles(of: names) }
    // Once for all of them: a claim counts when it has its row, and that comes after.
    try site.claimed.sync()
    try site.inbox.sync()
    for (label, claim) in claims {
      _ = try journal.claimed(
        name: label.text, claim: claim.text ?? "", objection: label.objection, at: clock.timestamp)
    }
  }

  private func move(_ name: EntryName, number: Int) throws -> (Label, EntryName)? {
    let label = Label(name)
    let claim = try EntryName("\(token(number))-\(label.text)")
    do {
      try site.inbox.move(name, to: site.claimed, as: claim)
    } catch let fault as FileFault where fault.kind == .notFound {
      return nil
    }
    return (label.objecting(try claimSidecars(of: name, claim)), claim)
  }

  /// They have said what they had to say. One that stays says it of the next file of its name too
  /// early, so that this is tried at once; a folder that does not let us is told of by the claim.
  private func removeDoneFiles(of names: [EntryName]) {
    for name in names {
      guard let done = try? name.appending(Claiming.doneEnding) else { continue }
      _ = try? site.inbox.removeIfThere(done)
    }
  }

  /// What a claim's name begins with, 16 digits of hexadecimal: the time in milliseconds, the number
  /// within the pass, and some that nobody can foresee. In the order of these names claims were made.
  private func token(_ number: Int) -> String {
    func hex(_ value: Int64, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
    return hex(max(0, clock.milliseconds()), 11) + hex(Int64(number & 0xFF), 2)
      + Hex.encode(randomBytes(2)).prefix(3)
  }

  /// Every claimed file has its row, whether or not the process that claimed it came to that, in the
  /// order in which they were claimed. Called at each pass: a journal that was locked, or a disk that
  /// was full, between the move and the row must not make a drop forgotten.
  func recover() throws {
    let names = try site.claimed.names()
    let all = Set(names)
    for claim in names where !claim.isUpload {
      guard let text = claim.text, let dash = text.firstIndex(of: "-"),
        try !belongs(claim, to: all), try !journal.knows(claim: text)
      else { continue }
      let label = String(text[text.index(after: dash)...])
      let problem = try (try? EntryName(label)).flatMap { try claimSidecars(of: $0, claim) }
      _ = try journal.claimed(
        name: label, claim: text, objection: Label.objection(to: label) ?? problem,
        at: clock.timestamp)
    }
  }

  /// After a crash, when all that was begun has come to its end: what a power cut brought back of drops
  /// whose verdict was delivered goes, with what lies beside it; so does what was opened and never
  /// ended.
  func sweep() throws {
    for name in try site.claimed.names() {
      let endings = Sidecar.endings + [DropFile.openedEnding]
      let ending = endings.first(where: name.hasSuffix) ?? ""
      guard let owner = try? EntryName(utf8: name.bytes.dropLast(ending.utf8.count)),
        try ending == DropFile.openedEnding && !site.claimed.exists(owner)
          || journal.isReported(claim: owner.text ?? "")
      else { continue }
      try site.claimed.removeTree(name)
    }
    try site.claimed.sync()
  }

  /// Whether a claimed file is the sidecar of another, which is there or was dealt with.
  private func belongs(_ claim: EntryName, to all: Set<EntryName>) throws -> Bool {
    guard let ending = Sidecar.endings.first(where: claim.hasSuffix),
      let owner = try? EntryName(utf8: claim.bytes.dropLast(ending.utf8.count))
    else { return false }
    return try all.contains(owner) || journal.knows(claim: owner.text ?? "")
  }

  /// - Returns: what is wrong with one that cannot be taken along: its drop is then answered, and does
  ///   not count without it.
  private func claimSidecars(of name: EntryName, _ claim: EntryName) throws -> String? {
    var problem: String?
    for ending in Sidecar.endings {
      guard let sidecar = try? name.appending(ending),
        try site.inbox.status(of: sidecar)?.kind == .regular
      else { continue }
      do {
        try site.inbox.move(
          sidecar, to: site.claimed, as: claim.appending(ending), replacing: true)
      } catch let fault as FileFault where fault.blame == .input || fault.kind == .notPermitted {
        problem = "its \(ending) file cannot be taken along: \(fault.message)"
      }
    }
    return problem
  }
}

/// The name that a drop goes by from here on, and what is wrong with the one that it had. A name
/// that no drop may bear is replaced by a random one: it may hold a person's.
private struct Label {
  let text: String
  let objection: String?

  private static let badName = DropFile.badName

  init(_ name: EntryName) {
    do throws(FileFault) {
      (text, objection) = (try DropName(name).text, nil)
    } catch {
      (text, objection) = (
        "\(Label.badName)\(Hex.encode(randomBytes(8)))", error.message
      )
    }
  }

  private init(_ text: String, _ objection: String?) {
    (self.text, self.objection) = (text, objection)
  }

  /// The same, with an objection if there was none.
  func objecting(_ problem: String?) -> Label { Label(text, objection ?? problem) }

  /// What was wrong with the name, when all that is left of it is its label.
  static func objection(to label: String) -> String? {
    label.hasPrefix(badName)
      ? "the name that it was dropped under is one that no drop may bear" : nil
  }
}
