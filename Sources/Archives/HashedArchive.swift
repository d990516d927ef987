internal import Files
internal import Secrets

/// An archive's file, read to its end for its hashes.
struct HashedArchive {
  let digest: Digest
  let prehash: Prehash
  let size: Int64
  let header: ArchiveHeader
  private let preamble: [UInt8]

  init(_ archive: UnverifiedArchive) throws {
    let (digest, prehash) = (DigestStream(), HashQueue<PrehashStream>())
    let buffer = ChunkBuffer(count: 1 << 18)
    try archive.file.rewind()
    while true {
      let count = try archive.file.read(into: buffer.bytes)
      if count == 0 { break }
      digest.update(buffer.prefix(count))
      prehash.update(buffer.prefix(count))
    }
    self.digest = digest.finish()
    self.prehash = prehash.finish()
    size = archive.size
    header = archive.header
    preamble = archive.preamble
  }

  private static let remedy =
    "copy the archive and its .minisig again; if it comes back, tell the sender, and do not use it"

  /// Checks a signature's text against the file, the key and the header.
  /// - Throws: `signature`.
  func check(_ text: [UInt8], by key: SigningPublicKey) throws(ArchiveFault) {
    do {
      let signature = try MinisignSignature(parsing: text)
      try signature.verify(prehash, by: key)
      guard signature.trustedComment == TrustedComment.text(header, preamble: preamble) else {
        throw ArchiveFault(
          .signature, "comment_differs", "the signature's comment is not that of this archive",
          hint: HashedArchive.remedy)
      }
    } catch let fault as SecretsFault {
      throw ArchiveFault(
        .signature, fault.code, fault.message, hint: fault.hint ?? HashedArchive.remedy)
    } catch let fault as ArchiveFault {
      throw fault
    } catch {
      throw ArchiveFault(.signature, "signature_refused", "the signature was refused")
    }
  }
}

/// The file beside an archive.
enum SignatureFile {
  static func read(path: String) throws -> [UInt8] {
    try read { () throws(FileFault) in
      try OpenFile(path: path, rules: .named(limit: Int64(Minisign.maxBytes)))
    }
  }

  static func read(_ name: EntryName, in folder: Folder) throws -> [UInt8] {
    try read { () throws(FileFault) in
      try OpenFile(name, in: folder, rules: .drop(limit: Int64(Minisign.maxBytes)))
    }
  }

  private static func read(_ open: () throws(FileFault) -> OpenFile) throws -> [UInt8] {
    do throws(FileFault) { return try open().readAll() } catch {
      switch error.kind {
      case .notFound:
        throw ArchiveFault(
          .signature, "signature_missing", "there is no signature beside the archive",
          hint: "collect the .minisig file too")
      case .tooLarge:
        throw ArchiveFault(.signature, "signature_format", "the signature's file is too large")
      default: throw error
      }
    }
  }
}
