package import Files
internal import JSONText
package import Keys
package import Secrets
package import Tarballs

/// A drop in an archive: one file of any size, for the site that is to take it in, or for one's own
/// archive. Its payload is `manifest.json`, which names the file, and `drop/NAME`.
package enum SealedDrop {
  /// Seals a file into hidden files of `folder`; `publish()` shows them.
  /// - Parameters:
  ///   - file: at its first byte; read to its end.
  ///   - fileName: its name inside.
  ///   - kind: `snapshot` or `job`.
  ///   - milliseconds: since 1970; the archive's number, since sealed drops stand in no order.
  ///   - name: of the archive; nil for `KIND-NUMBER.sealed`.
  ///   - spool: a folder for a file without a name.
  /// - Throws: `draft`, `FileFault`, `TarballFault`, `SecretsFault`. Nothing is left then.
  package static func seal(
    _ file: OpenFile, named fileName: DropName, kind: ArchiveKind, at milliseconds: Int64,
    to recipients: [Card], signer: Identity, into folder: Folder, as name: EntryName? = nil,
    spool: Folder, mode: UInt32 = 0o644
  ) throws -> StagedArchive {
    guard let stream = ArchiveLabel(signer.name.text), let job = ArchiveLabel(kind.rawValue) else {
      throw ArchiveFault(.draft, "bad_name", "the sender's name can be none of a stream")
    }
    let payload = try PayloadSpool(in: spool)
    let salt = DigestSalt.random()
    let digest = try pack(file, fileName, kind, salt, into: payload)
    let isSnapshot = kind == .snapshot
    let salted = SaltedDigest(digest, isSnapshot ? .snapshot : .manifest, salt: salt)
    let draft = ArchiveDraft(
      kind: kind, stream: stream, sequence: milliseconds, previous: nil,
      created: UTCTime(clamping: milliseconds / 1000), job: job, fields: [], records: 0, batches: 0,
      digests: ArchiveDraft.Sources(
        snapshot: isSnapshot ? salted : nil, manifest: isSnapshot ? nil : salted, policy: nil))
    return try ArchiveWriter.seal(
      payload, draft, recipients: recipients, signer: signer, into: folder,
      name: try name ?? EntryName(draft.fileName), mode: mode)
  }

  private static func pack(
    _ file: OpenFile, _ name: DropName, _ kind: ArchiveKind, _ salt: DigestSalt,
    into payload: PayloadSpool
  ) throws -> Digest {
    // Compression runs beside the reading, as in a job.
    let tar = try TarZstdWriter(threads: 2, sink: payload.write)
    let manifest: JSON = [
      "airlock": .string(kind.rawValue), "version": 1, "file": .string(name.text),
      "bytes": .int(file.size), "salt": .string(salt.hex),
    ]
    try tar.add("manifest.json", ArchiveManifest.text(manifest))
    let digest = HashQueue<DigestStream>()
    let buffer = ChunkBuffer(count: 1 << 18)
    try tar.add("drop/\(name.text)", size: file.size) { write in
      while true {
        let count = try file.read(into: buffer.bytes)
        if count == 0 { break }
        digest.update(buffer.prefix(count))
        try write(buffer.prefix(count))
      }
    }
    try tar.finish()
    try file.requireUnchanged()
    return digest.finish()
  }
}

/// A drop taken out of its archive.
package struct OpenedDrop: Sendable {
  /// The name that the sender gave it.
  package let name: DropName
  package let digest: Digest
  package let bytes: Int64
}

extension VerifiedArchive {
  /// Writes the file of a sealed drop, synced, as `name` of `folder`, in place of what is there.
  /// - Throws: `type` for an archive of another kind, else as `open`. Nothing is left then.
  package func openDrop(
    _ identity: Identity, into folder: Folder, as name: EntryName,
    limits: TarballLimits = TarballLimits()
  ) throws -> OpenedDrop {
    guard header.kind.isDrop else {
      throw ArchiveFault(
        .type, "kind_unexpected", "the archive is a \(header.kind.rawValue), which is not a drop")
    }
    do {
      var content = ArchiveContent(header)
      let file = try StagedFile(name, in: folder)
      let digest = try unpackDrop(payload(for: identity), limits, &content, into: file)
      guard let inside = content.drop else {
        throw ArchiveFault(.payload, "content_differs", "the payload holds no file")
      }
      let bytes = file.count
      try file.commit(replacing: true)
      return OpenedDrop(name: try DropName(inside), digest: digest, bytes: bytes)
    } catch {
      throw VerifiedArchive.named(error)
    }
  }

  private func unpackDrop(
    _ payload: PayloadReader, _ limits: TarballLimits, _ content: inout ArchiveContent,
    into file: StagedFile
  ) throws -> Digest {
    let reader = try TarZstdReader(
      limits: limits, sourceBytes: header.payloadBytes, source: payload.read)
    let digest = HashQueue<DigestStream>()
    let buffer = ChunkBuffer(count: 1 << 18)
    while let entry = try reader.next() {
      let isManifest = try content.admit(entry.name ?? "") == .manifest
      if isManifest { try content.requireManifest(entry.size ?? 0) }
      var text: [UInt8] = []
      while true {
        let count = try reader.read(into: buffer.bytes)
        if count == 0 { break }
        let piece = buffer.prefix(count)
        if isManifest {
          text += piece
        } else {
          digest.update(piece)
          try file.write(piece)
        }
      }
      if isManifest { try content.check(manifest: text) }
    }
    try payload.requireEnd(frame: reader.frameBytes)
    let whole = digest.finish()
    content.take(drop: whole)
    try content.finish()
    return whole
  }
}
