internal import Files
package import Secrets

/// A party whose signatures can be told from others': one with a card, or one of whom only the
/// public key of the stock `minisign` is known.
package struct Signer: Sendable, Hashable {
  package let name: KeyName
  package let key: SigningPublicKey

  package init(name: KeyName, key: SigningPublicKey) {
    self.name = name
    self.key = key
  }
}

extension KeyFolder {
  static let signingEnding = KeyFile.minisign

  /// Everybody whose signature can be told, by name. A card counts for more than the key file beside
  /// it; what is wrong with one file hides no other.
  package func signers() throws -> [Signer] {
    let cards = try cards().cards
    let known = Set(cards.map(\.name))
    var signers = cards.map { Signer(name: $0.name, key: $0.signing) }
    for entry in try folder.names(limit: 10_000) where !entry.isUpload {
      guard let text = entry.text, text.hasSuffix(Self.signingEnding),
        let name = try? KeyName(String(text.dropLast(Self.signingEnding.count))),
        !known.contains(name), let key = try? signingKey(entry)
      else { continue }
      signers.append(Signer(name: name, key: key))
    }
    return signers.sorted { $0.name < $1.name }
  }

  /// Adds the key of one who signs with the stock tool. False if it was there already.
  /// - Throws: `name_taken`, `key_taken`, `FileFault`.
  package func add(_ signer: Signer) throws -> Bool {
    let all = try signers()
    if let same = all.first(where: { $0.name == signer.name }) {
      guard same.key == signer.key else {
        throw KeysFault(
          .nameTaken, "there is another key of \(signer.name)",
          hint: "compare the keys; remove \(signer.name)\(Self.signingEnding) first")
      }
      return false
    }
    if let other = all.first(where: {
      $0.key.id == signer.key.id || $0.key.bytes == signer.key.bytes
    }) {
      throw KeysFault(.keyTaken, "\(other.name) has this key")
    }
    try AtomicFile.write(
      Minisign.text(of: signer.key), as: EntryName(signer.name.text + Self.signingEnding),
      in: folder, mode: 0o644)
    return true
  }

  private func signingKey(_ entry: EntryName) throws -> SigningPublicKey {
    let file = try OpenFile(entry, in: folder, rules: OpenRules(limit: Int64(Minisign.maxBytes)))
    return try Minisign.publicKey(parsing: file.readAll())
  }
}
