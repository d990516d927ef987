internal import Files
package import JSONText
package import Secrets

/// What a `policy_run` entry says: written once the VIDs are gone and the certificate lies in the
/// outbox. No mark of a VID stands in it.
package struct LedgerPolicyRun: Sendable, Hashable {
  /// The number of the run's drop.
  package let drop: Int64
  /// The name of the policy, and the salted digest of its text.
  package let policy: String
  package let policyDigest: SaltedDigest
  /// Of the snapshot that it ran over, salted.
  package let snapshot: SaltedDigest
  package let counts: ErasureCertificate.Counts
  /// Of the certificate; nil for a run that deleted nothing and left none.
  package let certificate: Digest?
  /// The certificate's name.
  package let file: String?

  /// - Parameter document: the digest of the certificate as it was signed.
  package init(drop: Int64, _ certificate: ErasureCertificate, document: Digest) throws {
    self.drop = drop
    (policy, policyDigest) = (certificate.policy.text, certificate.policyDigest)
    (snapshot, counts) = (certificate.snapshot, certificate.counts)
    self.certificate = document
    file = try certificate.fileName.text
  }

  /// Of a run that deleted nothing.
  package init(
    drop: Int64, policy: String, policyDigest: SaltedDigest, snapshot: SaltedDigest, matched: Int64,
    leftOut: [String: Int64]
  ) {
    (self.drop, self.policy, self.policyDigest) = (drop, policy, policyDigest)
    self.snapshot = snapshot
    counts = .init(matched: matched, registrants: 0, deleted: 0, leftOut: leftOut)
    (certificate, file) = (nil, nil)
  }

  /// What the entry's `what` is.
  package var json: JSON {
    [
      "drop": .int(drop), "policy": .string(policy), "digest": .string(policyDigest.hex),
      "snapshot": .string(snapshot.hex), "matched": .int(counts.matched),
      "registrants": .int(counts.registrants), "deleted": .int(counts.deleted),
      "left_out": JSON.counts(counts.leftOut),
      "certificate": certificate.map { .string($0.hex) } ?? .null,
      "file": file.map(JSON.string) ?? .null,
    ]
  }

  /// - Throws: `ledger_format` unless this is a sound `policy_run` entry.
  package init(_ entry: LedgerEntry) throws(LedgerFault) {
    do {
      guard entry.kind == .policyRun else {
        throw LedgerFault(.format, "entry \(entry.number) is not about the run of a policy")
      }
      var members = try JSONCursor(JSONDocument(parsing: entry.what.canonical())).object()
      try self.init(&members)
      guard (certificate == nil) == (file == nil), certificate != nil || counts.deleted == 0 else {
        throw LedgerFault(.format, "entry \(entry.number) deletes VIDs without a certificate")
      }
    } catch let fault as LedgerFault {
      throw fault
    } catch {
      throw LedgerFault(.format, "entry \(entry.number): \(error)")
    }
  }

  private init(_ members: inout JSONObjectCursor) throws {
    let numbers: ClosedRange<Int64> = 0...(1 << 53)
    drop = try members.required("drop").integer(in: numbers)
    policy = try members.required("policy").string()
    policyDigest = try members.salted("digest")
    snapshot = try members.salted("snapshot")
    let leftOut = try members.required("left_out")
    guard let reasons = leftOut.node.json.counts else { throw leftOut.malformed }
    counts = .init(
      matched: try members.required("matched").integer(in: numbers),
      registrants: try members.required("registrants").integer(in: numbers),
      deleted: try members.required("deleted").integer(in: numbers), leftOut: reasons)
    certificate = try members.digestOrNull("certificate")
    let name = try members.required("file")
    if case .null = name.node.value { file = nil } else { file = try name.string() }
  }
}
