internal import CSodium

/// SHA-256 of bytes that come in pieces, for the `NAME.sha256` files that `sha256sum` makes.
package final class SHA256Stream {
  private var state = crypto_hash_sha256_state()

  package init() {
    Sodium.require()
    unsafe crypto_hash_sha256_init(&state)
  }

  package func update(_ piece: UnsafeRawBufferPointer) {
    guard piece.count > 0 else { return }
    unsafe crypto_hash_sha256_update(&state, piece.octets, UInt64(piece.count))
  }

  package func update(_ piece: [UInt8]) { unsafe piece.withUnsafeBytes { unsafe update($0) } }

  /// 64 lower-case hex digits. Call it once, last.
  package func finish() -> String {
    var hash = [UInt8](repeating: 0, count: crypto_hash_sha256_bytes())
    unsafe crypto_hash_sha256_final(&state, &hash)
    return Hex.encode(hash)
  }
}
