internal import Archives
internal import Faults
internal import Files
internal import JSONText
internal import Keys
internal import Ledger
internal import Secrets

/// Checks the receipts: those that the ledger records, and those that lie in the outbox.
struct ReceiptAudit {
  private let story: LedgerStory
  private let keys: KeyAudit
  private(set) var findings: [Finding] = []

  init(_ story: LedgerStory, keys: KeyAudit) {
    self.story = story
    self.keys = keys
    for (key, receipts) in story.receipts.sorted(by: { $0.key < $1.key }) {
      for receipt in receipts { check(receipt, key) }
    }
  }

  private mutating func check(_ receipt: LedgerStory.Receipt, _ key: ArchiveKey) {
    let subject = "receipt of \(key.stream)/\(key.sequence)"
    guard let archive = story.archives[key] else {
      return note(.ledger, "receipt_of_nothing", subject, "the ledger knows no such archive")
    }
    // An archive of before there was a ledger may have left unread: its recipients are not known.
    let recipients = archive.said.recipients
    if !recipients.isEmpty, !recipients.contains(where: { $0.name == receipt.by }) {
      note(
        .ledger, "receipt_by_stranger", subject,
        "\(receipt.by) gave it, and is no recipient of that archive", key)
    }
  }

  /// Checks a receipt's file.
  mutating func check(_ file: EntryName, in folder: Folder, stream: String) {
    let subject = "\(stream)/\(file)"
    do {
      let unverified = try UnverifiedDocument(file, in: folder, kind: .receipt, limit: 1 << 16)
      let document = try unverified.verified(byOneOf: keys.cards)
      let receipt = try Receipt(document)
      if !receipt.mayBeNamed(file.description) {
        note(
          .reordered, "misnamed", subject,
          "this is the receipt \(receipt.fileName), under another name")
      }
      compare(receipt, Digest(of: document.text), subject)
      let finding = keys.finding(
        unverified.senderKeyID, document.sender, for: .receipts, made: receipt.at, story,
        subject: subject)
      if let finding { findings.append(finding) }
    } catch let fault as any Fault {
      note(FindingClass(fault), fault.code, subject, fault.message)
    } catch {
      note(.altered, "document_format", subject, "\(error)")
    }
  }

  private mutating func compare(_ receipt: Receipt, _ digest: Digest, _ subject: String) {
    let key = ArchiveKey(stream: receipt.stream.text, sequence: receipt.sequence)
    guard let archive = story.archives[key], archive.said.digest == receipt.archive else {
      return note(
        .extra, "receipt_of_nothing", subject, "it is about an archive that never left", key)
    }
    if archive.said.records != receipt.records {
      note(.altered, "receipt_counts", subject, "it counts other records than the archive", key)
    }
    if story.receipts[key]?.contains(where: { $0.digest == digest.hex }) != true {
      note(.remark, "receipt_not_recorded", subject, "the ledger does not know it yet", key)
    }
  }

  private mutating func note(
    _ kind: FindingClass, _ code: String, _ subject: String, _ message: String,
    _ key: ArchiveKey? = nil
  ) {
    findings.append(Finding(kind, code, subject, message, key.map { [$0] } ?? []))
  }
}
