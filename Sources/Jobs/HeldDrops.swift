import Archives
package import Faults
import Files
import JSONText
import Keys
import Policies
import Secrets
package import Store

/// What an operator does with drops that are held in `inbox/rejected/`, while a watcher runs or not.
///
/// Each act hangs on one rename or one removal of the held file, so that of two operators one wins
/// and the other is told. Nothing here takes the watcher's lock.
package struct HeldDrops {
  private let site: Site
  private let journal: Journal
  private let clock: WallClock

  package init(_ site: Site, journal: Journal, clock: WallClock) {
    self.site = site
    self.journal = journal
    self.clock = clock
  }

  /// Puts a held drop back into the inbox, with its sidecars, to be judged again. Its verdict goes;
  /// the journal keeps it.
  /// - Parameter name: as it lies in `inbox/rejected/`.
  /// - Returns: the name that it has in the inbox.
  /// - Throws: `not_held`; `waiting_already` when the inbox holds a file of its name.
  package func retry(_ name: String) throws -> String {
    let held = try find(name)
    try beginLedger()
    try putBack(held)
    try journal.note(.retry, shown: held.shownDigest)
    return held.dropName.text
  }

  /// Lets a drop through that is held for a reason which the operator may lift, once, and puts it
  /// back into the inbox.
  /// - Throws: as `retry`; `not_releasable` for every other reason, above all a signature's;
  ///   `held_file_differs` when the file is not the one that its verdict is of.
  package func release(_ name: String) throws -> String {
    let held = try find(name)
    let code = held.verdict?["reason"]?["code"]?.text ?? "?"
    guard held.verdict?["outcome"]?.text == Verdict.Outcome.quarantined.rawValue,
      Quarantine.releasable.contains(code), let shown = held.shownDigest
    else {
      throw HeldFault(
        "not_releasable", "\(held.shown) is held for \(code), which cannot be lifted by hand",
        hint: "mend what its verdict says, then: airlock retry \(name)")
    }
    let digest = try requireSame(held, shown)
    try beginLedger()
    // Not before: a release that nothing was put back for would wait for anybody's drop.
    try putBack(held)
    try journal.release(
      digest: digest, shown: shown, name: held.dropName.text, at: clock.timestamp)
    return held.dropName.text
  }

  /// Removes a held drop for good. Its verdict stays, and says when.
  /// - Throws: `not_held`.
  package func reject(_ name: String) throws {
    let held = try find(name)
    try beginLedger()
    // The verdict first: a file that is gone without a word cannot be told from one that was lost.
    let erased = try noteErased(held, name)
    do { try requireOurs(held) { try remove(held.entry) } } catch {
      // Put back by another: it has no verdict any more.
      if erased, try site.inbox.exists(held.dropName.entry) {
        try site.rejected.removeIfThere(DropReport.verdictName(name))
      }
      throw error
    }
    for ending in Sidecar.endings {
      try site.rejected.removeIfThere(held.entry.appending(ending))
    }
    try site.rejected.sync()
    try journal.note(.reject, shown: held.shownDigest)
  }

  /// An operator may be the first who acts after an upgrade.
  private func beginLedger() throws {
    try LedgerBeginning(site, journal).ensure(KeyFolder(site.keys).ownCard())
  }

  private func noteErased(_ held: Held, _ name: String) throws -> Bool {
    guard case .object(var members)? = held.verdict else { return false }
    members.removeAll { $0.key == "erased" }
    members.append(JSON.Member("erased", .string(clock.timestamp)))
    try AtomicFile.write(
      JSON.object(members).pretty(), as: DropReport.verdictName(name), in: site.rejected,
      mode: 0o644, replacing: true)
    return true
  }

  /// Unlike `removeTree` alone it tells when another was faster.
  private func remove(_ entry: EntryName) throws {
    if try site.rejected.status(of: entry)?.kind == .folder {
      try site.rejected.removeTree(entry)
    } else {
      try site.rejected.remove(entry)
    }
  }

  /// Of an archive the verdict is of what is inside, and that alone is let through.
  /// - Returns: the digest of what the verdict is of, in hex.
  private func requireSame(_ held: Held, _ shown: String) throws -> String {
    let digest = try journal.digest(shownAs: shown)
    if let digest, (try? UnverifiedArchive(held.entry, in: site.rejected)) != nil { return digest }
    let stream = DigestStream()
    let file = try OpenFile(held.entry, in: site.rejected, rules: .drop(limit: 1 << 40))
    try file.forEachPiece { stream.update($0) }
    if let digest, stream.finish().hex == digest { return digest }
    throw HeldFault(
      "held_file_differs", "\(held.shown) is not the file that its verdict is of",
      hint: "somebody replaced it: to have it judged as it is now, airlock retry")
  }

  private struct Held {
    let entry: EntryName
    let verdict: JSON?
    /// The name that it was dropped under.
    let dropName: DropName
    /// What its verdict shows for its digest, in hex.
    var shownDigest: String? { verdict?["digest"]?.text }
    var shown: String { Printable.quoted(utf8: entry.bytes) }
  }

  private func find(_ name: String) throws -> Held {
    let entry = try? EntryName(name)
    let isOurs = ([DropReport.verdictEnding] + Sidecar.endings).contains { name.hasSuffix($0) }
    guard let entry, let dropName = try? DropName(entry), !entry.isUpload,
      try site.rejected.exists(entry), try !isOurs || verdict(of: name) != nil
    else { throw HeldFault.notHeld(name) }
    let verdict = try verdict(of: name)
    let first = verdict?["drop"]?.text.flatMap { try? DropName($0) }
    return Held(entry: entry, verdict: verdict, dropName: first ?? dropName)
  }

  private func verdict(of name: String) throws -> JSON? {
    let file = try? OpenFile(
      DropReport.verdictName(name), in: site.rejected, rules: .named(limit: 16 << 20))
    return try file.map { try JSONDocument(parsing: $0.readAll()).root.json }
  }

  private func putBack(_ held: Held) throws {
    guard try !site.inbox.exists(held.dropName.entry) else {
      throw HeldFault(
        "waiting_already", "the inbox holds a file \(held.dropName) already",
        hint: "wait until that one has its verdict")
    }
    var way = PutBack(site, held.entry, as: held.dropName.entry)
    try way.prepare()
    try requireOurs(held) { try way.decide() }
    try way.tidy()
  }

  /// Runs the one step that decides who won.
  private func requireOurs(_ held: Held, _ step: () throws -> Void) throws {
    do { try step() } catch let fault as FileFault where fault.kind == .notFound {
      throw HeldFault.notHeld(held.entry.text ?? "?")
    }
  }
}

/// What an operator asked for cannot be done.
package struct HeldFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  package var blame: Blame { .usage }

  init(_ code: String, _ message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  static func notHeld(_ name: String) -> HeldFault {
    HeldFault(
      "not_held", "nothing named \(Printable.quoted(name)) is held, or not any more",
      hint: "look into inbox/rejected; another operator may have dealt with it")
  }
}
