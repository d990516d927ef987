import Archives
import Faults
import Keys
import Policies

/// Why a receipt is not believed. It is held.
struct ReceiptFault: Fault, Equatable {
  let code: String
  let message: String
  let hint: String?
  var blame: Blame { .authenticity }

  private init(_ code: String, _ message: String, hint: String) {
    (self.code, self.message, self.hint) = (code, message, hint)
  }

  static let codes: Set<String> = [
    "receipt_unknown_archive", "receipt_digest_differs", "receipt_counts_differ",
    "receipt_state_differs",
  ]

  static let unsigned = ReceiptFault(
    "unsigned", "a receipt counts with its signature only, and there is none",
    hint: "drop the .minisig that was made with it, then: airlock retry NAME")

  static func notTrusted(_ name: KeyName, _ stream: ArchiveLabel) -> ReceiptFault {
    ReceiptFault(
      "signer_not_trusted_for_kind",
      "it is signed by \(name), who is no recipient of the stream \(stream)",
      hint: "streams.\(stream).recipients in policies/site.json says who is")
  }

  static func notSealedTo(_ name: KeyName, _ receipt: Receipt) -> ReceiptFault {
    ReceiptFault(
      "signer_not_trusted_for_kind",
      "archive \(receipt.sequence) of \(receipt.stream) was not sealed to \(name), who signed it",
      hint: "ask \(name) how it came to have that archive")
  }

  static func notForUs(_ name: KeyName) -> ReceiptFault {
    ReceiptFault(
      "not_for_us", "it acknowledges an archive of \(name), and not of this site",
      hint: "drop it at that site")
  }

  static func unknownArchive(_ receipt: Receipt) -> ReceiptFault {
    ReceiptFault(
      "receipt_unknown_archive",
      "the stream \(receipt.stream) of this site has shown no archive \(receipt.sequence)",
      hint:
        "if it did, the journal was restored or lost: restore the newest store/journal.sqlite")
  }

  static func digestDiffers(_ receipt: Receipt) -> ReceiptFault {
    ReceiptFault(
      "receipt_digest_differs",
      "it acknowledges another archive \(receipt.sequence) of \(receipt.stream) than this site has shown",
      hint: "somebody gave the receiver other bytes, or it has more than one: compare the digests")
  }

  static func stateDiffers(_ receipt: Receipt, _ kind: String) -> ReceiptFault {
    ReceiptFault(
      "receipt_state_differs",
      "it says \(receipt.state.word) of archive \(receipt.sequence) of \(receipt.stream), which is a \(kind)",
      hint: "an mts-request is tokenised, a registry-patch is applied")
  }

  static func countsDiffer(_ receipt: Receipt) -> ReceiptFault {
    ReceiptFault(
      "receipt_counts_differ",
      "it acknowledges \(receipt.records) records of archive \(receipt.sequence) of \(receipt.stream), which has another number",
      hint: "the receiver's program is at fault")
  }
}
