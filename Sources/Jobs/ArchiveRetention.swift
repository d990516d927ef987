import Archives
package import Faults
import Files
import JSONText
import Keys
package import Policies
import Secrets
import Store

/// Takes archives that were collected out of the outbox, and later away, as the policy says. The
/// journal first, with the ledger; then the index, then the files. What was killed in between is
/// finished at the next start.
package struct ArchiveRetention {
  private let processing: DropProcessing
  private var site: Site { processing.site }
  private var journal: Journal { processing.journal }

  private let complain: (any Fault) -> Void

  /// - Parameter complain: told of files that lie where an archive did, and are left alone.
  package init(_ processing: DropProcessing, complain: @escaping (any Fault) -> Void) {
    (self.processing, self.complain) = (processing, complain)
  }

  /// Days are counted by this machine's clock: from the first receipt, and from when the archive left
  /// the outbox. It stays there until all of its recipients that the policy still names have receipted it: one who keeps
  /// a key in a safe speaks for no other.
  package func run(_ policy: SitePolicy) throws {
    let retention = policy.retention
    let now = processing.clock.now.seconds
    var changed: Set<String> = []
    let steps: [(ShownArchive.Place, ShownArchive.Place, Int?)] = [
      (.outbox, .kept, retention.outboxDays), (.kept, .removed, retention.sentDays),
    ]
    for (place, next, days) in steps {
      guard let days else { continue }
      let due = try journal.due(in: place, before: now - Int64(days) * 86_400)
        .filter { try place != .outbox || isReceipted($0, policy) }
      try journal.retire(due, to: next)
      changed.formUnion(due.map(\.stream))
    }
    guard !changed.isEmpty else { return }
    try processing.records.publishLedger()
    for stream in changed.sorted() { try processing.records.publishIndex(of: stream) }
    try finish()
  }

  private func isReceipted(_ archive: ShownArchive, _ policy: SitePolicy) throws -> Bool {
    let sealedTo = try journal.recipients(on: archive.stream, archive.sequence)
    let recipients = policy.recipients(of: archive.stream) ?? []
    return try recipients.allSatisfy {
      try !sealedTo.isEmpty && !sealedTo.contains($0)
        || !journal.receipts(on: archive.stream, archive.sequence, by: $0).isEmpty
    }
  }

  /// Brings every file to where the journal says that it lies.
  package func finish() throws {
    for stream in try journal.shownStreams() {
      let gone = try journal.shown(on: stream).filter { $0.place != .outbox }
      guard !gone.isEmpty else { continue }
      let outbox = try site.outbox.subfolder(EntryName(stream), create: 0o755)
      let kept = try site.store.subfolder("sent", create: 0o700)
        .subfolder(EntryName(stream), create: 0o700)
      let (shown, stored) = (Set(try outbox.names()), Set(try kept.names()))
      for archive in gone {
        let files = try archive.files
        let isForeign = shown.contains(files[0]) && !isArchive(archive, files[0], outbox)
        if isForeign { complain(JobFault.foreign(files[0], in: outbox)) }
        for name in files {
          if shown.contains(name), !isForeign { try leave(name, archive.place, outbox, kept) }
          if stored.contains(name), archive.place == .removed { try kept.removeIfThere(name) }
        }
      }
      try kept.sync()
      try outbox.sync()
    }
  }

  private func isArchive(_ archive: ShownArchive, _ name: EntryName, _ folder: Folder) -> Bool {
    // What cannot be read as a file of ours is none.
    (try? digest(name, folder))?.hex == archive.digest
  }

  /// Where both folders have the file, it was copied to another file system and not yet removed; or
  /// somebody put another one there, which is not ours to touch.
  private func leave(
    _ name: EntryName, _ place: ShownArchive.Place, _ outbox: Folder, _ kept: Folder
  ) throws {
    guard place == .kept else { return _ = try outbox.removeIfThere(name) }
    guard try kept.exists(name) else { return try outbox.move(name, to: kept, as: name) }
    if try digest(name, outbox) == digest(name, kept) { try outbox.removeIfThere(name) }
  }

  private func digest(_ name: EntryName, _ folder: Folder) throws -> Digest {
    let stream = DigestStream()
    try OpenFile(name, in: folder, rules: .drop(limit: .max)).forEachPiece { stream.update($0) }
    return stream.finish()
  }
}

extension ShownArchive {
  /// The archive, and then its signature: an archive that is visible has one.
  var files: [EntryName] {
    get throws {
      let name = try EntryName(ArchiveDraft.fileName(job: job, sequence: sequence))
      return [name, try name.appending(SignedDocument.signatureEnding)]
    }
  }
}

extension JobFault {
  fileprivate static func foreign(_ name: EntryName, in folder: Folder) -> JobFault {
    JobFault(
      code: "archive_altered",
      message: "\(folder.path(of: name)) is not the archive that retention takes away",
      hint: "it is left alone; find out who put it there, and move it away", blame: .authenticity)
  }
}
