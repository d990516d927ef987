import Archives
import Faults
package import Files
import Keys
import Secrets
package import Store

/// Gives an archive out again: the very bytes, with their signature, for a receiver that lost them.
package struct ArchiveExport {
  private let site: Site
  private let journal: Journal

  package init(_ site: Site) throws {
    self.site = site
    journal = try Journal(reading: site.store)
  }

  /// - Parameter folder: where to; it must not hold a file of the archive's name.
  /// - Returns: the archive, and its name.
  /// - Throws: `archive_unknown`, `archive_removed`, `archive_missing`, `archive_altered`;
  ///   `ArchiveFault` when its signature is not right; `FileFault`.
  package func write(
    _ stream: String, _ sequence: Int64, into folder: Folder
  ) throws -> (archive: ShownArchive, name: EntryName) {
    guard let archive = try journal.shown(on: stream, sequence) else {
      throw ExportFault.unknown(stream, sequence, last: try journal.lastSequence(of: stream))
    }
    guard archive.place != .removed else { throw ExportFault.removed(archive) }
    let files = try archive.files
    let source = try find(files[0], of: archive)
    let cards = try site.keyring().cards
    let verified = try UnverifiedArchive(files[0], in: source).verified(byOneOf: cards)
    guard verified.digest.hex == archive.digest else { throw ExportFault.altered(archive) }
    let (copy, digest) = try copy(files[0], from: source, to: folder)
    let (signature, _) = try self.copy(files[1], from: source, to: folder)
    guard digest == verified.digest else { throw ExportFault.altered(archive) }
    try signature.commit(replacing: true)
    try copy.commit()
    return (archive, files[0])
  }

  private func find(_ name: EntryName, of archive: ShownArchive) throws -> Folder {
    let stream = try EntryName(archive.stream)
    let places = [
      try folder { () throws(FileFault) in try site.outbox.subfolder(stream) },
      try folder { () throws(FileFault) in
        try site.store.subfolder("sent").subfolder(stream)
      },
    ]
    // Retention may be moving it just now.
    for folder in (archive.place == .kept ? places.reversed() : places).compactMap({ $0 }) {
      if try folder.exists(name) { return folder }
    }
    throw ExportFault.missing(archive)
  }

  /// - Returns: nil when it is not there.
  private func folder(_ open: () throws(FileFault) -> Folder) throws(FileFault) -> Folder? {
    do { return try open() } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  private func copy(
    _ name: EntryName, from source: Folder, to target: Folder
  ) throws -> (StagedFile, Digest) {
    guard try !target.exists(name) || name.hasSuffix(SignedDocument.signatureEnding) else {
      throw FileFault(.alreadyThere, "\(target.path(of: name)) is there already")
    }
    let (file, stream) = (try StagedFile(name, in: target, mode: 0o644), DigestStream())
    try OpenFile(name, in: source, rules: .drop(limit: .max)).forEachPiece {
      piece throws(FileFault) in
      stream.update(piece)
      try file.write(piece)
    }
    try file.seal()
    return (file, stream.finish())
  }
}

/// Why an archive cannot be given out again.
struct ExportFault: Fault {
  let code: String
  let message: String
  let hint: String?
  let blame: Blame

  static func unknown(_ stream: String, _ sequence: Int64, last: Int64) -> ExportFault {
    ExportFault(
      code: "archive_unknown",
      message: "the stream \(Printable.quoted(stream)) has shown no archive \(sequence)",
      hint: last > 0 ? "its newest is \(last)" : "airlock status tells the streams", blame: .usage)
  }

  static func removed(_ archive: ShownArchive) -> ExportFault {
    ExportFault(
      code: "archive_removed",
      message:
        "archive \(archive.sequence) of \(archive.stream) was removed by retention (sent_days), after it was acknowledged",
      hint: "what it held can be sent again by a new job", blame: .usage)
  }

  static func missing(_ archive: ShownArchive) -> ExportFault {
    ExportFault(
      code: "archive_missing",
      message:
        "archive \(archive.sequence) of \(archive.stream) lies neither in outbox/ nor in store/sent/",
      hint: "somebody moved it away; restore it from a backup", blame: .environment)
  }

  static func altered(_ archive: ShownArchive) -> ExportFault {
    ExportFault(
      code: "archive_altered",
      message:
        "archive \(archive.sequence) of \(archive.stream) is not the one that the journal knows",
      hint: "somebody replaced it; restore it from a backup", blame: .authenticity)
  }
}
