internal import CSodium

/// The eight bytes by which minisign names a key.
package struct SigningKeyID: Sendable, Hashable, CustomStringConvertible {
  package static let count = 8

  package let bytes: [UInt8]

  /// Nil unless there are eight bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == SigningKeyID.count else { return nil }
    self.bytes = bytes
  }

  /// Nil unless this is what `hex` gives.
  package init?(hex: String) {
    guard let bytes = Hex.decode(hex.lowercased()) else { return nil }
    self.init(bytes: bytes.reversed())
    guard self.hex == hex else { return nil }
  }

  /// As `minisign` prints it: 16 upper-case digits of the bytes as a little-endian number.
  package var hex: String { Hex.encode(bytes.reversed()).uppercased() }
  package var description: String { hex }

  /// The id of our own keys: the first bytes of the public key's digest, so that nobody chooses it.
  package init(of publicKey: [UInt8]) {
    bytes = Array(Digest(of: publicKey).bytes.prefix(SigningKeyID.count))
  }
}

/// An Ed25519 public key with its minisign id. Any value of this type is a point of full order.
package struct SigningPublicKey: Sendable, Hashable {
  package static let count = 32

  package let id: SigningKeyID
  package let bytes: [UInt8]

  /// A key of ours, whose id follows from it. Throws as below.
  package init(_ bytes: [UInt8]) throws(SecretsFault) {
    try self.init(bytes, id: SigningKeyID(of: bytes))
  }

  /// - Throws: `bad_public_key` unless these are 32 bytes and the canonical form of a point of the
  ///   prime-order group.
  package init(_ bytes: [UInt8], id: SigningKeyID) throws(SecretsFault) {
    guard bytes.count == SigningPublicKey.count else {
      throw SecretsFault(.badPublicKey, "a signing key has 32 bytes, not \(bytes.count)")
    }
    guard unsafe crypto_core_ed25519_is_valid_point(bytes) == 1 else {
      throw SecretsFault(.badPublicKey, "the signing key is not a safe point of Ed25519")
    }
    self.bytes = bytes
    self.id = id
  }

  /// Whether `signature` is this key's over `message` (`crypto_sign_verify_detached(3)`, which
  /// refuses malleable forms).
  package func accepts(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    guard signature.count == SigningSecretKey.signatureCount else { return false }
    return unsafe crypto_sign_verify_detached(
      signature, message, UInt64(message.count), bytes) == 0
  }
}

/// An Ed25519 secret key, from its 32-byte seed.
package struct SigningSecretKey: Sendable {
  package static let seedCount = 32
  static let signatureCount = 64

  package let seed: SecretBytes
  package let publicKey: SigningPublicKey
  /// Seed and public key, as libsodium wants them.
  private let pair: SecretBytes

  /// - Throws: `bad_secret_key` unless there are 32 bytes.
  package init(seed: SecretBytes) throws(SecretsFault) {
    guard seed.count == SigningSecretKey.seedCount else {
      throw SecretsFault(.badSecretKey, "a signing seed has 32 bytes, not \(seed.count)")
    }
    var point = [UInt8](repeating: 0, count: SigningPublicKey.count)
    pair = try unsafe SecretBytes(count: SigningSecretKey.signatureCount) { pair in
      unsafe seed.withBytes { seed in
        _ = unsafe crypto_sign_seed_keypair(&point, pair.octets, seed.octets)
      }
    }
    self.seed = seed
    publicKey = try SigningPublicKey(point)
  }

  package static func generate() throws(SecretsFault) -> SigningSecretKey {
    try SigningSecretKey(seed: SecretBytes.random(count: seedCount))
  }

  /// 64 bytes, the same each time for the same message.
  package func sign(_ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: SigningSecretKey.signatureCount)
    unsafe pair.withBytes { pair in
      _ = unsafe crypto_sign_detached(
        &signature, nil, message, UInt64(message.count), pair.octets)
    }
    return signature
  }
}
