import Archives
import Files
import JSONText
import Keys
import Policies
import Secrets
import Store

/// Takes in a receipt: whose it is, which archive it acknowledges, and what that changes.
struct ReceiptIntake {
  private let processing: DropProcessing
  private let policy: PolicyInForce

  init(_ processing: DropProcessing, _ policy: PolicyInForce) {
    (self.processing, self.policy) = (processing, policy)
  }

  func run(_ drop: Drop, digest: Digest) throws -> Drop {
    let (document, receipt, archive): (SignedDocument, Receipt, ShownArchive)
    do {
      (document, receipt) = try verified(drop, digest)
      archive = try self.archive(of: receipt)
    } catch {
      return try processing.reject(drop, error, kind: .receipt, digest: digest)
    }
    let record = ReceiptRecord(receipt, document, digest: digest)
    let known = try processing.journal.receipts(
      on: record.stream, record.sequence, by: record.by)
    if known.contains(where: { $0.digest == record.digest }) {
      return try processing.repeated(drop, .receipt, digest)
    }
    if known.contains(where: { $0.state == record.state && $0.settled >= record.settled }) {
      return try settle(drop, .duplicate, digest, receipt, archive.state)
    }
    let verdict = verdict(drop, .accepted, digest, receipt, archive.state.after(receipt))
    try close(receipt)
    return try processing.journal.decided(drop, processing.decision(verdict), receipt: record)
  }

  /// Before the journal knows the receipt: a process that is killed in between finds the drop still
  /// claimed, and does it again, which changes nothing.
  private func close(_ receipt: Receipt) throws {
    let store = processing.site.store
    guard case .applied(_, let stale) = receipt.state, try TokenStore.exists(in: store) else {
      return
    }
    try TokenStore(in: store).close(
      receipt.stream.text, receipt.sequence, stale: stale, at: receipt.at.seconds)
  }

  /// The signature first, then whose it is and whether that counts.
  private func verified(_ drop: Drop, _ digest: Digest) throws -> (SignedDocument, Receipt) {
    let (site, policy) = (processing.site, try policy.policy().policy)
    let document = try read(drop, digest, limit: policy.intake.manifestBytes)
    let keyring = try site.keyring()
    guard let card = try keyring.card(document.senderKeyID) else {
      throw TrustFault.unknownSigner(document.senderKeyID)
    }
    guard card.name == document.senderName else {
      throw TrustFault.nameDiffers(document.senderName, card.name)
    }
    let signed = try TrustFault.translating { try document.verified(byOneOf: [card]) }
    let receipt = try Receipt(signed)
    try keyring.check(card, for: .receipts, at: processing.clock.now, made: receipt.at)
    let trusted = policy.recipients(of: receipt.stream.text)
    guard trusted?.contains(card.name.text) ?? true else {
      throw ReceiptFault.notTrusted(card.name, receipt.stream)
    }
    guard trusted != nil else { throw ReceiptFault.unknownArchive(receipt) }
    let recipients = try processing.journal.recipientPrints(
      on: receipt.stream.text, receipt.sequence)
    // Sealed to a key and not to a name; a party may have another key since.
    let prints = keyring.entries.filter { $0.card.name == card.name }.map {
      $0.card.fingerprint.digest.hex
    }
    guard recipients.isEmpty || !recipients.isDisjoint(with: prints) else {
      throw ReceiptFault.notSealedTo(card.name, receipt)
    }
    return (signed, receipt)
  }

  private func read(_ drop: Drop, _ digest: Digest, limit: Int64) throws -> UnverifiedDocument {
    let (claimed, claim) = (processing.site.claimed, try EntryName(drop.claim))
    let sidecar = Sidecar(drop, processing.site, at: processing.clock.now)
    try sidecar.checkSum(limit: limit)
    guard try sidecar.isSigned() else { throw ReceiptFault.unsigned }
    let text = try OpenFile(claim, in: claimed, rules: .drop(limit: limit)).readAll()
    guard Digest(of: text) == digest else { throw JobFault.changedWhileReading }
    let signature = try TrustFault.translating {
      let rules = OpenRules.drop(limit: Int64(Minisign.maxBytes))
      let bytes = try OpenFile(claim.appending(Sidecar.signature), in: claimed, rules: rules)
        .readAll()
      _ = try MinisignSignature(parsing: bytes)
      return bytes
    }
    return try UnverifiedDocument(text, signature: signature, kind: .receipt)
  }

  private func archive(of receipt: Receipt) throws -> ShownArchive {
    guard receipt.to == processing.signer.name else { throw ReceiptFault.notForUs(receipt.to) }
    let shown = try processing.journal.shown(on: receipt.stream.text, receipt.sequence)
    guard let shown else { throw ReceiptFault.unknownArchive(receipt) }
    guard shown.digest == receipt.archive.hex else { throw ReceiptFault.digestDiffers(receipt) }
    guard shown.records == receipt.records else { throw ReceiptFault.countsDiffer(receipt) }
    guard ArchiveKind(rawValue: shown.kind).map(receipt.state.suits) == true else {
      throw ReceiptFault.stateDiffers(receipt, shown.kind)
    }
    return shown
  }

  /// A receipt that says nothing new.
  private func settle(
    _ drop: Drop, _ outcome: Verdict.Outcome, _ digest: Digest, _ receipt: Receipt,
    _ state: ArchiveEntry.State
  ) throws -> Drop {
    var verdict = verdict(drop, outcome, digest, receipt, state)
    verdict.reason = Verdict.Reason(
      code: "duplicate",
      message:
        "\(receipt.by) has said as much of archive \(receipt.sequence) of \(receipt.stream) before")
    return try processing.settle(drop, verdict)
  }

  private func verdict(
    _ drop: Drop, _ outcome: Verdict.Outcome, _ digest: Digest, _ receipt: Receipt,
    _ state: ArchiveEntry.State
  ) -> Verdict {
    var verdict = processing.verdict(drop, .receipt, outcome, digest: digest)
    verdict.receipt = ReceiptReport(
      stream: receipt.stream.text, sequence: receipt.sequence, state: receipt.state.word,
      by: receipt.by.text, archive: state.rawValue)
    return verdict
  }
}

extension ArchiveEntry.State {
  /// Forward only.
  fileprivate func after(_ receipt: Receipt) -> ArchiveEntry.State {
    if receipt.state != .opened { return .answered }
    return self == .answered ? .answered : .collected
  }
}

extension ReceiptRecord {
  fileprivate init(_ receipt: Receipt, _ document: SignedDocument, digest: Digest) {
    var counts: (answered: Int64, failed: Int64)?
    switch receipt.state {
    case .opened: break
    case .tokenised(let answered, let failed): counts = (answered, failed)
    case .applied(let done, _): counts = (done, receipt.records - done)
    }
    self.init(
      stream: receipt.stream.text, sequence: receipt.sequence, state: receipt.state.word,
      by: receipt.by.text, digest: digest.hex, answered: counts?.answered, failed: counts?.failed,
      document: String(decoding: document.text, as: UTF8.self), signature: document.signature)
  }
}
