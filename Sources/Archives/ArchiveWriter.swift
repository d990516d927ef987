package import Files
package import Keys
internal import Secrets

/// Makes an archive of a spooled payload.
package enum ArchiveWriter {
  /// Seals the payload to the recipients and signs the whole, into hidden files of `folder`: written,
  /// checked for their length and synced, but not visible until `StagedArchive.publish()`.
  /// - Parameters:
  ///   - name: the archive's name, best `draft.fileName`; the signature has `.minisig` behind it.
  ///   - recipients: 1 to 64, each once; add one's own card to be able to open it oneself.
  ///   - mode: of both files; others are to collect them, and what is secret is sealed.
  /// - Throws: `draft`, `FileFault`, `SecretsFault`. Nothing is left then.
  package static func seal(
    _ spool: PayloadSpool, _ draft: ArchiveDraft, recipients: [Card], signer: Identity,
    into folder: Folder, name: EntryName, mode: UInt32 = 0o644
  ) throws -> StagedArchive {
    let key = try SecretBytes.random(count: SecretStream.keyCount)
    let header = try header(draft, spool, recipients, signer, key)
    let preamble = try header.preamble()
    let file = HashedFile(try StagedFile(name, in: folder, mode: mode))
    try file.write(preamble)
    try encrypt(spool, key, Digest(of: preamble).bytes, to: file)
    let (digest, prehash) = try file.seal()
    let signature = try MinisignSignature(
      of: prehash, by: signer.signing,
      trustedComment: TrustedComment.text(header, preamble: preamble))
    let signatureFile = try StagedFile(
      name.appending(StagedArchive.signatureEnding), in: folder, mode: mode)
    try signatureFile.write(Array(signature.text.utf8))
    try signatureFile.seal()
    try folder.sync()
    return StagedArchive(
      name: name, folder: folder, digest: digest, size: file.count, header: header,
      archive: .fresh(file.file), signature: .fresh(signatureFile))
  }

  private static func header(
    _ draft: ArchiveDraft, _ spool: PayloadSpool, _ recipients: [Card], _ signer: Identity,
    _ key: SecretBytes
  ) throws -> ArchiveHeader {
    let sender = ArchiveHeader.Sender(name: signer.name, keyID: signer.signing.publicKey.id)
    if let objection = draft.objection(of: sender.keyID) {
      throw ArchiveFault(.draft, "bad_draft", objection)
    }
    guard (1...ArchiveHeader.maxRecipients).contains(recipients.count),
      Set(recipients.map(\.fingerprint)).count == recipients.count
    else {
      throw ArchiveFault(
        .draft, "bad_recipients",
        "an archive has 1 to \(ArchiveHeader.maxRecipients) recipients, each once")
    }
    let sealed = try recipients.map { card in
      ArchiveHeader.Recipient(
        name: card.name, fingerprint: card.fingerprint, sealedKey: try card.sealing.seal(key))
    }
    return ArchiveHeader(
      draft: draft, sender: sender, recipients: sealed, commitment: try KeyCommitment(to: key),
      payloadBytes: SizeClass.of(spool.count))
  }

  private static func encrypt(
    _ spool: PayloadSpool, _ key: SecretBytes, _ context: [UInt8], to file: HashedFile
  ) throws {
    let chunks = try ChunkSealer(key: key, context: context)
    try file.write(chunks.header)
    try spool.drain { plain, isLast in
      try file.write(chunks.seal(plain, isLast: isLast))
    }
  }
}

/// A file that is hashed while it is written: once for its name, once for its signature, which takes
/// as long again and is done beside it.
final class HashedFile {
  let file: StagedFile
  private let digest = DigestStream()
  private let prehash = HashQueue<PrehashStream>()

  init(_ file: StagedFile) { self.file = file }

  var count: Int64 { file.count }

  func write(_ bytes: UnsafeRawBufferPointer) throws(FileFault) {
    digest.update(bytes)
    prehash.update(bytes)
    try file.write(bytes)
  }

  func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  func seal() throws(FileFault) -> (Digest, Prehash) {
    try file.seal()
    return (digest.finish(), prehash.finish())
  }
}

/// Seals chunks into a buffer of its own.
final class ChunkSealer {
  let header: [UInt8]
  private var writer: SecretStreamWriter?
  private let context: [UInt8]
  private let sealed = ChunkBuffer(count: ArchiveLayout.sealedChunk)

  init(key: SecretBytes, context: [UInt8]) throws(SecretsFault) {
    let writer = try SecretStreamWriter(key: key)
    header = writer.header
    self.writer = consume writer
    self.context = context
  }

  /// The sealed chunk, until the next call. After the last one there is none.
  func seal(_ plain: UnsafeRawBufferPointer, isLast: Bool) -> UnsafeRawBufferPointer {
    if isLast, let writer = writer.take() {
      return sealed.prefix(writer.finish(plain, bound: context, into: sealed.bytes))
    }
    guard let size = writer?.push(plain, bound: context, into: sealed.bytes) else {
      preconditionFailure("a chunk behind the last one")
    }
    return sealed.prefix(size)
  }
}
