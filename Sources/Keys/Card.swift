package import JSONText
package import Secrets

/// The public side of a party. Its id and fingerprint follow from its keys.
package struct Card: Sendable, Hashable {
  package let name: KeyName
  package let sealing: SealingPublicKey
  package let signing: SigningPublicKey

  package init(name: KeyName, sealing: SealingPublicKey, signing: SigningPublicKey) {
    self.name = name
    self.sealing = sealing
    self.signing = signing
  }

  package var keyID: SigningKeyID { signing.id }
  package var fingerprint: Fingerprint { Fingerprint(sealing: sealing, signing: signing) }

  static let limits = JSONLimits(bytes: 16 << 10, depth: 4)
}

extension Card {
  package var json: JSON {
    [
      "airlock": "card", "version": 1, "name": .string(name.text),
      "sealing": .string(Base64.encode(sealing.bytes)),
      "signing": .string(Base64.encode(signing.bytes)),
      "key_id": .string(keyID.hex), "fingerprint": .string(fingerprint.text),
    ]
  }

  /// What stands in a card's file.
  package var text: String { json.pretty() }

  /// Reads a card's file, and checks its id and fingerprint.
  /// - Throws: `JSONFault` or `DocumentFault` for what is not a card, `card_format`, `bad_key_name`,
  ///   `bad_public_key`, `card_altered`.
  package init(parsing text: [UInt8]) throws {
    let document = try JSONDocument(parsing: text, limits: Card.limits)
    var members = try JSONCursor(document).object()
    try Card.checkKind("card", &members)
    let (name, sealing, signing) = try Card.party(&members)
    let id = try members.required("key_id").string()
    let fingerprint = try members.required("fingerprint").string()
    try members.finish()
    self.init(name: name, sealing: sealing, signing: signing)
    guard id == keyID.hex, fingerprint == self.fingerprint.text else {
      throw KeysFault(
        .cardAltered, "the card's keys do not have the id and fingerprint that it says",
        hint: "ask \(name) for the card again, and compare the fingerprint")
    }
  }

  /// The name and public keys, which a card and an identity's file write alike.
  static func party(
    _ members: inout JSONObjectCursor
  ) throws -> (KeyName, SealingPublicKey, SigningPublicKey) {
    let name = try KeyName(members.required("name").string())
    let sealing = try SealingPublicKey(base64(members.required("sealing")))
    return (name, sealing, try SigningPublicKey(base64(members.required("signing"))))
  }

  static func checkKind(_ kind: String, _ members: inout JSONObjectCursor) throws {
    let airlock = try members.required("airlock")
    guard try airlock.string() == kind else {
      throw airlock.fault("wrong_kind", "this is not \"airlock\": \"\(kind)\"")
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
