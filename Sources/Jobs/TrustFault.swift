import Archives
package import Faults
import Files
import Keys
import Policies
import Secrets

/// Why a drop is not believed to come from whom it must come from. Such a drop is held.
package struct TrustFault: Fault, Equatable {
  package let code: String
  package let message: String
  package let hint: String?
  package var blame: Blame { .authenticity }

  private init(_ code: String, _ message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  static func unsigned(_ kind: DropTrust.Kind) -> TrustFault {
    TrustFault(
      "unsigned", "the site policy wants a signature on a \(kind.rawValue), and there is none",
      hint: "sign it (minisign -S -m FILE), drop FILE.minisig, then: airlock retry FILE")
  }

  /// An archive came without the signature that was made with it.
  static func unsignedArchive(_ kind: DropTrust.Kind) -> TrustFault {
    TrustFault(
      "unsigned", "the signature of the sealed \(kind.rawValue) was not dropped with it",
      hint: "drop the .minisig that `airlock seal` made beside it, then: airlock retry FILE")
  }

  static func unknownSigner(_ id: SigningKeyID) -> TrustFault {
    TrustFault(
      "unknown_signer", "it is signed with the key \(id), which nobody in keys/ has",
      hint: "get the signer's card, compare its fingerprint, and add it: airlock keys add CARD")
  }

  static func notTrusted(_ name: KeyName, _ kind: DropTrust.Kind) -> TrustFault {
    TrustFault(
      "signer_not_trusted_for_kind",
      "it is signed by \(name), whom the site policy does not trust with a \(kind.rawValue)",
      hint: "trust.\(kind.rawValue).signers in policies/site.json says who may sign one")
  }

  static let mismatch = TrustFault(
    "signature_mismatch", "the signature is not of these bytes",
    hint: "the file was changed after it was signed, or the signature belongs to another file")

  static let broken = TrustFault(
    "signature_broken", "the signature cannot be read, or was altered itself",
    hint: "sign the file again with minisign 0.10 or newer (or with -H)")

  static let notForUs = TrustFault(
    "not_for_us", "the archive is sealed to others, and not to this site's card",
    hint: "have it sealed to the card that `airlock keys card` prints")

  static func replayed(_ kind: DropTrust.Kind) -> TrustFault {
    TrustFault(
      "replayed",
      "these bytes were taken in before and have been replaced, stopped or done since: a signature counts once",
      hint:
        "if the \(kind.rawValue) is meant again: airlock release NAME, or have it changed and signed anew"
    )
  }

  static func olderJob(_ job: String, _ signer: String) -> TrustFault {
    TrustFault(
      "older_job",
      "\(signer) signed it before another order for the job \(job) that was taken in: it may have been held back on its way",
      hint:
        "ask \(signer) which one holds: if this one, airlock release NAME, or have it signed anew (with the time in the comment, as minisign does by itself)"
    )
  }

  static func kindDiffers(_ said: DropTrust.Kind, _ found: String) -> TrustFault {
    TrustFault(
      "kind_differs", "the archive says that it holds a \(said.rawValue), and it holds a \(found)",
      hint: "have it sealed anew: airlock seal FILE --kind \(found)")
  }

  static func nameDiffers(_ said: KeyName, _ known: KeyName) -> TrustFault {
    TrustFault(
      "unknown_signer", "it says that it is from \(said), and its key is that of \(known)",
      hint: "the card in keys/ must have the sender's own name")
  }

  /// Runs a check of signatures, and tells its faults as ours.
  static func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let fault as SecretsFault {
      throw Self.meaning[fault.code] ?? fault
    } catch let fault as KeysFault {
      throw Self.meaning[fault.code] ?? fault
    } catch let fault as ArchiveFault {
      throw Self.meaning[fault.code] ?? fault
    } catch let fault as FileFault where fault.blame == .input {
      throw TrustFault.broken
    }
  }

  /// What the codes of lower floors mean for a drop.
  private static let meaning: [String: TrustFault] = [
    "signature_format": broken, "comment_refused": broken, "comment_differs": broken,
    "signature_refused": mismatch, "other_signer": mismatch, "not_a_recipient": notForUs,
    "sealed_key_refused": notForUs,
  ]
}

/// Which verdicts hold a drop for the operator, and which of those the operator may lift.
package enum Quarantine {
  /// Held, since who sent it or what it replaces is in doubt.
  package static let codes: Set<String> = releasable.union([
    "unsigned", "unknown_signer", "signer_not_trusted_for_kind", "signature_mismatch",
    "signature_broken", "not_for_us", "kind_differs", "key_id_twice", "rotation_refused",
    "revocations_refused", "revocations_rolled_back", "revocations_missing",
  ])
  .union(KeysFault.unfit.map(\.rawValue))
  .union(ReceiptFault.codes).union(ResultFault.held)

  /// What `airlock release` may lift; never a signature that is missing or wrong.
  package static let releasable: Set<String> = [
    "older_snapshot", "older_job", "replayed", UnlikeTheLast.code,
  ]
}
