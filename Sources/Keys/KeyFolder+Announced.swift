internal import Files
package import JSONText
internal import Secrets

/// A rotation, from the side of those who know the party.
extension KeyFolder {
  /// Files the next key of another party, which its key in force must have signed.
  /// - Returns: the rotation, and whether it was not filed before.
  /// - Throws: `unknown_sender`, `signature_refused`, `rotation_refused`, `rotation_rolled_back` for
  ///   one that is older than what is known, `rotation_differs` for a second one of one key,
  ///   `key_taken`; why the key in force may announce nothing.
  package func add(
    rotation text: [UInt8], signature: [UInt8], at now: UTCTime
  ) throws -> (Rotation, isNew: Bool) {
    let document = try UnverifiedDocument(text, signature: signature, kind: .rotation)
    let name = document.senderName
    let list = try cards()
    guard let current = list.cards.first(where: { $0.name == name }) else {
      _ = try document.verified(byOneOf: [])
      throw KeysFault(.unknownSender, "there is no card of \(name)")
    }
    let filed = try rotation(of: current)
    let earlier = list.earlier.filter { $0.name == name }
    let known = [current] + (filed.map { [$0.next] } ?? []) + earlier
    let verified = try document.verified(byOneOf: known)
    guard let signer = known.first(where: { $0.keyID == document.senderKeyID }),
      !earlier.contains(signer)
    else {
      throw KeysFault(
        .rotationRolledBack, "the rotation is of a key that has been followed by another since",
        hint: "an old announcement changes nothing")
    }
    let rotation = try Rotation.filed(verified, by: signer)
    if signer == current, let filed {
      try requireSame(rotation, filed)
      return (rotation, false)
    }
    try keyring().check(signer, for: nil, at: now)
    try requireNewKeys(rotation.next, list)
    guard try name != ownName() else {
      throw KeysFault(
        .rotationRefused, "this is a rotation of the own key",
        hint: "airlock keys rotate makes and ends it here")
    }
    if let filed, signer == filed.next { try settle(current, filed) }
    try file(rotation, verified)
    return (rotation, true)
  }

  private func requireSame(_ rotation: Rotation, _ filed: Rotation) throws(KeysFault) {
    guard rotation != filed else { return }
    guard rotation.at >= filed.at else {
      throw KeysFault(
        .rotationRolledBack,
        "the rotation is of \(rotation.at), and one of \(filed.at) is filed",
        hint: "an old announcement changes nothing")
    }
    throw KeysFault(
      .rotationDiffers,
      "the key of \(filed.next.name) has announced another key before: \(filed.next.fingerprint)",
      hint: "ask \(filed.next.name) by telephone which fingerprint is right; the key may be stolen")
  }

  private func requireNewKeys(_ next: Card, _ list: CardList) throws(KeysFault) {
    guard let other = (list.cards + list.earlier).first(where: { $0.sharesKey(with: next) }) else {
      return
    }
    throw KeysFault(.keyTaken, "\(other.name) has a key of the card that is announced")
  }

  /// What the own key has announced; nil if nothing.
  package func announced() throws -> Rotation? {
    let own = try ownCard()
    guard try folder.exists(KeyFile.name(own.name, nil, KeyFile.rotation)) else { return nil }
    let filed = try card(named: own.name.text)
    // After a cut-over that was cut short, what is filed has been done.
    return filed == own ? try rotation(of: filed) : nil
  }
}
