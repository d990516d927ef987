internal import Files
package import Secrets

/// What follows when a key was stolen: no rotation, since the thief can sign one too, but new keys
/// whose fingerprint people compare.
extension KeyFolder {
  /// Makes a new identity in the place of the own one, which must be revoked as compromised. The old
  /// identity and its card are kept by their key's id, and the own list of revoked keys is signed
  /// anew. Cut short anywhere, it is done again.
  /// - Throws: `identity_there` when the own key is not revoked as compromised, `identity_missing`,
  ///   `FileFault`, `SecretsFault`.
  package func replaceRevokedIdentity(
    named name: KeyName, terms: CardTerms = .none, passphrase: SecretBytes? = nil,
    cost: PassphraseCost = .moderate
  ) throws -> Identity {
    let (old, keyring) = (try ownCard(), try keyring())
    guard old.name == name, keyring.isCompromised(old) else {
      throw KeysFault(
        .identityThere, "the own key \(old.keyID) of \(old.name) is not revoked as compromised",
        hint: "only such a one is replaced; else rotate it: airlock keys rotate --announce")
    }
    let lists = try revocationLists(keyring.cards, own: name)
    try setAsideNextIdentity()
    try IdentityFile.copy(to: KeyFile.identity(of: old.keyID), in: folder)
    let identity = try Identity.generate(name: name, terms: terms)
    try IdentityFile.create(
      identity, as: KeyFile.nextIdentity, in: folder, passphrase: passphrase, cost: cost)
    try replace(old, with: identity.card)
    try folder.rename(KeyFile.nextIdentity, to: folder, as: KeyFile.identity, replacing: true)
    try folder.sync()
    // Last: until then the old list counts, by the old card that is kept.
    if let list = lists.first(where: { $0.sender == name }) {
      try signAnew(list, by: identity)
    }
    return identity
  }

  /// The thief may have announced it, or an earlier try have left it.
  private func setAsideNextIdentity() throws {
    guard try folder.exists(KeyFile.nextIdentity) else { return }
    let card = try IdentityFile.card(KeyFile.nextIdentity, in: folder)
    try folder.rename(
      KeyFile.nextIdentity, to: folder, as: KeyFile.identity(of: card.keyID), replacing: true)
  }

  /// Puts a card in the place of one that is compromised, which is kept by its id, with what it
  /// announced.
  func replace(_ old: Card, with new: Card) throws {
    let (name, id) = (old.name, old.keyID)
    let announced = try KeyFile.name(name, nil, KeyFile.rotation)
    try write(Minisign.text(of: old.signing), KeyFile.name(name, id, KeyFile.minisign))
    try write(old.text, KeyFile.name(name, id, KeyFile.card))
    try write(Minisign.text(of: new.signing), KeyFile.name(name, nil, KeyFile.minisign))
    try write(new.text, KeyFile.name(name, nil, KeyFile.card))
    let signature = try announced.appending(SignedDocument.signatureEnding)
    for file in [announced, signature, try KeyFile.nextMinisign(name)] {
      try folder.removeIfThere(file)
    }
    try folder.sync()
  }
}

extension Keyring {
  package func isCompromised(_ card: Card) -> Bool {
    revocations.contains {
      $0.reason == .compromised
        && ($0.keyID == card.keyID || $0.fingerprint == card.fingerprint)
    }
  }
}
