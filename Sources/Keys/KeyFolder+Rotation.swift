internal import Files
package import JSONText
package import Secrets

/// A rotation, from the side of the one whose key it is. Each step may be cut short anywhere, and is
/// then done again.
extension KeyFolder {
  /// Makes the next identity, and the document that announces it.
  /// - Parameters:
  ///   - own: the identity in force.
  ///   - from: when others may seal to the new key, and it may sign.
  ///   - until: when the old key ends.
  ///   - passphrase: locks the new identity.
  /// - Throws: `rotation_there`; why the own key may announce nothing; `FileFault`, `SecretsFault`.
  package func announceRotation(
    of own: Identity, at now: UTCTime, from: UTCTime, until: UTCTime,
    passphrase: SecretBytes? = nil, cost: PassphraseCost = .moderate
  ) throws -> Rotation {
    if let there = try rotation(of: own.card) {
      throw KeysFault(
        .rotationThere, "the key \(there.next.keyID) was announced on \(there.at)",
        hint: "when all others have added it: airlock keys rotate --finish")
    }
    try keyring().check(own.card, for: nil, at: now)
    let next = try nextCard(after: own.card, from, passphrase, cost)
    let rotation = Rotation(
      old: own.card.fingerprint, next: next, at: now, from: from, until: until)
    try file(rotation, rotation.signed(by: own))
    return rotation
  }

  /// One that was made, and not announced before the process ended, is used.
  private func nextCard(
    after card: Card, _ from: UTCTime, _ passphrase: SecretBytes?, _ cost: PassphraseCost
  ) throws -> Card {
    if try folder.exists(KeyFile.nextIdentity) {
      let there = try IdentityFile.card(KeyFile.nextIdentity, in: folder)
      guard there.terms.replaces == card.fingerprint else {
        throw KeysFault(
          .identityThere, "\(KeyFile.nextIdentity) is not the one after the own identity",
          hint: "move it away")
      }
      return there
    }
    let next = try Identity.generate(
      name: card.name, terms: card.terms.succeeding(card, from: from))
    try IdentityFile.create(
      next, as: KeyFile.nextIdentity, in: folder, passphrase: passphrase, cost: cost)
    return next.card
  }

  /// Cuts over to the key that was announced. The old identity is kept, to open what was sealed to
  /// it; the old card, so that what it signed still verifies.
  /// - Returns: the new card.
  /// - Throws: `rotation_missing`, `rotation_too_early`, `FileFault`.
  package func finishRotation(at now: UTCTime) throws -> Card {
    let own = try ownCard()
    let filed = try card(named: own.name.text)
    guard let rotation = try rotation(of: filed) else {
      throw KeysFault(
        .rotationMissing, "no next key was announced",
        hint: "announce one first: airlock keys rotate --announce")
    }
    guard now >= rotation.from else {
      throw KeysFault(
        .rotationTooEarly, "the next key counts from \(rotation.from) on, and not before",
        hint: "finish then; this machine's clock says \(now)")
    }
    if own != rotation.next { try cutOver(own, to: rotation) }
    try settle(filed, rotation)
    return rotation.next
  }

  private func cutOver(_ own: Card, to rotation: Rotation) throws {
    guard try folder.exists(KeyFile.nextIdentity),
      try IdentityFile.card(KeyFile.nextIdentity, in: folder) == rotation.next
    else {
      throw KeysFault(
        .rotationMissing, "\(KeyFile.nextIdentity) is not the identity that was announced",
        hint: "restore it from a backup of keys/")
    }
    try IdentityFile.copy(to: KeyFile.identity(of: own.keyID), in: folder)
    try folder.rename(
      KeyFile.nextIdentity, to: folder, as: KeyFile.identity, replacing: true)
    try folder.sync()
  }

  /// The rotation by which the key in force came there; nil unless all of it is done.
  package func finishedRotation() throws -> Rotation? {
    let own = try ownCard()
    guard try card(named: own.name.text) == own, try announced() == nil else { return nil }
    let old = try cards().earlier.first {
      $0.name == own.name && $0.fingerprint == own.terms.replaces
    }
    guard let old, let rotation = try rotation(of: old, isEarlier: true), rotation.next == own
    else { return nil }
    return rotation
  }

  /// Puts the next card in the place of a party's card, which is kept with the rotation that ended
  /// it.
  func settle(_ old: Card, _ rotation: Rotation) throws {
    let (name, id) = (old.name, old.keyID)
    let filed = try KeyFile.name(name, nil, KeyFile.rotation)
    let document = try UnverifiedDocument(filed, in: folder, kind: .rotation, limit: 64 << 10)
      .verified(byOneOf: [old])
    try document.publish(as: KeyFile.name(name, id, KeyFile.rotation), in: folder)
    try write(Minisign.text(of: old.signing), KeyFile.name(name, id, KeyFile.minisign))
    try write(old.text, KeyFile.name(name, id, KeyFile.card))
    try write(Minisign.text(of: rotation.next.signing), KeyFile.name(name, nil, KeyFile.minisign))
    try write(rotation.next.text, KeyFile.name(name, nil, KeyFile.card))
    let signature = try filed.appending(SignedDocument.signatureEnding)
    for name in [filed, signature, try KeyFile.nextMinisign(name)] {
      try folder.removeIfThere(name)
    }
    try folder.sync()
  }

  func file(_ rotation: Rotation, _ document: SignedDocument) throws {
    let name = rotation.next.name
    try write(Minisign.text(of: rotation.next.signing), KeyFile.nextMinisign(name))
    try document.publish(as: KeyFile.name(name, nil, KeyFile.rotation), in: folder)
  }

  func write(_ text: String, _ name: EntryName) throws {
    try AtomicFile.write(text, as: name, in: folder, mode: 0o644, replacing: true)
  }
}
