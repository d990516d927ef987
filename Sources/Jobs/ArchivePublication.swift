import Archives
import Faults
import Files
import Keys
import Ledger
import Secrets
import Store

/// The way of a sealed archive into its stream: staged, announced, shown; each noted before the next,
/// so that a process that was killed goes on from what the journal says.
struct ArchivePublication {
  private let processing: DropProcessing

  init(_ processing: DropProcessing) { self.processing = processing }

  private var journal: Journal { processing.journal }

  /// What is noted together with the verdict.
  struct Notes {
    var policyRun: LedgerPolicyRun?
  }

  /// Takes the next number of a stream.
  /// - Throws: `journal_behind`.
  func reserve(_ drop: Drop, stream: String, job: String) throws -> ArchiveEntry {
    try requireJournalAhead(of: stream)
    return try journal.reserve(drop, stream: stream, job: job)
  }

  /// Shows an archive that the journal has as staged.
  /// - Parameter archive: one that is kept, or was found.
  func show(
    _ archive: StagedArchive, _ drop: Drop, _ decision: Decision, _ entry: ArchiveEntry,
    _ notes: Notes = Notes()
  ) throws -> Drop {
    try processing.site.requireInPlace()
    try announce(entry)
    try archive.publish()
    return try published(drop, decision, entry, notes)
  }

  /// Goes on with an archive that was staged when the process ended. One that is nowhere any more was
  /// shown and collected before that could be noted: its number is never given to other bytes.
  func goOn(
    _ drop: Drop, _ decision: Decision, _ entry: ArchiveEntry, digest: Digest,
    _ notes: Notes = Notes()
  ) throws -> Drop {
    try processing.site.requireInPlace()
    let found = try find(entry, digest)
    try announce(entry)
    switch found {
    case .staged(let archive): try archive.publish()
    case .published, .nothing: try folder(of: entry.stream).sync()
    }
    return try published(drop, decision, entry, notes)
  }

  /// Where an archive of the journal is.
  func find(_ entry: ArchiveEntry, _ digest: Digest) throws -> StagedArchive.Found {
    let name = try EntryName(ArchiveDraft.fileName(job: entry.job, sequence: entry.sequence))
    return try StagedArchive.find(
      name, digest: digest, signer: processing.signer.card, in: folder(of: entry.stream))
  }

  func folder(of stream: String) throws -> Folder {
    try processing.site.outbox.subfolder(EntryName(stream), create: 0o755)
  }

  /// What is shown next stands in the outbox's own ledger already, and its number is marked.
  private func announce(_ entry: ArchiveEntry) throws {
    try SequenceMarks(in: processing.site.store).raise(entry.stream, to: entry.sequence)
    try processing.records.publishLedger()
  }

  private func published(
    _ drop: Drop, _ decision: Decision, _ entry: ArchiveEntry, _ notes: Notes
  ) throws -> Drop {
    let drop = try journal.published(drop, decision, policyRun: notes.policyRun)
    // What is in the index's way now is told at the end of the pass, where it is tried again.
    try? processing.records.publishIndex(of: entry.stream)
    return drop
  }

  /// A journal that was restored from a backup, or lost, does not know the newest archives: their
  /// numbers must not be given again.
  /// - Throws: `journal_behind`.
  func requireJournalAhead(of stream: String) throws {
    let known = try journal.lastSequence(of: stream)
    let marked = try SequenceMarks(in: processing.site.store).highest(of: stream)
    let shown = try folder(of: stream).names().compactMap {
      ArchiveDraft.sequence(ofFile: $0.text ?? "")
    }
    let newest = max(shown.max() ?? 0, marked)
    guard newest > known else { return try processing.records.requireJournalAhead() }
    throw JobFault(
      code: "journal_behind",
      message:
        "archive \(newest) of the stream \(stream) was given out, and the journal knows only \(known): the journal was restored or lost",
      hint: "restore the newest store/journal.sqlite; a stream never gives a number twice",
      blame: .environment)
  }
}
