internal import JSONText
internal import Keys
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
    _ id: SigningKeyID, _ name: KeyName, for usage: KeyUsage, made: UTCTime, entry: Int64? = nil,
    _ story: LedgerStory, subject: String, _ keys: [ArchiveKey] = []
  ) -> Finding? {
    if let since = story.revoked[id.hex], since < entry ?? .max {
      return Finding(
        .key, "key_revoked", subject,
        "key \(id) signed it, and is revoked since entry \(since) of the ledger", keys)
    }
    guard let card = cards.first(where: { $0.keyID == id && $0.name == name }) else {
      return Finding(.unsigned, "unknown_sender", subject, "there is no card of \(name)", keys)
    }
    do throws(KeysFault) {
      try keyring.check(card, for: usage, at: time, made: made)
      return nil
    } catch {
      return Finding(.key, error.code, subject, error.message, keys)
    }
  }
}
