internal import CSodium

/// What says in the open which file key an archive has, and nothing of the key: BLAKE2b-256, keyed by
/// it, over a word of our own.
///
/// `crypto_secretstream` does not commit to its key: who makes an archive could find two keys under
/// which the same bytes are authentic, and mean something else. With this digest in front of them
/// there is one key or none.
package struct KeyCommitment: Sendable, Hashable {
  private static let word = Array("airlock archive v2 file key".utf8)

  package let digest: Digest

  /// Of a header that was read.
  package init(_ digest: Digest) { self.digest = digest }

  /// - Throws: `bad_secret_key` unless the key has 32 bytes.
  package init(to key: SecretBytes) throws(SecretsFault) {
    try SecretStream.checkKey(key)
    Sodium.require()
    var hash = [UInt8](repeating: 0, count: Digest.count)
    _ = unsafe key.withBytes { key in
      unsafe crypto_generichash(
        &hash, hash.count, KeyCommitment.word, UInt64(KeyCommitment.word.count), key.octets,
        key.count)
    }
    digest = Digest(trusted: hash)
  }

  /// Whether it is of this key, in a time that does not depend on where they differ.
  package func isOf(_ key: SecretBytes) throws(SecretsFault) -> Bool {
    let own = try KeyCommitment(to: key).digest.bytes
    return unsafe sodium_memcmp(own, digest.bytes, Digest.count) == 0
  }
}
