package import Faults

/// What can go wrong with keys, seals and signatures. Never holds a byte of any of them.
package struct SecretsFault: Fault {
  package enum Kind: String, Sendable, CaseIterable {
    case sodiumFailed = "sodium_failed"
    case lockedMemory = "locked_memory"
    case coreDumps = "core_dumps"
    case badPublicKey = "bad_public_key"
    case badSecretKey = "bad_secret_key"
    case sealedKeyRefused = "sealed_key_refused"
    case signatureFormat = "signature_format"
    case signatureRefused = "signature_refused"
    case commentRefused = "comment_refused"
    case otherSigner = "other_signer"
    case unsafeComment = "unsafe_comment"
    case streamHeader = "stream_header"
    case chunkRefused = "chunk_refused"
    case chunkOrder = "chunk_order"
    case passphraseUnusable = "passphrase_unusable"
    case passphraseWrong = "passphrase_wrong"
    case passphraseCost = "passphrase_cost"
    case passphraseMemory = "passphrase_memory"
  }

  package let kind: Kind
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var code: String { kind.rawValue }

  package var blame: Blame {
    switch kind {
    case .sodiumFailed, .lockedMemory, .coreDumps, .passphraseMemory: .environment
    case .passphraseUnusable: .usage
    case .unsafeComment: .bug
    default: .authenticity
    }
  }

  package var hint: String? {
    switch kind {
    case .lockedMemory: "raise the limit of locked memory (`ulimit -l`), or free memory"
    case .otherSigner: "use the card of the one who signed it"
    case .passphraseUnusable: "a passphrase has 1 to \(Passphrase.maxBytes) bytes and no NUL"
    case .passphraseMemory: "free some memory: the passphrase's lock needs it for a second"
    default: nil
    }
  }
}
