package import JSONText
internal import Secrets

/// Whom a party believes no more, signed by it. Each list has a higher number than the one before
/// and all that stood in that, so that a lost or older list is noticed, and nothing is taken back.
package struct RevocationList: Sendable, Hashable {
  package let sender: KeyName
  private let keyID: SigningKeyID
  package let number: Int64
  /// By name and key id.
  package let entries: [Revocation]

  private init(_ number: Int64, _ entries: [Revocation], by signer: Identity) {
    (sender, keyID) = (signer.name, signer.signing.publicKey.id)
    self.number = number
    self.entries = entries.sorted { ($0.name, $0.keyID.hex) < ($1.name, $1.keyID.hex) }
  }

  /// - Throws: `revocations_refused` for what is not written as such a list is.
  static func filed(_ document: SignedDocument) throws(KeysFault) -> RevocationList {
    do {
      return try RevocationList(document)
    } catch {
      throw KeysFault(.revocationsRefused, "the list of revoked keys: \(error.message)")
    }
  }

  static func signed(
    number: Int64, _ entries: [Revocation], by identity: Identity
  ) throws -> SignedDocument {
    let list = RevocationList(number, entries, by: identity)
    return try SignedDocument(.revocations, list.members, signer: identity)
  }

  /// Of the whole document.
  var digest: Digest {
    let sender = DocumentSender(name: sender, keyID: keyID)
    return Digest(of: SignedDocument.json(.revocations, by: sender, members).canonical() + [0x0A])
  }

  /// What of it counts: of one's own list all, of another party's what it says of its own keys.
  func counting(own: KeyName?) -> [Revocation] {
    sender == own ? entries : entries.filter { $0.name == sender }
  }
}

extension RevocationList: SignedContent {
  package static let kind = SignedDocument.Kind.revocations
  package static let mostBytes = 4 << 20

  package var members: [JSON.Member] {
    [.init("number", .int(number)), .init("keys", .array(entries.map(\.json)))]
  }

  package init(by sender: DocumentSender, _ members: inout JSONObjectCursor) throws {
    let number = try members.required("number").integer(in: 1...Int64.max)
    let keys = try members.required("keys")
    let entries = try keys.array().map(Revocation.init)
    guard Set(entries.map(\.keyID)).count == entries.count else {
      throw keys.fault("key_twice", "one key is named twice")
    }
    let order = entries.map { ($0.name, $0.keyID.hex) }
    guard zip(order, order.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw keys.fault("not_sorted", "the keys are not in order of name and id")
    }
    (self.sender, keyID) = (sender.name, sender.keyID)
    (self.number, self.entries) = (number, entries)
  }

  /// The party's own, or as others file it.
  package func mayBeNamed(_ file: String) -> Bool {
    file == "REVOKED.json" || file == "\(sender)\(KeyFile.revoked)"
  }
}

/// The newest lists that were ever filed, beside them: an older or a lost list is not believed.
struct SeenRevocations: Sendable, Hashable {
  struct Seen: Sendable, Hashable {
    let number: Int64
    let digest: Digest
  }

  var lists: [KeyName: Seen] = [:]

  var json: JSON {
    let sorted = lists.sorted { $0.key < $1.key }
    return [
      "airlock": "revocations-seen", "version": 1,
      "lists": .array(
        sorted.map { name, seen in
          [
            "sender": .string(name.text), "number": .int(seen.number),
            "digest": .string(seen.digest.hex),
          ]
        }),
    ]
  }

  init() {}

  init(parsing text: [UInt8]) throws {
    var members = try JSONCursor(JSONDocument(parsing: text)).object()
    try Card.checkKind("revocations-seen", &members)
    for cursor in try members.required("lists").array() {
      var list = try cursor.object()
      let name = try KeyName(list.required("sender").string())
      let number = try list.required("number").integer(in: 1...Int64.max)
      guard let digest = Digest(hex: try list.required("digest").string()) else {
        throw KeysFault(.revocationsRefused, "what was seen of revocations has no digest")
      }
      try list.finish()
      lists[name] = Seen(number: number, digest: digest)
    }
    try members.finish()
  }

  /// - Throws: `revocations_rolled_back`.
  func check(_ list: RevocationList) throws(KeysFault) {
    guard let seen = lists[list.sender] else { return }
    let isOther = list.number == seen.number && list.digest != seen.digest
    guard list.number < seen.number || isOther else { return }
    throw KeysFault(
      .revocationsRolledBack,
      "the list of revoked keys of \(list.sender) is number \(list.number), and \(isOther ? "another with that number" : "number \(seen.number)") was seen before",
      hint: "put the newest list back; an older one may hide a stolen key")
  }
}
