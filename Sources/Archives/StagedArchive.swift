package import Files
package import Secrets

/// An archive that is complete on the disk, with its signature, under hidden names.
///
/// Dropping it removes the files, unless they are kept or were found after a crash.
package final class StagedArchive {
  /// The name that it will have.
  package let name: EntryName
  /// BLAKE2b-256 of the file.
  package let digest: Digest
  package let size: Int64
  package let header: ArchiveHeader

  static let signatureEnding = ".minisig"

  private let folder: Folder
  private let archive: Piece
  private let signature: Piece

  /// One of the two files.
  enum Piece {
    case fresh(StagedFile)
    /// Found under this temporary name.
    case found(EntryName)
    /// Found under its own name.
    case published
  }

  init(
    name: EntryName, folder: Folder, digest: Digest, size: Int64, header: ArchiveHeader,
    archive: Piece, signature: Piece
  ) {
    self.name = name
    self.folder = folder
    self.digest = digest
    self.size = size
    self.header = header
    self.archive = archive
    self.signature = signature
  }

  /// The same archive, whose files stay whatever happens: from when a journal knows of it, it may be
  /// published by another process.
  package func kept() throws(FileFault) -> StagedArchive {
    func kept(_ piece: Piece) throws(FileFault) -> Piece {
      guard case .fresh(let file) = piece else { return piece }
      return .found(try file.leave())
    }
    return StagedArchive(
      name: name, folder: folder, digest: digest, size: size, header: header,
      archive: try kept(archive), signature: try kept(signature))
  }

  /// Gives both files their names, the signature first: an archive that is visible has its
  /// signature. Each step is synced.
  /// - Throws: `draft` when there is an archive of that name, `FileFault`. The archive is then not
  ///   visible, or only the last sync failed.
  package func publish() throws {
    guard try !folder.exists(name) else {
      throw ArchiveFault(.draft, "name_taken", "there is an archive \(name) already")
    }
    try publish(signature, as: name.appending(StagedArchive.signatureEnding), replacing: true)
    try publish(archive, as: name, replacing: false)
  }

  /// Removes the staged files.
  package func discard() throws(FileFault) {
    for piece in [archive, signature] {
      switch piece {
      case .fresh(let file): file.discard()
      case .found(let temporary): try folder.removeIfThere(temporary)
      case .published:
        if try !folder.exists(name) {
          try folder.removeIfThere(name.appending(StagedArchive.signatureEnding))
        }
      }
    }
  }

  private func publish(_ piece: Piece, as name: EntryName, replacing: Bool) throws(FileFault) {
    switch piece {
    case .fresh(let file): try file.commit(replacing: replacing)
    case .found(let temporary):
      try folder.rename(temporary, to: folder, as: name, replacing: replacing)
      try folder.sync()
    case .published: break
    }
  }
}
