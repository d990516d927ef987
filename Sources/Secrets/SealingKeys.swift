internal import CSodium

/// An X25519 public key: to seal a file key to somebody. Any value of this type is a usable key.
package struct SealingPublicKey: Sendable, Hashable {
  package static let count = 32
  /// The length of a sealed secret over the secret's own: `crypto_box_SEALBYTES`.
  package static let overhead = 48

  package let bytes: [UInt8]

  /// - Throws: `bad_public_key` unless these are 32 bytes, the canonical form of a point, and not
  ///   one of the points of low order, with which everybody could open what is sealed.
  package init(_ bytes: [UInt8]) throws(SecretsFault) {
    guard bytes.count == SealingPublicKey.count else {
      throw SecretsFault(.badPublicKey, "a sealing key has 32 bytes, not \(bytes.count)")
    }
    guard SealingPublicKey.isCanonical(bytes), SealingPublicKey.hasFullOrder(bytes) else {
      throw SecretsFault(.badPublicKey, "the sealing key is not a safe point of Curve25519")
    }
    self.bytes = bytes
  }

  /// Seals a secret so that only the holder of the secret key opens it (`crypto_box_seal(3)`):
  /// `overhead` bytes longer, different each time.
  package func seal(_ secret: SecretBytes) throws(SecretsFault) -> [UInt8] {
    var sealed = [UInt8](repeating: 0, count: secret.count + SealingPublicKey.overhead)
    let outcome = unsafe secret.withBytes { plain in
      unsafe crypto_box_seal(&sealed, plain.octets, UInt64(plain.count), bytes)
    }
    guard outcome == 0 else { throw SecretsFault(.sodiumFailed, "the key could not be sealed") }
    return sealed
  }

  /// Below 2^255 - 19, with the unused bit clear (RFC 7748 section 5 would mask it in silence).
  private static func isCanonical(_ bytes: [UInt8]) -> Bool {
    guard bytes[31] & 0x80 == 0 else { return false }
    let isTop = bytes[31] == 0x7F && bytes[1..<31].allSatisfy { $0 == 0xFF }
    return !(isTop && bytes[0] >= 0xED)
  }

  private static func hasFullOrder(_ bytes: [UInt8]) -> Bool {
    // Scalars are clamped to multiples of 8, which take exactly the points of low order to zero;
    // `crypto_scalarmult(3)` then answers -1.
    var product = [UInt8](repeating: 0, count: 32)
    let scalar = [UInt8](repeating: 1, count: 32)
    return unsafe crypto_scalarmult(&product, scalar, bytes) == 0
  }
}

/// An X25519 secret key.
package struct SealingSecretKey: Sendable {
  package static let count = 32

  package let secret: SecretBytes
  package let publicKey: SealingPublicKey

  /// - Throws: `bad_secret_key` unless there are 32 bytes.
  package init(_ secret: SecretBytes) throws(SecretsFault) {
    guard secret.count == SealingSecretKey.count else {
      throw SecretsFault(.badSecretKey, "a secret sealing key has 32 bytes, not \(secret.count)")
    }
    var point = [UInt8](repeating: 0, count: SealingPublicKey.count)
    let outcome = unsafe secret.withBytes { unsafe crypto_scalarmult_base(&point, $0.octets) }
    guard outcome == 0 else {
      throw SecretsFault(.badSecretKey, "the secret key has no public key")
    }
    self.secret = secret
    publicKey = try SealingPublicKey(point)
  }

  package static func generate() throws(SecretsFault) -> SealingSecretKey {
    try SealingSecretKey(SecretBytes.random(count: count))
  }

  /// Opens what was sealed to the public key (`crypto_box_seal_open(3)`).
  /// - Throws: `sealed_key_refused` when it was sealed to another or altered.
  package func open(_ sealed: [UInt8]) throws(SecretsFault) -> SecretBytes {
    let refused = SecretsFault(.sealedKeyRefused, "the sealed key does not open with this identity")
    let count = sealed.count - SealingPublicKey.overhead
    guard count > 0 else { throw refused }
    return try unsafe SecretBytes(count: count) { out throws(SecretsFault) in
      let outcome = unsafe secret.withBytes { mine in
        unsafe crypto_box_seal_open(
          out.octets, sealed, UInt64(sealed.count), publicKey.bytes, mine.octets)
      }
      guard outcome == 0 else { throw refused }
    }
  }
}
