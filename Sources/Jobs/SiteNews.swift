import Keys
import Secrets
import Store

/// Notices what has changed on the site's own side since it was last looked at: policy, keys and
/// program. Each change is an entry of the ledger, whoever made it and however.
struct SiteNews {
  let site: Site
  let journal: Journal
  let salts: SiteSalts

  /// - Parameter policy: the one that is worked by now.
  func notice(_ policy: PolicyInForce) throws {
    try journal.notice(program: Program.version)
    if case .sound(_, let digest) = policy {
      try journal.notice(policy: salts.policy(digest).hex)
    }
    // Keys that cannot be read as a whole vouch for nobody; whoever needs them says why.
    guard let keyring = try? site.keyring() else { return }
    try journal.notice(keys: SiteNews.known(keyring))
  }

  /// Each key once; one that is the next and the current one, as within a change, is the current.
  private static func known(_ keyring: Keyring) -> [KnownKey] {
    var keys: [[String]: KnownKey] = [:]
    for entry in keyring.entries {
      let (card, id) = (entry.card, [entry.card.name.text, entry.card.keyID.hex])
      if let known = keys[id], known.place == .current { continue }
      keys[id] = KnownKey(
        name: card.name.text, keyID: card.keyID.hex, fingerprint: card.fingerprint.digest.hex,
        place: KnownKey.Place(entry.place),
        isRevoked: keyring.revocations.contains {
          $0.keyID == card.keyID || $0.fingerprint == card.fingerprint
        })
    }
    for signer in keyring.strangers where keys[[signer.name.text, signer.key.id.hex]] == nil {
      keys[[signer.name.text, signer.key.id.hex]] = KnownKey(
        name: signer.name.text, keyID: signer.key.id.hex, fingerprint: nil, place: .current,
        isRevoked: keyring.revocations.contains { $0.keyID == signer.key.id })
    }
    return Array(keys.values)
  }
}

extension KnownKey.Place {
  fileprivate init(_ place: Keyring.Place) {
    switch place {
    case .current: self = .current
    case .next: self = .next
    case .earlier: self = .earlier
    }
  }
}
