package import Archives
package import Files
import Faults
import JSONText
package import Keys
package import Secrets
package import Store
import Tarballs

/// A patch to be sealed: its operations, numbered, and whence they come.
package struct RegistryPatch: Sendable {
  /// The label of its archive where no policy gives one.
  package static let job = "registry-patch"

  /// The rule by which it was made.
  package struct Policy: Sendable {
    package let name: String
    /// Salted.
    package let digest: SaltedDigest

    package init(name: String, digest: SaltedDigest) { (self.name, self.digest) = (name, digest) }
  }

  private let operations: PatchOperations
  private let policy: Policy?
  private let sources: ArchiveDraft.Sources

  /// - Parameters:
  ///   - operations: at least one.
  ///   - sources: for the header: the snapshot; the deletion policy as manifest; the site policy.
  package init(
    _ operations: consuming PatchOperations, policy: Policy?, sources: ArchiveDraft.Sources
  ) {
    operations.order()
    self.operations = operations
    (self.policy, self.sources) = (policy, sources)
  }

  package var count: Int { operations.count }

  /// What `TokenStore` notes of it, with the numbers that the archive has.
  package var items: some Sequence<PatchItem> { operations.items }

  package var adds: Int { operations.adds.count }
  package var sets: Int { operations.sets.count }
  package var unlinks: Int { operations.unlinks.count }

  /// Packs and seals it as the given place of its stream; staged, not yet visible.
  /// - Parameters:
  ///   - outbox: the stream's folder.
  ///   - spool: a folder of the store, for a file without a name that only this run can read.
  ///   - nextKey: what the signer announces.
  /// - Throws: `draft`, `FileFault`, `SecretsFault`, `TarballFault`. Nothing is left then.
  package func seal(
    as entry: ArchiveEntry, recipients: [Card], signer: Identity, outbox: Folder,
    spool folder: Folder, at time: UTCTime, nextKey: NextKey? = nil
  ) throws -> StagedArchive {
    let draft = try draft(entry, time, nextKey)
    let spool = try PayloadSpool(in: folder)
    let tar = try TarZstdWriter(threads: 2, sink: spool.write)
    try tar.add("manifest.json", ArchiveManifest.text(manifest(draft)))
    try OperationLines(operations).write(to: tar)
    try RegIDTable(operations).write(to: tar)
    try tar.finish()
    return try ArchiveWriter.seal(
      spool, draft, recipients: recipients, signer: signer, into: outbox,
      name: EntryName(draft.fileName))
  }

  private func draft(
    _ entry: ArchiveEntry, _ time: UTCTime, _ nextKey: NextKey?
  ) throws -> ArchiveDraft {
    guard let stream = ArchiveLabel(entry.stream), let job = ArchiveLabel(entry.job) else {
      throw JobFault(
        code: "bad_name", message: "the stream or the policy has a name that no archive can have",
        blame: .bug)
    }
    return ArchiveDraft(
      kind: .registryPatch, stream: stream, sequence: entry.sequence,
      previous: entry.previous.flatMap { Digest(hex: $0) }, created: time, job: job,
      fields: ["reg_ids"], records: Int64(operations.count), batches: 0, digests: sources,
      nextKey: nextKey)
  }

  private func manifest(_ draft: ArchiveDraft) -> JSON {
    [
      "airlock": .string(draft.kind.rawValue), "version": 1, "stream": .string(draft.stream.text),
      "sequence": .int(draft.sequence), "job": .string(draft.job.text),
      "created": .string(draft.created.text), "records": .int(draft.records), "batches": 0,
      "operations": [
        "add": .count(operations.adds.count), "set": .count(operations.sets.count),
        "unlink": .count(operations.unlinks.count),
      ],
      "policy": policy.map { ["name": .string($0.name), "digest": .string($0.digest.hex)] }
        ?? .null,
      "snapshot": sources.snapshot.map { .string($0.hex) } ?? .null,
    ]
  }
}
