package import Keys
package import Secrets

/// The keys that a sender goes over to, announced in its own stream: whoever verified the archive
/// knows from the key in force which one follows it.
package struct NextKey: Sendable, Hashable {
  package let sealing: SealingPublicKey
  package let signing: SigningPublicKey
  /// Archives made from then on are signed by it.
  package let from: UTCTime

  package init(sealing: SealingPublicKey, signing: SigningPublicKey, from: UTCTime) {
    self.sealing = sealing
    self.signing = signing
    self.from = from
  }

  package init(_ card: Card, from: UTCTime) {
    self.init(sealing: card.sealing, signing: card.signing, from: from)
  }

  package var fingerprint: Fingerprint { Fingerprint(sealing: sealing, signing: signing) }
  package var keyID: SigningKeyID { signing.id }
}
