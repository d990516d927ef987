internal import CSodium

/// What a passphrase's lock costs to try: Argon2id's parameters, which stand beside what is locked.
package struct PassphraseCost: Sendable, Hashable {
  /// Passes over the memory.
  package let passes: Int
  /// Bytes of memory.
  package let memory: Int

  /// The bounds are for reading: a file from elsewhere may not ask for all the machine has.
  package static let passesAllowed = 1...10
  package static let memoryAllowed = (8 << 10)...(1 << 29)

  /// libsodium's MODERATE: 3 passes over 256 MiB, most of a second.
  package static let moderate = PassphraseCost(trustedPasses: 3, memory: 256 << 20)
  /// The least there is: for tests.
  package static let least = PassphraseCost(trustedPasses: 1, memory: 8 << 10)

  private init(trustedPasses passes: Int, memory: Int) {
    self.passes = passes
    self.memory = memory
  }

  /// - Throws: `passphrase_cost` when out of bounds.
  package init(passes: Int, memory: Int) throws(SecretsFault) {
    guard PassphraseCost.passesAllowed.contains(passes),
      PassphraseCost.memoryAllowed.contains(memory)
    else {
      throw SecretsFault(
        .passphraseCost, "the passphrase's lock asks for \(passes) passes over \(memory) bytes")
    }
    self.init(trustedPasses: passes, memory: memory)
  }
}

/// A secret under a passphrase: all that is needed to open it but the passphrase.
package struct PassphraseBox: Sendable, Hashable {
  package let cost: PassphraseCost
  package let salt: [UInt8]
  package let nonce: [UInt8]
  package let sealed: [UInt8]

  package static let saltCount = 16
  package static let nonceCount = 24
  package static let overhead = 16

  package init(cost: PassphraseCost, salt: [UInt8], nonce: [UInt8], sealed: [UInt8]) {
    self.cost = cost
    self.salt = salt
    self.nonce = nonce
    self.sealed = sealed
  }
}

extension PassphraseBox {
  /// Locks `secret` with Argon2id (`crypto_pwhash(3)`) and XChaCha20-Poly1305, bound to `context`.
  /// - Throws: `passphrase_unusable`, `passphrase_memory`.
  package init(
    sealing secret: SecretBytes, with passphrase: SecretBytes, bound context: [UInt8],
    cost: PassphraseCost = .moderate
  ) throws(SecretsFault) {
    let salt = randomBytes(PassphraseBox.saltCount)
    let nonce = randomBytes(PassphraseBox.nonceCount)
    let key = try Passphrase.key(from: passphrase, salt: salt, cost: cost)
    var sealed = [UInt8](repeating: 0, count: secret.count + PassphraseBox.overhead)
    unsafe secret.withBytes { plain in
      unsafe key.withBytes { key in
        _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
          &sealed, nil, plain.octets, UInt64(plain.count), context, UInt64(context.count), nil,
          nonce, key.octets)
      }
    }
    self.init(cost: cost, salt: salt, nonce: nonce, sealed: sealed)
  }

  /// - Throws: `passphrase_wrong` when the passphrase, the context or the box is not the one of
  ///   sealing; `passphrase_unusable`, `passphrase_memory`.
  package func open(
    with passphrase: SecretBytes, bound context: [UInt8]
  ) throws(SecretsFault) -> SecretBytes {
    let count = sealed.count - PassphraseBox.overhead
    guard salt.count == PassphraseBox.saltCount, nonce.count == PassphraseBox.nonceCount, count > 0
    else { throw SecretsFault(.badSecretKey, "the passphrase's lock has a part of wrong length") }
    let key = try Passphrase.key(from: passphrase, salt: salt, cost: cost)
    return try unsafe SecretBytes(count: count) { out throws(SecretsFault) in
      let outcome = unsafe key.withBytes { key in
        unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
          out.octets, nil, nil, sealed, UInt64(sealed.count), context, UInt64(context.count),
          nonce, key.octets)
      }
      guard outcome == 0 else {
        throw SecretsFault(.passphraseWrong, "the passphrase is wrong, or the file was altered")
      }
    }
  }
}

enum Passphrase {
  static let maxBytes = 1024

  static func key(
    from passphrase: SecretBytes, salt: [UInt8], cost: PassphraseCost
  ) throws(SecretsFault) -> SecretBytes {
    let fits = unsafe passphrase.withBytes { text in
      unsafe (1...maxBytes).contains(text.count) && !text.contains(0)
    }
    guard fits else { throw SecretsFault(.passphraseUnusable, "the passphrase cannot be used") }
    return try unsafe SecretBytes(count: 32) { out throws(SecretsFault) in
      let outcome = unsafe passphrase.withBytes { text in
        unsafe crypto_pwhash(
          out.octets, UInt64(out.count),
          UnsafeRawPointer(text.octets).assumingMemoryBound(to: CChar.self),
          UInt64(text.count), salt, UInt64(cost.passes), cost.memory,
          crypto_pwhash_ALG_ARGON2ID13)
      }
      guard outcome == 0 else {
        throw SecretsFault(.passphraseMemory, "no \(cost.memory) bytes for the passphrase's lock")
      }
    }
  }
}
