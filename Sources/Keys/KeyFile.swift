internal import Files
internal import Secrets

/// The names of the files among keys.
enum KeyFile {
  static let card = ".card.json"
  static let minisign = ".minisign.pub"
  static let rotation = ".rotation.json"
  static let revoked = ".revoked.json"
  static let identity: EntryName = "identity.json"
  static let nextIdentity: EntryName = "identity.next.json"
  /// The own list of revoked keys.
  static let revocations: EntryName = "REVOKED.json"
  static let seen: EntryName = "revoked.seen.json"

  /// The identity of an earlier key.
  static func identity(of id: SigningKeyID) throws(FileFault) -> EntryName {
    try EntryName("identity.\(id.hex).json")
  }

  /// For the stock tool, beside a rotation.
  static func nextMinisign(_ party: KeyName) throws(FileFault) -> EntryName {
    try EntryName("\(party).next\(minisign)")
  }

  /// Whether it is an identity other than the one in force.
  static func isOtherIdentity(_ entry: EntryName) -> Bool {
    guard let text = entry.text, text.hasPrefix("identity."), text.hasSuffix(".json") else {
      return false
    }
    let middle = text.dropFirst("identity.".count).dropLast(".json".count)
    return entry == nextIdentity || SigningKeyID(hex: String(middle)) != nil
  }

  /// A file of a party's current key, or, with an id, of an earlier one.
  static func name(
    _ party: KeyName, _ id: SigningKeyID? = nil, _ ending: String
  ) throws(FileFault) -> EntryName {
    try EntryName("\(party)\(id.map { ".\($0.hex)" } ?? "")\(ending)")
  }

  /// Whose file it is by its name, and of which earlier key; nil unless it has the ending.
  static func owner(_ entry: EntryName, _ ending: String) -> (KeyName, SigningKeyID?)? {
    guard let text = entry.text, text.hasSuffix(ending) else { return nil }
    let parts = text.dropLast(ending.count).split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, let name = try? KeyName(String(first)) else { return nil }
    if parts.count == 1 { return (name, nil) }
    guard parts.count == 2, let id = SigningKeyID(hex: String(parts[1])) else { return nil }
    return (name, id)
  }

  /// Whether a file that is no current card belongs among keys.
  static func belongs(_ entry: EntryName) -> Bool {
    guard let text = entry.text else { return false }
    let plain = text.hasSuffix(SignedDocument.signatureEnding) ? String(text.dropLast(8)) : text
    if ["identity.json", "README.md", "received.json", "revoked.seen.json"].contains(text) {
      return true
    }
    if text.hasSuffix(minisign) || plain == "REVOKED.json" { return true }
    if isOtherIdentity(entry) { return true }
    guard let name = try? EntryName(plain) else { return false }
    return owner(name, rotation) != nil || owner(name, revoked) != nil
      || plain == text && owner(name, card) != nil
  }
}
