import Archives
import JSONText
import Keys
import Secrets
import Store

extension ArchiveRecord {
  /// What a header says, and the file that it stands in.
  init(_ header: ArchiveHeader, digest: Digest, bytes: Int64) {
    let draft = header.draft
    self.init(
      stream: draft.stream.text, sequence: draft.sequence, file: header.fileName,
      kind: header.kind.rawValue, digest: digest.hex, previous: draft.previous?.hex, bytes: bytes,
      records: draft.records, job: draft.job.text, created: draft.created,
      keyID: header.sender.keyID.hex)
    fields = draft.fields
    recipients = header.recipients.map {
      Recipient(name: $0.name.text, fingerprint: $0.fingerprint.digest.hex)
    }
    (snapshot, manifest) = (draft.digests.snapshot?.hex, draft.digests.manifest?.hex)
    policy = draft.digests.policy?.hex
  }

  /// What is left to say of an archive whose file is gone: what the journal noted of it.
  init(_ old: UnrecordedArchive, keyID: String) {
    let entry = old.entry
    self.init(
      stream: entry.stream, sequence: entry.sequence,
      file: ArchiveDraft.fileName(job: entry.job, sequence: entry.sequence),
      kind: ArchiveKind.mtsRequest.rawValue, digest: old.digest, previous: entry.previous,
      bytes: old.bytes, records: old.records, job: entry.job,
      created: UTCTime(clamping: old.time), keyID: keyID)
    fields = old.run?.fields ?? []
    (snapshot, manifest, policy) = (old.run?.snapshot, old.run?.manifest, old.run?.policy)
  }
}
