package import Files
package import Secrets

/// A folder of keys: the own identity (`identity.json`), and for each party, oneself included,
/// `NAME.card.json` with `NAME.minisign.pub` beside it for the stock tool.
package struct KeyFolder: Sendable {
  package let folder: Folder

  /// - Throws: `FileFault`, also when others could put cards there (`exposed`, `foreign_owner`).
  package init(path: String) throws(FileFault) {
    try self.init(Folder(path: path))
  }

  /// Throws as above.
  package init(_ folder: Folder) throws(FileFault) {
    try folder.requireTrusted()
    self.folder = folder
  }

  /// The own identity. Throws as `IdentityFile.load`.
  package func identity(passphrase: () throws -> SecretBytes? = { nil }) throws -> Identity {
    try IdentityFile.load(in: folder, passphrase: passphrase)
  }

  /// The public side of the own identity; no passphrase needed. Throws as `IdentityFile.load`.
  package func ownCard() throws -> Card { try IdentityFile.card(in: folder) }

  /// Makes an identity, and writes its card. The identity comes last: where it is, all is.
  /// - Throws: `identity_there`, `name_taken`, `FileFault`, `SecretsFault`.
  @discardableResult
  package func createIdentity(
    named name: KeyName, terms: CardTerms = .none, passphrase: SecretBytes? = nil,
    cost: PassphraseCost = .moderate
  ) throws -> Identity {
    guard try !folder.exists("identity.json") else {
      throw KeysFault(
        .identityThere, "there is an identity already", hint: "an identity is never overwritten")
    }
    let identity = try Identity.generate(name: name, terms: terms)
    let isNew = try add(identity.card)
    do {
      try IdentityFile.create(identity, in: folder, passphrase: passphrase, cost: cost)
    } catch {
      // A card without its identity would stand in the way of the next try.
      if isNew { try? remove(identity.card) }
      throw error
    }
    return identity
  }
}
