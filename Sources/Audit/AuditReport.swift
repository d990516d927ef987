package import JSONText
package import Secrets

/// One archive that left, as the ledger tells it, and what became of it.
package struct AuditedArchive: Sendable {
  package enum State: String, Sendable, CaseIterable {
    /// In the outbox, as it was signed and recorded.
    case here
    /// Left the outbox by retention.
    case retired
    /// Recorded, and not visible yet.
    case pending
    /// There is a finding about it.
    case doubtful
    case missing
  }

  /// The run that made it.
  package struct Run: Sendable {
    package let version: Int64
    package let matched: Int64
    /// Field and operator, never a value.
    package let conditions: [String]
  }

  package let stream: String
  package let sequence: Int64
  package let file: String
  package let kind: String
  package let digest: Digest
  package let bytes: Int64
  package let records: Int64
  package let job: String
  /// When it was made, by the site's clock.
  package let created: UTCTime
  package let fields: [String]
  package let recipients: [String]
  package let snapshot: SaltedDigest?
  package let manifest: SaltedDigest?
  package let policy: SaltedDigest?
  package let keyID: String
  /// The ledger's entry.
  package let entry: Int64
  package let run: Run?
  package internal(set) var state: State
  /// `opened`, `tokenised` or `applied`, the furthest that a receipt said; nil without a receipt.
  package let acknowledged: String?

  package var key: ArchiveKey { ArchiveKey(stream: stream, sequence: sequence) }
}

/// All that an audit found.
package struct AuditReport: Sendable {
  /// When it was made.
  package let time: UTCTime
  /// The one stream that was looked at; nil for all.
  package let stream: String?
  /// All that the outbox or its ledger knows of.
  package let streams: [String]
  package let site: Site?
  package let ledger: LedgerState
  /// By time, then stream and number.
  package let archives: [AuditedArchive]
  /// As they were recorded; none when one stream was looked at.
  package let policyRuns: [AuditedPolicyRun]
  /// The gravest first.
  package let findings: [Finding]
  /// Archives whose files were read, hashed and found good.
  package let verified: Int

  package struct Site: Sendable {
    package let name: String
    package let keyID: String
    package let fingerprint: String
  }

  package struct LedgerState: Sendable {
    /// Entries that a signature covers.
    package let entries: Int64
    package let head: Digest?
    package let signed: UTCTime?
    /// The entries of the checkpoint that the auditor kept; nil without one.
    package let earlier: Int64?
  }

  package enum Verdict: String, Sendable { case sound, remarks, notSound = "not_sound", incomplete }

  package var verdict: Verdict {
    guard let worst = findings.first?.kind else { return .sound }
    if worst == .unreadable { return .incomplete }
    return worst.isGrave ? .notSound : .remarks
  }

  package var exitStatus: Int32 { findings.first?.kind.exitStatus ?? 0 }

  /// What each class of findings touches, the gravest first.
  package var classes: [ClassSummary] {
    let records = Dictionary(archives.map { ($0.key, $0.records) }) { first, _ in first }
    return Dictionary(grouping: findings, by: \.kind).sorted { $0.key > $1.key }.map { kind, all in
      let keys = Set(all.flatMap(\.archives))
      let known = keys.reduce(into: Int64(0)) { $0 += records[$1] ?? 0 }
      return ClassSummary(
        kind: kind, findings: all.count,
        archives: keys.count + all.reduce(0) { $0 + $1.more.archives },
        records: known + all.reduce(0) { $0 + $1.more.records })
    }
  }

  package struct ClassSummary: Sendable {
    package let kind: FindingClass
    package let findings: Int
    package let archives: Int
    package let records: Int64
  }
}
