internal import Files
package import JSONText
package import Secrets

extension KeyFolder {
  /// The own identity that something was sealed to: the one in force, the next one, or an earlier
  /// one until its overlap ends. The one in force if it is none of them.
  /// - Parameter recipients: to whom it was sealed.
  /// - Throws: `key_retired` for an earlier key whose time is over; as `IdentityFile.load`.
  package func identity(
    opening recipients: [Fingerprint], at now: UTCTime,
    passphrase: () throws -> SecretBytes? = { nil }
  ) throws -> Identity {
    let name = try identityName(opening: recipients, at: now)
    return try IdentityFile.load(name, in: folder, passphrase: passphrase)
  }

  /// The cards of the own identities: the one in force, and the next or earlier ones beside it.
  package func ownCards() throws -> [Card] {
    let others = try folder.names(limit: 10_000).filter(KeyFile.isOtherIdentity)
    return try [ownCard()] + others.map { try IdentityFile.card($0, in: folder) }
  }

  private func identityName(
    opening recipients: [Fingerprint], at now: UTCTime
  ) throws -> EntryName {
    if try recipients.contains(ownCard().fingerprint) { return KeyFile.identity }
    for name in try folder.names(limit: 10_000) where KeyFile.isOtherIdentity(name) {
      let card = try IdentityFile.card(name, in: folder)
      guard recipients.contains(card.fingerprint) else { continue }
      try requireOverlap(card, at: now)
      return name
    }
    return KeyFile.identity
  }

  private func requireOverlap(_ card: Card, at now: UTCTime) throws {
    let entry = try keyring().entries.first { $0.card.fingerprint == card.fingerprint }
    guard let entry, entry.place != .next else { return }
    guard let until = entry.until, now >= until else { return }
    throw KeysFault(
      .retired, "it is sealed to the key \(card.keyID), which was followed by another on \(until)",
      hint:
        "have it sealed anew to the card that `airlock keys card` prints; if it was late on its way, open it with --identity \(folder.path)/identity.\(card.keyID).json"
    )
  }
}
