internal import JSONText
internal import Keys
internal import Ledger
internal import Secrets

/// Whether a key might sign what it signed: by what the auditor knows of it, and by what the ledger
/// says of its end.
struct KeyAudit: Sendable {
  let keyring: Keyring
  let time: UTCTime

  var cards: [Card] { keyring.cards }

  /// - Parameters:
  ///   - made: when what it signed says that it was made.
  ///   - entry: the ledger's entry of it; nil for what stands at the ledger's end.
  func finding(
    _ id: SigningKeyID, _ name: KeyName, for usage: KeyUsage, made: UTCTime,
    entry: LedgerStory.Place? = nil,
    _ story: LedgerStory, subject: String, _ keys: [ArchiveKey] = []
  ) -> Finding? {
    if let since = story.revoked[id.hex], since < entry?.entry ?? .max {
      return Finding(
        .key, "key_revoked", subject,
        "key \(id) signed it, and is revoked since entry \(since) of the ledger", keys)
    }
    guard let card = cards.first(where: { $0.keyID == id && $0.name == name }) else {
      return Finding(.unsigned, "unknown_sender", subject, "there is no card of \(name)", keys)
    }
    if let end = superseded(card, entry, story) {
      return Finding(
        .key, "key_retired", subject,
        "key \(id) signed it, and another took its place in entry \(end) of the ledger", keys)
    }
    do throws(KeysFault) {
      try keyring.check(card, for: usage, at: time, made: made)
      return nil
    } catch {
      return Finding(.key, error.code, subject, error.message, keys)
    }
  }

  /// The entry by which the site's key had ended, and the overlap too, as far as a rotation is
  /// known. What has no entry stands at the ledger's end, and counts now or not at all.
  private func superseded(
    _ card: Card, _ entry: LedgerStory.Place?, _ story: LedgerStory
  ) -> Int64? {
    guard card.name.text == story.site?.name, let by = story.superseded[card.keyID.hex],
      by.entry < entry?.entry ?? .max
    else { return nil }
    let until = keyring.entries.first { $0.card == card }?.until ?? by.at
    return until <= entry?.at ?? time ? by.entry : nil
  }

  /// A recipient whose key was known to be revoked when the archive was recorded.
  func revokedRecipient(_ archive: LedgerStory.Archive, _ story: LedgerStory) -> Finding? {
    for recipient in archive.said.recipients {
      let card = cards.first { $0.fingerprint.digest.hex == recipient.fingerprint }
      let all = [
        story.revokedPrints[recipient.fingerprint], card.flatMap { story.revoked[$0.keyID.hex] },
      ].compactMap(\.self)
      guard let since = all.min(), since < archive.entry else { continue }
      return Finding(
        .key, "recipient_revoked", "\(archive.said.stream)/\(archive.said.file)",
        "it is sealed to a key of \(recipient.name) that is revoked since entry \(since)",
        [archive.key])
    }
    return nil
  }
}
