package import Faults
internal import Files

/// What is wrong with a key file, a card or their folder.
package struct KeysFault: Fault {
  package enum Kind: String, Sendable, CaseIterable {
    case badName = "bad_key_name"
    case identityUnsafe = "identity_unsafe"
    case identityMissing = "identity_missing"
    case identityThere = "identity_there"
    case identityFormat = "identity_format"
    case identityDamaged = "identity_damaged"
    case passphraseNeeded = "passphrase_needed"
    case passphraseWrong = "passphrase_wrong"
    case cardFormat = "card_format"
    case cardAltered = "card_altered"
    case cardMisnamed = "card_misnamed"
    case cardUnknown = "card_unknown"
    case nameTaken = "name_taken"
    case keyTaken = "key_taken"
    case stranger = "stranger_in_keys"
    case documentFormat = "document_format"
    case misnamed = "document_misnamed"
    case signatureMissing = "signature_missing"
    case signatureRefused = "signature_refused"
    case unknownSender = "unknown_sender"
    case expired = "key_expired"
    case notYetValid = "key_not_yet_valid"
    case revoked = "key_revoked"
    case retired = "key_retired"
    case wrongUsage = "key_wrong_usage"
    case keyIDTwice = "key_id_twice"
    case rotationRefused = "rotation_refused"
    case rotationRolledBack = "rotation_rolled_back"
    case rotationDiffers = "rotation_differs"
    case rotationThere = "rotation_there"
    case rotationMissing = "rotation_missing"
    case rotationTooEarly = "rotation_too_early"
    case revocationsRefused = "revocations_refused"
    case revocationsRolledBack = "revocations_rolled_back"
    case revocationsMissing = "revocations_missing"
  }

  package let kind: Kind
  package let message: String
  package let hint: String?

  package init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  /// A file of keys that must not be used: the file system's reason, as the environment's fault.
  init(unsafe fault: FileFault) {
    self.init(.identityUnsafe, fault.message, hint: fault.hint)
  }

  package var code: String { kind.rawValue }

  /// What says that a key is unfit for what it is asked for.
  package static let unfit: Set<Kind> = [.expired, .notYetValid, .revoked, .retired, .wrongUsage]

  package var blame: Blame {
    switch kind {
    case .badName, .cardUnknown, .nameTaken, .keyTaken, .passphraseNeeded: .usage
    case .rotationThere, .rotationMissing, .rotationTooEarly: .usage
    case .identityUnsafe, .identityMissing, .identityThere: .environment
    case .stranger: .input
    default: .authenticity
    }
  }
}
