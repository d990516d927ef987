package import JSONText

/// What the ledger tells of an archive: its header, and its file.
package struct ArchiveRecord: Sendable, Equatable {
  package struct Recipient: Sendable, Equatable {
    package let name: String
    /// In hex.
    package let fingerprint: String

    package init(name: String, fingerprint: String) {
      (self.name, self.fingerprint) = (name, fingerprint)
    }
  }

  package var stream: String
  package var sequence: Int64
  package var file: String
  package var kind: String
  // Digests in hex.
  package var digest: String
  package var previous: String?
  package var bytes: Int64
  package var records: Int64
  package var job: String
  package var created: UTCTime
  package var fields: [String] = []
  package var recipients: [Recipient] = []
  package var snapshot: String?
  package var manifest: String?
  package var policy: String?
  /// Of the key that signed it, in hex.
  package var keyID: String

  package init(
    stream: String, sequence: Int64, file: String, kind: String, digest: String, previous: String?,
    bytes: Int64, records: Int64, job: String, created: UTCTime, keyID: String
  ) {
    (self.stream, self.sequence, self.file, self.kind) = (stream, sequence, file, kind)
    (self.digest, self.previous, self.bytes, self.records) = (digest, previous, bytes, records)
    (self.job, self.created, self.keyID) = (job, created, keyID)
  }

  var json: JSON {
    [
      "stream": .string(stream), "sequence": .int(sequence), "file": .string(file),
      "kind": .string(kind), "digest": .string(digest), "previous": .text(previous),
      "bytes": .int(bytes), "records": .int(records), "job": .string(job),
      "created": .string(created.text), "fields": .array(fields.map(JSON.string)),
      "recipients": .array(
        recipients.map { ["name": .string($0.name), "fingerprint": .string($0.fingerprint)] }),
      "snapshot": .text(snapshot), "manifest": .text(manifest), "policy": .text(policy),
      "key_id": .string(keyID),
    ]
  }
}
