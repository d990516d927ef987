package import Files
internal import JSONText
package import Keys
internal import Secrets
internal import Tarballs

/// Results of the MTS in an archive for the site that asked: `manifest.json`, which names the request
/// that they answer, and `results/000001.json` or `.csv`, numbered.
package enum SealedResults {
  /// Seals the files, in their order, as the next archive of the stream named by the recipient. The
  /// number is noted in `sent` before this returns; `publish()` shows the archive.
  /// - Parameters:
  ///   - files: each with whether it is CSV.
  ///   - request: the archive that they answer, as it was received.
  ///   - spool: a folder for a file without a name.
  /// - Throws: `draft`, `FileFault`, `TarballFault`, `SecretsFault`. Nothing is left then.
  package static func seal(
    _ files: [(file: OpenFile, isCSV: Bool)], answering request: VerifiedArchive, at now: UTCTime,
    to recipient: Card, signer: Identity, into folder: Folder, sent: SentFile
  ) throws -> StagedArchive {
    guard let stream = ArchiveLabel(recipient.name.text) else {
      throw ArchiveFault(.draft, "bad_name", "the recipient's name can be none of a stream")
    }
    guard request.header.kind == .mtsRequest else {
      throw ArchiveFault(
        .type, "kind_unexpected",
        "results answer an mts-request, and this is a \(request.header.kind.rawValue)")
    }
    let payload = try PayloadSpool(in: folder)
    try pack(files, request, into: payload)
    let last = sent.last(of: stream)
    let draft = ArchiveDraft(
      kind: .mtsResults, stream: stream, sequence: (last?.sequence ?? 0) + 1,
      previous: last?.digest, created: now, job: request.header.draft.job, fields: [], records: 0,
      batches: Int64(files.count),
      digests: ArchiveDraft.Sources(snapshot: nil, manifest: nil, policy: nil))
    let archive = try ArchiveWriter.seal(
      payload, draft, recipients: [recipient], signer: signer, into: folder,
      name: EntryName(draft.fileName))
    try sent.note(
      StreamPosition(sequence: draft.sequence, digest: archive.digest), on: stream)
    return archive
  }

  private static func pack(
    _ files: [(file: OpenFile, isCSV: Bool)], _ request: VerifiedArchive,
    into payload: PayloadSpool
  ) throws {
    let tar = try TarZstdWriter(threads: 2, sink: payload.write)
    let answered = request.header.draft
    let manifest: JSON = [
      "airlock": .string(ArchiveKind.mtsResults.rawValue), "version": 1,
      "answers": [
        "stream": .string(answered.stream.text), "sequence": .int(answered.sequence),
        "digest": .string(request.digest.hex),
      ],
    ]
    try tar.add("manifest.json", ArchiveManifest.text(manifest))
    let buffer = ChunkBuffer(count: 1 << 18)
    for (number, item) in files.enumerated() {
      let digits = String(number + 1)
      let name = String(repeating: "0", count: 6 - digits.count) + digits
      try tar.add("results/\(name).\(item.isCSV ? "csv" : "json")", size: item.file.size) { write in
        while true {
          let count = try item.file.read(into: buffer.bytes)
          if count == 0 { break }
          try write(buffer.prefix(count))
        }
      }
      try item.file.requireUnchanged()
    }
    try tar.finish()
  }
}
