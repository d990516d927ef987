internal import JSONText
internal import Secrets

/// Whom a party believes no more, signed by it. Each list has a higher number than the one before
/// and all that stood in that, so that a lost or older list is noticed, and nothing is taken back.
package struct RevocationList: Sendable, Hashable {
  package let sender: KeyName
  package let number: Int64
  /// By name and key id.
  package let entries: [Revocation]
  let digest: Digest

  /// - Throws: `revocations_refused` for what is not written as such a list is.
  init(_ document: SignedDocument) throws {
    do {
      let limits = JSONLimits(bytes: document.text.count, depth: 8)
      var members = try JSONCursor(JSONDocument(parsing: document.text, limits: limits)).object()
      for known in ["airlock", "version", "sender"] { _ = try members.required(known) }
      number = try members.required("number").integer(in: 1...Int64.max)
      entries = try members.required("keys").array().map(Revocation.init)
      try members.finish()
    } catch {
      throw KeysFault(.revocationsRefused, "the list of revoked keys: \(error)")
    }
    sender = document.sender
    digest = Digest(of: document.text)
    guard Set(entries.map(\.keyID)).count == entries.count else {
      throw KeysFault(.revocationsRefused, "the list of revoked keys names one twice")
    }
  }

  static func signed(
    number: Int64, _ entries: [Revocation], by identity: Identity
  ) throws -> SignedDocument {
    let sorted = entries.sorted { ($0.name, $0.keyID.hex) < ($1.name, $1.keyID.hex) }
    return try SignedDocument(
      .revocations,
      [.init("number", .int(number)), .init("keys", .array(sorted.map(\.json)))],
      signer: identity)
  }

  /// What of it counts: of one's own list all, of another party's what it says of its own keys.
  func counting(own: KeyName?) -> [Revocation] {
    sender == own ? entries : entries.filter { $0.name == sender }
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
