package import Faults
package import JSONText

/// What became of a drop: `NAME.verdict.json`. Holds names, counts, digests and ids; never a
/// registrant's value.
package struct Verdict: Sendable, Equatable {
  package enum Outcome: String, Sendable, CaseIterable {
    case accepted, rejected, quarantined, duplicate
  }

  /// What a drop turned out to be.
  package enum Kind: String, Sendable, CaseIterable {
    case snapshot, job, receipt, result
    /// A run of a VID-deletion policy.
    case vidDeletion = "vid-deletion"
    /// What the registry is told without one.
    case registryPatch = "registry-patch"
    case unknown
  }

  /// Why it was not accepted, or not wholly.
  package struct Reason: Sendable, Equatable {
    package var code: String
    package var message: String
    package var place: FaultPlace?
    package var hint: String?
    /// Everything that was found wrong with the same input, this among it; empty for what is alone.
    package var all: [Reason] = []

    package init(code: String, message: String, place: FaultPlace? = nil, hint: String? = nil) {
      self.code = code
      self.message = message
      self.place = place
      self.hint = hint
    }

    package init(_ fault: any Fault) {
      self.init(code: fault.code, message: fault.message, place: fault.place, hint: fault.hint)
      if let list = fault as? FaultList { all = list.all.map { Reason($0) } }
    }
  }

  package var drop: String
  /// BLAKE2b-256 of the drop's bytes in hex, for the journal; nil if they could not be read. It is
  /// never written: others read the inbox too, and could test guesses against it.
  package var digest: String?
  /// What the document shows for it, salted.
  package var shown: String?
  package var kind: Kind
  package var outcome: Outcome
  package var reason: Reason?
  package var warnings: [Reason] = []
  package var snapshot: SnapshotReport?
  package var job: JobReport?
  package var receipt: ReceiptReport?
  package var result: ResultReport?
  package var deletion: DeletionReport?
  package var patch: PatchReport?
  /// Where the job stands.
  package var schedule: ScheduleReport?
  /// The accepted drop that a duplicate repeats.
  package var earlier: Earlier?
  /// UTC, to the second.
  package var at: String

  package init(
    drop: String, digest: String?, shown: String?, kind: Kind, outcome: Outcome, at: String
  ) {
    self.drop = drop
    (self.digest, self.shown) = (digest, shown)
    self.kind = kind
    self.outcome = outcome
    self.at = at
  }
}

/// The drop whose bytes came again: its name and time, and the reports of its verdict.
package struct Earlier: Sendable, Equatable {
  package var drop: String
  package var at: String
  package var snapshot: JSON?
  package var job: JSON?
  package var receipt: JSON?
  package var result: JSON?

  /// Of an earlier verdict's document.
  package init(_ verdict: JSON) {
    drop = verdict["drop"]?.text ?? "?"
    at = verdict["at"]?.text ?? "?"
    snapshot = verdict["snapshot"]
    job = verdict["job"]
    receipt = verdict["receipt"]
    result = verdict["result"]
  }
}

/// What a receiver said of an archive.
package struct ReceiptReport: Sendable, Equatable {
  package var stream: String
  package var sequence: Int64
  /// `opened`, `tokenised` or `applied`.
  package var state: String
  /// The receiver's name.
  package var by: String
  /// The archive's state after it: `collected` or `answered`.
  package var archive: String

  package init(stream: String, sequence: Int64, state: String, by: String, archive: String) {
    (self.stream, self.sequence, self.state) = (stream, sequence, state)
    (self.by, self.archive) = (by, archive)
  }
}

/// What a snapshot held.
package struct SnapshotReport: Sendable, Equatable {
  package var form: String
  /// Salted, in hex: what the next delta may follow.
  package var digest: String?
  package var name: String?
  /// UTC, to the second; nil if nothing says when it was taken.
  package var taken: String?
  /// What is shown of the snapshot that a delta changed.
  package var follows: String?
  /// Records by model.
  package var records: [String: Int]

  package init(form: String, records: [String: Int]) {
    self.form = form
    self.records = records
  }
}

/// What a job did.
package struct JobReport: Sendable, Equatable {
  package var name: String
  package var recipient: String
  package var matched: Int
  package var sent: Int
  /// Registrants left out, by reason.
  package var leftOut: [String: Int]
  package var batches: Int
  /// What is shown of the snapshot that the job ran over.
  package var snapshotDigest: String
  package var archive: ArchiveReport?
  /// Fields of the filter of which the export has lost something, with the operator's word.
  package var acceptedLoss: [String] = []

  package init(
    name: String, recipient: String, matched: Int, sent: Int, leftOut: [String: Int], batches: Int,
    snapshotDigest: String, archive: ArchiveReport?
  ) {
    self.name = name
    self.recipient = recipient
    self.matched = matched
    self.sent = sent
    self.leftOut = leftOut
    self.batches = batches
    self.snapshotDigest = snapshotDigest
    self.archive = archive
  }
}

/// The archive that a job put into the outbox.
package struct ArchiveReport: Sendable, Equatable {
  /// Path below the outbox: `mts/vid-000000042.sealed`.
  package var file: String
  package var sequence: Int64
  /// BLAKE2b-256 of the archive in hex.
  package var digest: String
  package var bytes: Int64

  package init(file: String, sequence: Int64, digest: String, bytes: Int64) {
    self.file = file
    self.sequence = sequence
    self.digest = digest
    self.bytes = bytes
  }
}
