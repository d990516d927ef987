internal import CSodium

/// Memory of `sodium_malloc(3)`: locked, between guard pages, zeroed when freed. Where the limit of
/// locked memory is reached (`RLIMIT_MEMLOCK`) it is still guarded and zeroed, but may be swapped:
/// libsodium goes on without a word, and so do we.
@safe final class LockedMemory {
  let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: `locked_memory` when there is none.
  init(count: Int) throws(SecretsFault) {
    try Sodium.start()
    // One byte at least: `sodium_malloc(0)` gives a pointer that must not be read.
    guard let start = unsafe sodium_malloc(max(count, 1)) else {
      throw SecretsFault(.lockedMemory, "no locked memory for \(count) bytes")
    }
    unsafe bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
  }

  /// From now on a write ends the process.
  func freeze() {
    unsafe sodium_mprotect_readonly(bytes.octets)
  }

  deinit { unsafe sodium_free(bytes.octets) }
}

extension UnsafeRawBufferPointer {
  /// The start as C wants it. The buffer must have a place, even when it is empty.
  var octets: UnsafePointer<UInt8> {
    guard let start = baseAddress else { preconditionFailure("a buffer without a place") }
    return unsafe start.assumingMemoryBound(to: UInt8.self)
  }
}

extension UnsafeMutableRawBufferPointer {
  var octets: UnsafeMutablePointer<UInt8> {
    guard let start = baseAddress else { preconditionFailure("a buffer without a place") }
    return unsafe start.assumingMemoryBound(to: UInt8.self)
  }
}
