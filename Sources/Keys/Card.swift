package import JSONText
package import Secrets

/// The public side of a party. Its id and fingerprint follow from its keys.
package struct Card: Sendable, Hashable {
  package let name: KeyName
  package let sealing: SealingPublicKey
  package let signing: SigningPublicKey
  /// What it may be used for, and when.
  package let terms: CardTerms
  /// By its own signing key; nil where there are no terms.
  let signature: [UInt8]?

  /// A card that says nothing of its use.
  package init(name: KeyName, sealing: SealingPublicKey, signing: SigningPublicKey) {
    self.init(name: name, sealing: sealing, signing: signing, terms: .none, signature: nil)
  }

  init(
    name: KeyName, sealing: SealingPublicKey, signing: SigningPublicKey, terms: CardTerms,
    signature: [UInt8]?
  ) {
    self.name = name
    self.sealing = sealing
    self.signing = signing
    self.terms = terms
    self.signature = signature
  }

  package var keyID: SigningKeyID { signing.id }
  package var fingerprint: Fingerprint { Fingerprint(sealing: sealing, signing: signing) }

  static let limits = JSONLimits(bytes: 16 << 10, depth: 4)
}

extension Card {
  package var json: JSON {
    .object(plainMembers + terms.members + signatureMember)
  }

  private var plainMembers: [JSON.Member] {
    [
      .init("airlock", "card"), .init("version", 1), .init("name", .string(name.text)),
      .init("sealing", .string(Base64.encode(sealing.bytes))),
      .init("signing", .string(Base64.encode(signing.bytes))),
      .init("key_id", .string(keyID.hex)), .init("fingerprint", .string(fingerprint.text)),
    ]
  }

  /// How the signature stands in a card and in an identity's file.
  var signatureMember: [JSON.Member] {
    signature.map { [JSON.Member("signature", .string(Base64.encode($0)))] } ?? []
  }

  /// What the signature is over: the canonical JSON of the card without it.
  var signedText: [UInt8] { JSON.object(plainMembers + terms.members).canonical() }

  /// What stands in a card's file.
  package var text: String { json.pretty() }

  /// Reads a card's file, and checks its id, fingerprint and signature.
  /// - Throws: `JSONFault` or `DocumentFault` for what is not a card, `card_format`, `bad_key_name`,
  ///   `bad_public_key`, `card_altered`.
  package init(parsing text: [UInt8]) throws {
    let document = try JSONDocument(parsing: text, limits: Card.limits)
    try self.init(JSONCursor(document))
  }

  /// The same of a card that stands in another document. Throws as above.
  init(_ cursor: JSONCursor) throws {
    var members = try cursor.object()
    try Card.checkKind("card", &members)
    let card = try Card(party: &members)
    let id = try members.required("key_id").string()
    let fingerprint = try members.required("fingerprint").string()
    try members.finish()
    self = card
    guard id == keyID.hex, fingerprint == self.fingerprint.text else {
      throw KeysFault(
        .cardAltered, "the card's keys do not have the id and fingerprint that it says",
        hint: "ask \(name) for the card again, and compare the fingerprint")
    }
  }

  /// What a card and an identity's file write alike: the name, the public keys, and the terms.
  init(party members: inout JSONObjectCursor) throws {
    let name = try KeyName(members.required("name").string())
    let sealing = try SealingPublicKey(Card.base64(members.required("sealing")))
    let signing = try SigningPublicKey(Card.base64(members.required("signing")))
    let terms = try CardTerms(&members)
    // Without terms a signature is a stranger, as it always was.
    let signature = terms == .none ? nil : try Card.base64(members.required("signature"))
    self.init(name: name, sealing: sealing, signing: signing, terms: terms, signature: signature)
    if let signature, !signing.accepts(signature, over: signedText) {
      throw KeysFault(
        .cardAltered, "the card's signature is not of what it says",
        hint: "ask \(name) for the card again")
    }
  }

  static func checkKind(_ kind: String, _ members: inout JSONObjectCursor) throws {
    let airlock = try members.required("airlock")
    guard try airlock.string() == kind else {
      let isCard = kind == "identity" && (try? airlock.string()) == "card"
      throw airlock.fault(
        "wrong_kind", "this is not \"airlock\": \"\(kind)\"",
        hint: isCard ? "this is a card, which is public; the identity is identity.json" : nil)
    }
    let version = try members.required("version")
    guard try version.integer(in: 1...Int64.max) == 1 else {
      throw version.fault(
        "version_unknown", "only version 1 is known", hint: "a newer Airlock wrote this")
    }
  }

  static func base64(_ cursor: JSONCursor) throws -> [UInt8] {
    guard let bytes = Base64.decode(try cursor.string()) else {
      throw cursor.fault("not_base64", "this must be canonical base64")
    }
    return bytes
  }
}
