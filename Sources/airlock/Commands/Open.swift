import Archives
import ArgumentParser
import Faults
import Files
import JSONText
import Jobs
import Keys
import Secrets

struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify an archive, open it into a folder, and sign a receipt.",
    discussion: """
      The folder appears whole or not at all. Without --sender, the cards
      beside the identity say whose signatures count.

      Only an mts-request is opened, unless --kind names another kind that
      is expected: registry-patch, mts-results, snapshot or job.

      What was received is kept in received.json beside the identity. An
      archive that is out of its stream's order (replayed, sequence_gap,
      forked, reordered, rolled_back) is refused, or with --order warn
      opened with a warning; --order restart begins its stream anew with
      it, for after a recovery. Results and sealed drops come in any order.

      The receipt, STREAM-NUMBER.opened.receipt.json and its .minisig, is
      put beside the new folder, or with --receipt into another: carry
      both files back to the sender's inbox.

      Example:
        airlock open vid-00000042.sealed --into work \\
          --identity keys/identity.json
      """)

  @Argument(help: "The archive; its signature lies beside it.") var archive: String
  @Option(name: .long, help: ArgumentHelp("The folder to make.", valueName: "dir")) var into: String
  @Option(
    name: .long,
    help: ArgumentHelp("What it must be (default: mts-request).", valueName: "kind"))
  var kind = ArchiveKind.mtsRequest
  @Option(name: .long, help: "Of an archive out of order: refuse, warn or restart.")
  var order = OrderRule.refuse
  @Option(
    name: .long,
    help: ArgumentHelp("Where to put the receipt (default: beside the folder).", valueName: "dir"))
  var receipt: String?
  @Flag(name: .long, help: "Make no receipt.") var noReceipt = false
  @OptionGroup var receiver: ReceiverOptions
  @Flag(name: .long, help: "Say it as JSON.") var json = false

  func run() throws {
    let keyring = try receiver.senders.keyring(in: receiver.folder)
    let verified = try keyring.verified(UnverifiedArchive(path: archive))
    let now = WallClock.system.now
    for warning in verified.warnings { Terminal.warn(warning) }
    if let doubt = verified.header.clockDoubt(now: now) { Terminal.warn(doubt) }
    // In the order of docs/archive-format.md, section 7: kind, place in the stream, keys.
    try verified.require(
      kind, hint: "if that is what you expect: --kind \(verified.header.kind.rawValue)")
    let reception = Reception(
      verified, try receiver.received(), index: Index.beside(verified, archive, keyring.cards))
    for finding in reception.findings.dropFirst(order == .refuse ? 1 : 0) {
      warn(finding, verified)
    }
    try reception.require(order)
    let own = try receiver.own(for: verified, at: now)
    try verified.requireRecipient(own)
    let draft = try receiptDraft(verified, own, keyring, at: now)
    let opened = try reception.open(own, into: into, order)
    let written = try draft.flatMap { try write($0, reception) }
    say(opened, reception, receipt: written)
  }

  private func warn(_ finding: OrderFinding, _ archive: VerifiedArchive) {
    let fault = finding.fault(of: archive)
    Terminal.warn(fault.message, hint: order == .refuse ? fault.hint : nil)
  }

  /// A receipt that is still to be signed.
  private struct ReceiptDraft {
    let receipt: Receipt
    let signer: Identity
    let folder: Folder
  }

  /// What may go wrong with the receipt goes wrong before anything is opened.
  private func receiptDraft(
    _ archive: VerifiedArchive, _ own: Identity, _ keyring: Keyring, at now: UTCTime
  ) throws -> ReceiptDraft? {
    guard !noReceipt, !archive.header.kind.isDrop else { return nil }
    let signer = try receiver.signer(own)
    guard maySign(signer, keyring, at: now) else { return nil }
    let made = try Receipt(for: archive, by: signer.name, state: .opened, at: now)
    let folder = try Folder(path: receipt ?? Paths.parent(of: into))
    try made.requirePlace(in: folder)
    return ReceiptDraft(receipt: made, signer: signer, folder: folder)
  }

  /// An expired key still opens what was sealed to it, and so does one that is only for that.
  private func maySign(_ signer: Identity, _ keyring: Keyring, at now: UTCTime) -> Bool {
    do throws(KeysFault) {
      try keyring.check(signer.card, for: .receipts, at: now)
      return true
    } catch {
      Terminal.warn("no receipt is made: \(error.message)", hint: error.hint)
      return false
    }
  }

  /// A receipt says to the sender that nothing is missing here: none for what does not count as
  /// received.
  private func write(_ draft: ReceiptDraft, _ reception: Reception) throws -> String? {
    guard reception.isReceived else {
      Terminal.warn("no receipt was made: this archive is not the one that was received")
      return nil
    }
    do {
      try draft.receipt.publish(by: draft.signer, in: draft.folder)
    } catch let fault as FileFault {
      throw FileFault(
        fault.kind, "the archive is opened, but its receipt was not written: \(fault.message)",
        errno: fault.errno)
    }
    return try draft.folder.path(of: EntryName(draft.receipt.fileName))
  }

  private func say(_ opened: OpenedArchive, _ reception: Reception, receipt: String?) {
    let (draft, sender) = (opened.header.draft, reception.archive.sender.name)
    if json {
      let result: JSON = [
        "into": .string(into), "stream": .string(draft.stream.text),
        "sequence": .int(draft.sequence),
        "records": .int(draft.records), "batches": .int(draft.batches),
        "files": .count(opened.files),
        "bytes": .int(opened.bytes), "sender": .string(sender.text),
        "digest": .string(reception.archive.digest.hex),
        "findings": .array(reception.findings.map { .string($0.code) }),
        "receipt": receipt.map { .string($0) } ?? .null,
      ]
      return Terminal.say(result.line())
    }
    Terminal.say(
      "opened \(draft.kind.rawValue) \(draft.sequence) of stream \(draft.stream), signed by \(sender), into \(Printable.quoted(into))"
    )
    Terminal.say(
      "\(VerdictWording.grouped(draft.records)) records in \(VerdictWording.grouped(draft.batches)) request file\(draft.batches == 1 ? "" : "s"), \(VerdictWording.grouped(opened.bytes)) bytes"
    )
    if let receipt {
      Terminal.say("receipt     \(Printable.quoted(receipt)): carry it back, with its .minisig")
    }
  }
}

extension ArchiveKind: ExpressibleByArgument {}

/// The sender's index; one that is not sound is told of, and proves nothing.
private enum Index {
  static func beside(_ archive: VerifiedArchive, _ path: String, _ cards: [Card]) -> SenderIndex? {
    do {
      return try SenderIndex.beside(archive, at: path, senders: cards)
    } catch {
      let reason = (error as? any Fault)?.message ?? "\(error)"
      Terminal.warn("INDEX.json beside the archive is left out of account: \(reason)")
      return nil
    }
  }
}
