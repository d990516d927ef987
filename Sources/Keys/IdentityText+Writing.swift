internal import JSONText
internal import Secrets

extension IdentityText {
  /// The file's text, in locked memory.
  static func write(
    _ identity: Identity, passphrase: SecretBytes?, cost: PassphraseCost
  ) throws -> SecretBytes {
    let secret = try identity.secret()
    guard case .object(let open) = publicMembers(identity.card) else { return secret }
    guard let passphrase else {
      return try filled(.object(open + [.init("secret", .string(blot))]), with: secret)
    }
    let box = try PassphraseBox(
      sealing: secret, with: passphrase, bound: context(identity.card), cost: cost)
    let text = JSON.object(open + [.init("locked", json(box))]).pretty()
    return try Array(text.utf8).withUnsafeBytes { try SecretBytes(copying: $0) }
  }

  /// Puts the secret where the blot is.
  private static func filled(_ json: JSON, with secret: SecretBytes) throws -> SecretBytes {
    let text = Array(json.pretty().utf8)
    let base64 = try Base64.encode(secret)
    return try SecretBytes(count: text.count) { out in
      out.copyBytes(from: text)
      guard let start = firstMarker(UnsafeRawBufferPointer(out)) else { return }
      base64.withBytes {
        UnsafeMutableRawBufferPointer(rebasing: out[start...]).copyBytes(from: $0)
      }
    }
  }

  private static func json(_ box: PassphraseBox) -> JSON {
    [
      "kdf": "argon2id", "passes": .count(box.cost.passes), "memory": .count(box.cost.memory),
      "salt": .string(Base64.encode(box.salt)), "nonce": .string(Base64.encode(box.nonce)),
      "box": .string(Base64.encode(box.sealed)),
    ]
  }
}
