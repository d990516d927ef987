package import Secrets

/// A party with its secret keys.
package struct Identity: Sendable {
  package let name: KeyName
  package let sealing: SealingSecretKey
  package let signing: SigningSecretKey
  /// What others may have.
  package let card: Card

  /// Fresh keys.
  package static func generate(
    name: KeyName, terms: CardTerms = .none
  ) throws(SecretsFault) -> Identity {
    Identity(name: name, sealing: try .generate(), signing: try .generate(), terms: terms)
  }

  /// Of keys that are there already.
  package init(
    name: KeyName, sealing: SealingSecretKey, signing: SigningSecretKey, terms: CardTerms = .none
  ) {
    self.name = name
    self.sealing = sealing
    self.signing = signing
    func card(_ signature: [UInt8]?) -> Card {
      Card(
        name: name, sealing: sealing.publicKey, signing: signing.publicKey, terms: terms,
        signature: signature)
    }
    self.card = card(terms == .none ? nil : signing.sign(card(nil).signedText))
  }
}

extension Identity: CustomStringConvertible, CustomReflectable {
  package var description: String { "identity \(name), key \(card.keyID)" }
  package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension Identity {
  /// The secret sealing key and the seed of the signing key, one behind the other.
  static let secretCount = SealingSecretKey.count + SigningSecretKey.seedCount

  func secret() throws(SecretsFault) -> SecretBytes {
    try SecretBytes(count: Identity.secretCount) { out in
      sealing.secret.withBytes { out.copyBytes(from: $0) }
      signing.seed.withBytes { seed in
        UnsafeMutableRawBufferPointer(rebasing: out[SealingSecretKey.count...])
          .copyBytes(from: seed)
      }
    }
  }

  /// - Throws: `identity_damaged` when the secret is not that of the card.
  init(_ card: Card, secret: SecretBytes) throws {
    let split = SealingSecretKey.count
    self.init(
      name: card.name, sealing: try SealingSecretKey(secret.part(0..<split)),
      signing: try SigningSecretKey(seed: secret.part(split..<Identity.secretCount)),
      terms: card.terms)
    guard self.card == card else {
      throw KeysFault(
        .identityDamaged, "the secret keys do not belong to the public keys beside them",
        hint: "restore the identity from its backup")
    }
  }
}
