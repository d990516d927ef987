package import JSONText
package import Secrets

/// One run of a VID-deletion policy, as the ledger tells it, and what became of its certificate.
package struct AuditedPolicyRun: Sendable {
  package enum State: String, Sendable, CaseIterable {
    /// The certificate is in the outbox, as it was signed and recorded.
    case here
    /// There is a finding about it.
    case doubtful
    case missing
    /// The run deleted nothing, and left no certificate.
    case none
  }

  /// The ledger's entry, and its time, by the site's clock.
  package let entry: Int64
  package let at: UTCTime
  /// The name of the policy, and the salted digest of its text.
  package let policy: String
  package let policyDigest: SaltedDigest
  package let snapshot: SaltedDigest
  package let matched: Int64
  package let registrants: Int64
  package let deleted: Int64
  /// By reason.
  package let leftOut: [String: Int64]
  /// The certificate; nil without one.
  package let file: String?
  package let certificate: Digest?
  package let state: State

  package var stayed: Int64 {
    leftOut.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
  }
}

extension AuditReport {
  /// VIDs that went in all runs.
  package var deleted: Int64 {
    policyRuns.reduce(0) { $0.addingReportingOverflow($1.deleted).partialValue }
  }
}

extension AuditedPolicyRun {
  var json: JSON {
    [
      "entry": .int(entry), "at": .string(at.text), "policy": .string(policy),
      "policy_digest": .string(policyDigest.hex), "snapshot": .string(snapshot.hex),
      "matched": .int(matched), "registrants": .int(registrants), "deleted": .int(deleted),
      "left_out": .object(leftOut.sorted { $0.key < $1.key }.map { .init($0.key, .int($0.value)) }),
      "state": .string(state.rawValue), "file": file.map(JSON.string) ?? .null,
      "certificate": certificate.map { .string($0.hex) } ?? .null,
    ]
  }
}
