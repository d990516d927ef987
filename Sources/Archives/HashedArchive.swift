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
    // Nothing encrypted is a hole: a file that claims terabytes is not read for an hour.
    guard !archive.file.hasHole else {
      throw ArchiveFault(
        .signature, "archive_sparse", "the archive has holes where bytes should be",
        hint: "copy it again")
    }
    try archive.file.rewind()
    while true {
      let count = try archive.file.reading { () throws(FileFault) in
        try archive.file.read(into: buffer.bytes)
      }
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

  /// Checks a signature's text against the file, the key and the header.
  /// - Throws: `signature`.
  func check(_ text: [UInt8], by key: SigningPublicKey) throws(ArchiveFault) {
    try ArchiveSignature(text, of: header, preamble: preamble, by: key).check(self)
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
      case .notARegularFile:
        throw ArchiveFault(.signature, "signature_format", error.message)
      default: throw error
      }
    }
  }
}
