package import Keys
package import Secrets

/// The readable front of an archive: what it is, from whom, for whom, and where it stands in its
/// stream. Never personal data: names of parties, fields and jobs, counts and digests. Every text
/// in it is plain ASCII, so it is safe on a terminal.
package struct ArchiveHeader: Sendable, Hashable {
  package let draft: ArchiveDraft
  package let sender: Sender
  /// Each party once.
  package let recipients: [Recipient]
  /// Of the file key: no other opens the payload.
  package let commitment: KeyCommitment
  /// The bytes of the payload before encryption: those of its size class.
  package let payloadBytes: Int64

  package struct Sender: Sendable, Hashable {
    package let name: KeyName
    package let keyID: SigningKeyID
  }

  package struct Recipient: Sendable, Hashable {
    package let name: KeyName
    package let fingerprint: Fingerprint
    /// The file key, sealed to this recipient.
    package let sealedKey: [UInt8]

    static let sealedCount = SecretStream.keyCount + SealingPublicKey.overhead
  }

  package static let maxRecipients = 64

  package var kind: ArchiveKind { draft.kind }

  /// The name that the file should have.
  package var fileName: String { draft.fileName }
}

/// The part of a header that the sealing of the payload does not decide.
package struct ArchiveDraft: Sendable, Hashable {
  package var kind: ArchiveKind
  package var stream: ArchiveLabel
  /// From 1, without gaps.
  package var sequence: Int64
  /// The digest of the archive before in this stream; nil for the first.
  package var previous: Digest?
  package var created: UTCTime
  package var job: ArchiveLabel
  /// Names of registry fields that leave with it, each once.
  package var fields: [String]
  package var records: Int64
  package var batches: Int64
  package var digests: Sources
  /// Announced with it; nil while the sender's keys stay.
  package var nextKey: NextKey?

  /// What the content was made from, salted: a header is in the open. An `mts-request` has all three.
  package struct Sources: Sendable, Hashable {
    package static let none = Sources(snapshot: nil, manifest: nil, policy: nil)

    package var snapshot: SaltedDigest?
    package var manifest: SaltedDigest?
    package var policy: SaltedDigest?

    package init(snapshot: SaltedDigest?, manifest: SaltedDigest?, policy: SaltedDigest?) {
      self.snapshot = snapshot
      self.manifest = manifest
      self.policy = policy
    }
  }

  package init(
    kind: ArchiveKind, stream: ArchiveLabel, sequence: Int64, previous: Digest?, created: UTCTime,
    job: ArchiveLabel, fields: [String], records: Int64, batches: Int64, digests: Sources,
    nextKey: NextKey? = nil
  ) {
    self.kind = kind
    self.stream = stream
    self.sequence = sequence
    self.previous = previous
    self.created = created
    self.job = job
    self.fields = fields
    self.records = records
    self.batches = batches
    self.digests = digests
    self.nextKey = nextKey
  }

  /// Results lie beside the archives that they answer, whose jobs they name.
  package var fileName: String {
    let name = ArchiveDraft.fileName(job: job.text, sequence: sequence)
    return kind == .mtsResults ? "results-\(name)" : name
  }

  /// The sequence in the name of an archive; nil for another name.
  package static func sequence(ofFile name: String) -> Int64? {
    guard name.hasSuffix(".sealed"), let dash = name.lastIndex(of: "-") else { return nil }
    return Int64(name[name.index(after: dash)...].dropLast(7))
  }

  /// `JOB-00000042.sealed`
  package static func fileName(job: String, sequence: Int64) -> String {
    let digits = String(sequence)
    return "\(job)-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).sealed"
  }
}
