internal import CSodium

/// Keyed BLAKE2b of 16 bytes: tells two values apart without telling what they are, to whoever
/// lacks the key.
@safe package final class KeyedHash: @unchecked Sendable {  // once made, its state is only read
  package static let keyBytes = 32
  /// The state after the key, which begins every hash.
  private let keyed: UnsafeMutableRawPointer
  private static let size = crypto_generichash_statebytes()

  /// - Parameter key: 32 bytes.
  /// - Throws: `bad_secret_key`.
  package init(key: SecretBytes) throws(SecretsFault) {
    Sodium.require()
    guard key.count == KeyedHash.keyBytes else {
      throw SecretsFault(.badSecretKey, "a key for hashing has \(KeyedHash.keyBytes) bytes")
    }
    // The C type asks for an alignment of 64.
    unsafe keyed = .allocate(byteCount: KeyedHash.size, alignment: 64)
    unsafe key.withBytes { bytes in
      _ = unsafe crypto_generichash_init(OpaquePointer(keyed), bytes.octets, bytes.count, 16)
    }
  }

  /// The hash as two big-endian halves.
  package func hash(_ value: UnsafeRawBufferPointer) -> (high: UInt64, low: UInt64) {
    var halves: (UInt64, UInt64) = (0, 0)
    unsafe withUnsafeTemporaryAllocation(byteCount: KeyedHash.size, alignment: 64) { working in
      unsafe working.copyMemory(from: UnsafeRawBufferPointer(start: keyed, count: KeyedHash.size))
      defer { unsafe wipe(working) }
      guard let start = working.baseAddress else { preconditionFailure("room of no bytes") }
      let state = OpaquePointer(start)
      if value.count > 0 {
        unsafe crypto_generichash_update(state, value.octets, UInt64(value.count))
      }
      unsafe withUnsafeMutableBytes(of: &halves) { out in
        _ = unsafe crypto_generichash_final(state, out.octets, 16)
      }
    }
    return (UInt64(bigEndian: halves.0), UInt64(bigEndian: halves.1))
  }

  deinit {
    unsafe sodium_memzero(keyed, KeyedHash.size)
    unsafe keyed.deallocate()
  }
}

extension SecretBytes {
  /// A key that follows from this one and tells nothing about it: `crypto_kdf_derive_from_key(3)`.
  /// - Parameters:
  ///   - number: tells keys of one purpose apart.
  ///   - purpose: exactly 8 bytes.
  /// - Throws: `bad_secret_key` unless this key and the purpose have their lengths.
  package func subkey(
    _ number: UInt64, for purpose: StaticString
  ) throws(SecretsFault) -> SecretBytes {
    guard count == Int(crypto_kdf_KEYBYTES), purpose.utf8CodeUnitCount == crypto_kdf_CONTEXTBYTES
    else { throw SecretsFault(.badSecretKey, "a key to derive from has 32 bytes") }
    return try unsafe SecretBytes(count: KeyedHash.keyBytes) { out in
      unsafe withBytes { key in
        unsafe purpose.utf8Start.withMemoryRebound(to: CChar.self, capacity: 8) { purpose in
          _ = unsafe crypto_kdf_derive_from_key(out.octets, out.count, number, purpose, key.octets)
        }
      }
    }
  }
}
