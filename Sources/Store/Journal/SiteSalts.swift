package import Files
package import Secrets

/// What a site shows for the digests of what may hold a person's value: in verdicts, the ledger,
/// headers and certificates. The salts follow from the site's key, so that the site can prove later
/// what it showed, and nobody else can test a guess (docs/decisions/026).
package final class SiteSalts: Sendable {
  private let salter: DigestSalter

  /// Makes the site's key the first time; where VIDs were marked with one, that must be there.
  /// - Throws: `hash_key_missing`, `hash_key_damaged`, `FileFault`.
  package convenience init(in store: Folder) throws {
    if try TokenStore.exists(in: store) {
      try SiteKey.require(in: store)
    } else {
      try SiteKey.make(in: store)
    }
    try self.init(reading: store)
  }

  /// For who only asks what was shown.
  /// - Throws: as above.
  package convenience init(existingIn store: Folder) throws {
    try SiteKey.require(in: store)
    try self.init(reading: store)
  }

  private init(reading store: Folder) throws {
    salter = try DigestSalter(key: SiteKey.read(in: store).subkey(2, for: "DigestSt"))
  }

  /// What is shown of a snapshot: deltas may name it by this as well.
  package func snapshot(_ digest: Digest) -> SaltedDigest { shown(digest, .snapshot, drop: 0) }

  /// What is shown of a policy.
  package func policy(_ digest: Digest) -> SaltedDigest { shown(digest, .policy, drop: 0) }

  /// - Parameter drop: its number, for words of one drop.
  package func shown(
    _ digest: Digest, _ word: SaltedDigest.Word, drop: Int64
  ) -> SaltedDigest {
    SaltedDigest(digest, word, salt: salt(of: digest, word, drop: drop))
  }

  /// What proves it, to who has the content.
  package func salt(
    of digest: Digest, _ word: SaltedDigest.Word, drop: Int64
  ) -> DigestSalt {
    salter.salt(of: digest, word, drop: drop)
  }
}
