internal import Archives
package import Keys
internal import Ledger
internal import Secrets

/// A signed document with its signature, held to all that section 13 of `docs/archive-format.md` says of
/// its kind: the one way for whoever takes a document in, says that it is sound, or audits it.
package enum SignedPaper {
  /// Checks the signature, then what the document says, then its name.
  /// - Parameters:
  ///   - file: the document's name; nil where it has another for a reason.
  ///   - cards: whose signatures count.
  /// - Throws: `unknown_sender`, `signature_refused`, `document_format`, `document_misnamed`.
  package static func verify(
    _ document: UnverifiedDocument, named file: String?, byOneOf cards: [Card]
  ) throws(KeysFault) -> SignedDocument {
    let signed = try document.verified(byOneOf: cards)
    let content: any SignedContent =
      switch document.kind {
      case .index: try StreamIndex(signed)
      case .receipt: try Receipt(signed)
      case .checkpoint: try Checkpoint(signed)
      case .certificate: try ErasureCertificate(signed)
      case .revocations: try RevocationList(signed)
      case .rotation: try rotation(signed, document.senderKeyID, cards)
      }
    if let file { try content.require(name: file) }
    return signed
  }

  /// A rotation speaks of the key that signed it.
  private static func rotation(
    _ signed: SignedDocument, _ id: SigningKeyID, _ cards: [Card]
  ) throws(KeysFault) -> Rotation {
    let rotation = try Rotation(signed)
    if let card = cards.first(where: { $0.keyID == id && $0.name == signed.sender }) {
      try rotation.require(card)
    }
    return rotation
  }
}
