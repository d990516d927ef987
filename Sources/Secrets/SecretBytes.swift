internal import CSodium

/// Bytes that nobody may see: a key, a seed, a passphrase. Locked, read-only, zeroed when the last
/// reference goes. Never printed, whatever the means.
package final class SecretBytes: Sendable {
  package let count: Int
  // Frozen by the initialiser before anyone else sees it: reads only, from any thread.
  private nonisolated(unsafe) let memory: LockedMemory

  /// New bytes, zero until `fill` writes them where they will stay.
  /// - Throws: `locked_memory`.
  package init(
    count: Int, fill: (UnsafeMutableRawBufferPointer) throws(SecretsFault) -> Void
  ) throws(SecretsFault) {
    let memory = try LockedMemory(count: count)
    unsafe sodium_memzero(memory.bytes.octets, count)
    try unsafe fill(memory.bytes)
    memory.freeze()
    unsafe self.memory = memory
    self.count = count
  }

  /// The same where filling may fail with faults of others: a file read straight into its place.
  package static func reading(
    count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) throws -> SecretBytes {
    var failure: (any Error)?
    let bytes = try unsafe SecretBytes(count: count) { bytes in
      do { try unsafe fill(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fresh random bytes, from `randombytes_buf(3)`.
  package static func random(count: Int) throws(SecretsFault) -> SecretBytes {
    try unsafe SecretBytes(count: count) { bytes in
      unsafe randombytes_buf(bytes.octets, count)
    }
  }

  /// A copy of bytes that the caller zeroes.
  package convenience init(copying source: UnsafeRawBufferPointer) throws(SecretsFault) {
    try unsafe self.init(count: source.count) { bytes in
      unsafe bytes.copyMemory(from: source)
    }
  }

  /// A copy of the bytes in `range`.
  package func part(_ range: Range<Int>) throws(SecretsFault) -> SecretBytes {
    try unsafe withBytes { bytes throws(SecretsFault) in
      try unsafe SecretBytes(copying: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }

  /// Lends the bytes; they must not leave `body`.
  package func withBytes<Result, Failure>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(memory.bytes))
  }

  /// In a time that depends on the length alone (`sodium_memcmp(3)`).
  package func equals(_ other: SecretBytes) -> Bool {
    guard count == other.count else { return false }
    return unsafe withBytes { mine in
      unsafe other.withBytes { theirs in
        unsafe sodium_memcmp(mine.octets, theirs.octets, count) == 0
      }
    }
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "secret" }
  package var debugDescription: String { "secret" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Overwrites bytes in a way that the compiler keeps (`sodium_memzero(3)`).
package func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
  guard bytes.count > 0 else { return }
  unsafe sodium_memzero(bytes.octets, bytes.count)
}

/// Overwrites an array's bytes, if nobody shares its storage, and empties it.
package func wipe(_ bytes: inout [UInt8]) {
  unsafe bytes.withUnsafeMutableBytes { unsafe wipe($0) }
  bytes = []
}

/// Random bytes that are not secret: salts, names of temporary files.
package func randomBytes(_ count: Int) -> [UInt8] {
  Sodium.require()
  var bytes = [UInt8](repeating: 0, count: count)
  unsafe randombytes_buf(&bytes, count)
  return bytes
}
