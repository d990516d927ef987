internal import Faults
package import Files
package import Keys
package import Secrets

extension StagedArchive {
  /// What a crash left of an archive that a journal knows.
  package enum Found {
    /// Nothing that can be used: seal again.
    case nothing
    /// Complete, but hidden: publish it.
    case staged(StagedArchive)
    /// Visible with its signature: nothing is left to do.
    case published
  }

  /// Looks in `folder` for the archive of this name and digest, and for its signature by `signer`.
  /// Both are read to their ends. Call it before `Folder.removeLeftovers()`.
  /// - Throws: `draft` when another archive has the name; `signature` when it is published and
  ///   somebody removed its signature; `FileFault`.
  package static func find(
    _ name: EntryName, digest: Digest, signer: Card, in folder: Folder
  ) throws -> Found {
    let signatureName = try name.appending(signatureEnding)
    if try folder.exists(name) {
      guard let visible = try? read(name, folder), visible.digest == digest else {
        throw ArchiveFault(.draft, "name_taken", "there is another archive \(name) already")
      }
      guard isSigned(visible, signatureName, signer, folder) else {
        throw ArchiveFault(
          .signature, "signature_missing", "the published archive \(name) has lost its signature",
          hint: "restore the file \(signatureName) from a backup")
      }
      return .published
    }
    for candidate in try stagedNames(of: name, in: folder) {
      guard let archive = try readIfSound(candidate, folder), archive.digest == digest else {
        continue
      }
      let hidden = try stagedNames(of: signatureName, in: folder)
      let found = hidden.first { isSigned(archive, $0, signer, folder) }
      let isVisible = found == nil && isSigned(archive, signatureName, signer, folder)
      guard let piece = found.map(Piece.found) ?? (isVisible ? .published : nil) else { continue }
      return .staged(
        StagedArchive(
          name: name, folder: folder, digest: digest, size: archive.size, header: archive.header,
          archive: .found(candidate), signature: piece))
    }
    return .nothing
  }

  private static func stagedNames(of name: EntryName, in folder: Folder) throws -> [EntryName] {
    let start = Array(".".utf8) + name.bytes + Array(".".utf8)
    var names: [EntryName] = []
    try folder.scan { entry in
      if entry.isStaged, entry.bytes.starts(with: start), entry.bytes.count == start.count + 12 {
        names.append(entry)
      }
      return names.count < 100
    }
    return names.sorted()
  }

  private static func read(_ name: EntryName, _ folder: Folder) throws -> HashedArchive {
    try HashedArchive(UnverifiedArchive(name, in: folder))
  }

  /// Nil for what is no archive; what cannot be read now may be one.
  private static func readIfSound(_ name: EntryName, _ folder: Folder) throws -> HashedArchive? {
    do { return try read(name, folder) } catch let fault as FileFault
      where fault.blame == .environment && fault.kind != .notFound
    {
      throw fault
    } catch {
      return nil
    }
  }

  private static func isSigned(
    _ archive: HashedArchive, _ signature: EntryName, _ signer: Card, _ folder: Folder
  ) -> Bool {
    guard let text = try? SignatureFile.read(signature, in: folder) else { return false }
    return (try? archive.check(text, by: signer.signing)) != nil
  }
}
