internal import Faults
internal import Files
internal import JSONText
internal import Keys
internal import Ledger
internal import Secrets

/// An erasure certificate's file, as its signature and content show it. Its marks are checked and let
/// go: there may be a million.
struct SeenCertificate: Sendable {
  struct Content: Sendable {
    /// What an entry should say of it, but for the drop's number.
    let said: LedgerPolicyRun
    let digest: Digest
    let at: UTCTime
    let sender: KeyName
    let keyID: SigningKeyID
  }

  enum State: Sendable {
    /// Its sender signed it as it is.
    case sound(Content)
    case refused(FindingClass, code: String, message: String)
    /// It went while the audit was under way.
    case gone
  }

  let file: EntryName
  let state: State

  init(_ file: EntryName, in folder: Folder, cards: [Card]) {
    self.file = file
    do {
      state = .sound(try Content(file, in: folder, cards: cards))
    } catch let fault as any Fault {
      let isGone = (fault as? FileFault)?.kind == .notFound
      state =
        isGone
        ? .gone : .refused(FindingClass(fault), code: fault.code, message: fault.message)
    } catch {
      state = .refused(.altered, code: "document_format", message: "\(error)")
    }
  }

  var content: Content? {
    guard case .sound(let content) = state else { return nil }
    return content
  }
}

extension SeenCertificate.Content {
  fileprivate init(_ file: EntryName, in folder: Folder, cards: [Card]) throws {
    let unverified = try UnverifiedDocument(
      file, in: folder, kind: .certificate, limit: ErasureCertificate.maxBytes)
    let document = try unverified.verified(byOneOf: cards)
    let certificate = try ErasureCertificate(document)
    digest = Digest(of: document.text)
    said = try LedgerPolicyRun(drop: 0, certificate, document: digest)
    (at, sender, keyID) = (certificate.at, document.sender, unverified.senderKeyID)
  }
}

extension LedgerPolicyRun {
  /// The members in which the ledger and a certificate differ.
  func differences(from certificate: LedgerPolicyRun) -> [String] {
    let (counts, other) = (counts, certificate.counts)
    let members: [(String, Bool)] = [
      ("policy", policy == certificate.policy),
      ("digest", policyDigest == certificate.policyDigest),
      ("snapshot", snapshot == certificate.snapshot), ("matched", counts.matched == other.matched),
      ("registrants", counts.registrants == other.registrants),
      ("deleted", counts.deleted == other.deleted), ("left_out", counts.leftOut == other.leftOut),
      ("file", file == certificate.file),
    ]
    return members.filter { !$0.1 }.map(\.0)
  }
}
