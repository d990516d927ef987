import Archives
import Faults
import Files
import JSONText
import Keys
import Ledger
import Secrets
import Store

/// What `tokens.sqlite` must not forget: which VIDs were deleted. One that was restored from a backup,
/// or lost, knows fewer runs than the ledger; their certificates hold the marks, and bring them back.
/// Until they are back, nothing is loaded: a deleted VID would come with it.
struct ErasureMemory {
  private let processing: DropProcessing

  init(_ processing: DropProcessing) { self.processing = processing }

  private var site: Site { processing.site }

  /// Remembers what was forgotten. Call it before any drop is worked on.
  /// - Throws: `tokens_behind` where a certificate is gone, or is not what the ledger says.
  func ensure() throws {
    let runs = try processing.journal.policyRuns().filter { $0.counts.deleted > 0 }
    guard !runs.isEmpty else { return }
    let tokens = try TokenStore(in: site.store)
    let known = try tokens.committedRuns()
    for run in runs where !known.contains(run.drop) {
      let certificate = try self.certificate(of: run)
      try tokens.remember(
        run: run.drop, policy: run.policy, at: certificate.at.seconds,
        certificate.marks.map { VIDMark(high: $0.high, low: $0.low) })
    }
  }

  private func certificate(of run: LedgerPolicyRun) throws -> ErasureCertificate {
    do {
      let name = try EntryName(run.file ?? "")
      let folder = try site.outbox.subfolder(ErasureCertificate.folderName)
      let document = try UnverifiedDocument(
        name, in: folder, kind: .certificate, limit: ErasureCertificate.maxBytes)
      let signed = try document.verified(byOneOf: processing.records.ownCards)
      guard Digest(of: signed.text) == run.certificate else { throw Self.behind(run) }
      return try ErasureCertificate(signed)
    } catch let fault as JobFault {
      throw fault
    } catch {
      throw Self.behind(run)
    }
  }

  private static func behind(_ run: LedgerPolicyRun) -> JobFault {
    JobFault(
      code: "tokens_behind",
      message:
        "store/tokens.sqlite does not know the deletion of \(run.counts.deleted) VIDs by the policy \(run.policy), and the certificate outbox/CERTIFICATES/\(run.file ?? "") is gone or altered",
      hint:
        "restore the newest store/tokens.sqlite, or the certificate: without them deleted VIDs would come back",
      blame: .environment)
  }
}
