/// What a key may be used for. A card that says nothing of it may be used for all.
package enum KeyUsage: String, Sendable, Hashable, CaseIterable {
  /// To be sealed to.
  case seal
  /// To sign archives of a site, with their index and the checkpoints of the ledger.
  case archives
  /// To sign snapshots that are dropped.
  case snapshots
  /// To sign manifests that are dropped.
  case jobs
  /// To sign what the MTS answers.
  case results
  /// To sign receipts.
  case receipts

  /// What refuses say: "it may not …".
  var words: String {
    switch self {
    case .seal: "be sealed to"
    default: "sign \(rawValue)"
    }
  }
}

extension SignedDocument.Kind {
  /// What its signer's key must be for; nil for what every key may sign of itself.
  package var usage: KeyUsage? {
    switch self {
    case .index, .checkpoint, .certificate: .archives
    case .receipt: .receipts
    case .rotation, .revocations: nil
    }
  }
}
