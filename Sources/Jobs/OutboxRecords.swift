import Archives
package import Faults
import Files
import JSONText
import Keys
import Ledger
import Secrets
import Store

/// What the outbox tells of the site beside its archives: the ledger with its signed checkpoint, and
/// a signed index for each stream. All of it follows from the journal, and is made again from there
/// whenever it differs.
package final class OutboxRecords {
  private let site: Site
  private let journal: Journal
  private let signer: Identity
  private let clock: WallClock
  /// Up to here everything was written by this process.
  private var settled: LedgerHead?

  init(_ site: Site, _ journal: Journal, signer: Identity, clock: WallClock) {
    (self.site, self.journal) = (site, journal)
    (self.signer, self.clock) = (signer, clock)
  }

  /// Brings the outbox up to the journal, if that has changed since. What is in the way of one
  /// stream's index is in the way of no other's, and is tried again with the next pass.
  package func settle(complain: (any Fault) -> Void) throws {
    let head = try journal.ledgerHead()
    guard head != settled else { return }
    var isWhole = true
    func attempt(_ write: () throws -> Void) throws {
      do { try write() } catch let fault as any Fault {
        if fault is StoreFault { throw fault }
        isWhole = false
        complain(fault)
      }
    }
    try attempt(publishLedger)
    for stream in try journal.shownStreams() { try attempt { try publishIndex(of: stream) } }
    if isWhole { settled = head }
  }

  /// Writes the ledger and its checkpoint, so that what is shown next stands in it.
  /// - Throws: `LedgerFault` when the outbox knows more, or other, than the journal does.
  func publishLedger() throws {
    guard let head = try journal.ledgerHead() else { return }
    try ledgerFolder().write(
      upTo: head, signer: signer, cards: ownCards, at: clock.now, lines: journal.ledgerLines)
  }

  /// Writes the index of a stream, unless the very same lies there with its signature.
  func publishIndex(of stream: String) throws {
    let shown = try journal.shown(on: stream)
    // Behind a number that is not shown yet, nothing is: there is nothing to tell then.
    guard !shown.isEmpty else { return }
    let document = try StreamIndex(shown, of: stream).signed(by: signer)
    let folder = try site.outbox.subfolder(EntryName(stream), create: 0o755)
    let signature = try StreamIndex.fileName.appending(SignedDocument.signatureEnding)
    if holds(document.text, StreamIndex.fileName, folder),
      holds(Array(document.signature.utf8), signature, folder)
    {
      return
    }
    try document.publish(as: StreamIndex.fileName, in: folder)
  }

  /// A journal that was restored from a backup knows less than the outbox's own checkpoint, or
  /// went on another way.
  /// - Throws: `journal_behind`; what is in the way of reading the checkpoint.
  func requireJournalAhead() throws {
    guard let shown = try published()?.head else { return }
    let known = try journal.ledgerHead()?.entries ?? 0
    let line = try journal.ledgerLines(shown.entries...shown.entries).first
    guard try line.map({ try LedgerEntry(parsing: Array($0.utf8)).head }) != shown else { return }
    throw JobFault(
      code: "journal_behind",
      message:
        "the outbox holds a checkpoint of \(shown.entries) entries of the ledger, which are not those of the journal (it has \(known)): the journal was restored or lost",
      hint: "restore the newest store/journal.sqlite; a stream never gives a number twice",
      blame: .environment)
  }

  private func published() throws -> PublishedCheckpoint? {
    do { return try ledgerFolder().published(by: ownCards) } catch let fault as LedgerFault {
      throw JobFault(
        code: fault.code, message: fault.message, hint: fault.hint, blame: .environment)
    }
  }

  /// Also those of before the site's key was changed. Where the keys cannot be read, the head of a
  /// checkpoint counts all the same.
  var ownCards: [Card] {
    ((try? site.keyring())?.cards ?? []).filter { $0.name == signer.name } + [signer.card]
  }

  private func ledgerFolder() throws -> LedgerFolder {
    LedgerFolder(try site.outbox.subfolder(LedgerFolder.name, create: 0o755))
  }

  private func holds(_ text: [UInt8], _ name: EntryName, _ folder: Folder) -> Bool {
    let rules = OpenRules.drop(limit: StreamIndex.maxBytes)
    return (try? OpenFile(name, in: folder, rules: rules).readAll()) == text
  }
}

extension StreamIndex {
  /// - Parameter shown: all that the stream has shown, ascending from 1.
  fileprivate init(_ shown: [ShownArchive], of stream: String) throws {
    let archives = try shown.filter { $0.place == .outbox }.map(Archive.init)
    let last = shown.last
    guard let label = ArchiveLabel(stream), let head = last.map({ Digest(hex: $0.digest) }) else {
      throw Archive.unfit
    }
    try self.init(
      stream: label,
      head: last.flatMap { last in
        head.map { StreamPosition(sequence: last.sequence, digest: $0) }
      },
      archives: archives,
      retired: StreamIndex.ranges(of: shown.filter { $0.place != .outbox }.map(\.sequence)))
  }
}

extension StreamIndex.Archive {
  fileprivate static let unfit = JobFault(
    code: "internal_error", message: "the journal holds an archive that no index can name",
    blame: .bug)

  fileprivate init(_ shown: ShownArchive) throws {
    guard let kind = ArchiveKind(rawValue: shown.kind), let digest = Digest(hex: shown.digest),
      let job = ArchiveLabel(shown.job)
    else { throw Self.unfit }
    self.init(
      sequence: shown.sequence,
      file: ArchiveDraft.fileName(job: shown.job, sequence: shown.sequence), kind: kind,
      digest: digest, previous: shown.previous.flatMap(Digest.init(hex:)), bytes: shown.bytes,
      records: shown.records, job: job, created: shown.created)
  }
}
