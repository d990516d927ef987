internal import JSONText
internal import Secrets

/// What stands in an identity's file:
///
///     {"airlock": "identity", "version": 1, "name": …, "sealing": …, "signing": …,
///      "secret": "AIRLOCK-SECRET-<base64 of 64 bytes>"}
///
/// with the terms of its card and their signature, if it has any,
/// or, under a passphrase, `"locked": {"kdf": "argon2id", "passes", "memory", "salt", "nonce",
/// "box"}` instead of `secret`; the box is bound to the canonical JSON of the other members.
///
/// The text is parsed only after the secret was blotted out in a copy: JSON strings live in memory
/// that nobody zeroes.
struct IdentityText {
  let card: Card
  private let lock: Lock

  private enum Lock {
    case none(secret: SecretBytes)
    case passphrase(PassphraseBox)
  }

  static let marker = "AIRLOCK-SECRET-"
  private static let secretSize = Base64.size(Identity.secretCount)
  static let blot = marker + String(repeating: "*", count: secretSize)

  /// - Throws: `identity_format`, `bad_secret_key`, `bad_public_key`.
  init(_ text: SecretBytes) throws {
    let (readable, secret) = try text.withBytes { try IdentityText.blotted($0) }
    do {
      try self.init(readable, secret)
    } catch let fault as DocumentFault {
      throw KeysFault(.identityFormat, "the identity's file: \(fault.message)", hint: fault.hint)
    } catch let fault as JSONFault {
      throw KeysFault(.identityFormat, "the identity's file: \(fault.message)", hint: fault.hint)
    }
  }

  private init(_ readable: [UInt8], _ secret: SecretBytes?) throws {
    var members = try JSONCursor(JSONDocument(parsing: readable)).object()
    try Card.checkKind("identity", &members)
    card = try Card(party: &members)
    lock = try IdentityText.lock(&members, secret)
    try members.finish()
  }

  /// The identity; asks for the passphrase if one is needed.
  func identity(passphrase: () throws -> SecretBytes?) throws -> Identity {
    switch lock {
    case .none(let secret): return try Identity(card, secret: secret)
    case .passphrase(let box):
      guard let passphrase = try passphrase() else {
        throw KeysFault(
          .passphraseNeeded, "the identity \(card.name) needs its passphrase",
          hint: "name a file that holds it, of mode 0600: --passphrase-file FILE")
      }
      return try Identity(card, secret: open(box, passphrase))
    }
  }

  private func open(_ box: PassphraseBox, _ passphrase: SecretBytes) throws -> SecretBytes {
    do {
      return try box.open(with: passphrase, bound: IdentityText.context(card))
    } catch {
      guard error.kind == .passphraseWrong else { throw error }
      throw KeysFault(.passphraseWrong, "the identity \(card.name): \(error.message)")
    }
  }

  /// The public members, which a passphrase's lock is bound to.
  static func context(_ card: Card) -> [UInt8] { publicMembers(card).canonical() }

  static func publicMembers(_ card: Card) -> JSON {
    let plain: [JSON.Member] = [
      .init("airlock", "identity"), .init("version", 1), .init("name", .string(card.name.text)),
      .init("sealing", .string(Base64.encode(card.sealing.bytes))),
      .init("signing", .string(Base64.encode(card.signing.bytes))),
    ]
    return .object(plain + card.terms.members + card.signatureMember)
  }
}

extension IdentityText {
  /// A copy in which the secret is blotted out, and the secret.
  private static func blotted(
    _ text: UnsafeRawBufferPointer
  ) throws -> (text: [UInt8], secret: SecretBytes?) {
    guard let start = firstMarker(text) else { return (Array(text), nil) }
    let range = start..<(start + secretSize)
    guard range.upperBound <= text.count else {
      throw KeysFault(.identityFormat, "the identity's file is cut short")
    }
    let secret = try Base64.decodeSecret(
      UnsafeRawBufferPointer(rebasing: text[range]), count: Identity.secretCount)
    let blot = [UInt8](repeating: UInt8(ascii: "*"), count: secretSize)
    let copy = Array(text[..<range.lowerBound]) + blot + text[range.upperBound...]
    return (copy, secret)
  }

  /// Where the secret starts, behind its marker.
  static func firstMarker(_ text: UnsafeRawBufferPointer) -> Int? {
    let marker = Array(marker.utf8)
    guard text.count >= marker.count else { return nil }
    return (0...(text.count - marker.count)).first { start in
      marker.indices.allSatisfy { text[start + $0] == marker[$0] }
    }
    .map { $0 + marker.count }
  }

  private static func lock(
    _ members: inout JSONObjectCursor, _ secret: SecretBytes?
  ) throws -> Lock {
    if let secret {
      let text = try members.required("secret")
      guard try text.string() == blot else {
        throw text.fault("wrong_secret", "the secret does not stand here")
      }
      return .none(secret: secret)
    }
    return .passphrase(try box(members.required("locked").object()))
  }

  private static func box(_ cursor: JSONObjectCursor) throws -> PassphraseBox {
    var members = cursor
    let kdf = try members.required("kdf")
    guard try kdf.string() == "argon2id" else {
      throw kdf.fault("kdf_unknown", "only argon2id is known")
    }
    let cost = try PassphraseCost(
      passes: Int(members.required("passes").integer(in: 0...Int64.max)),
      memory: Int(members.required("memory").integer(in: 0...Int64.max)))
    let box = PassphraseBox(
      cost: cost, salt: try Card.base64(members.required("salt")),
      nonce: try Card.base64(members.required("nonce")),
      sealed: try Card.base64(members.required("box")))
    try members.finish()
    return box
  }
}
