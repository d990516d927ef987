internal import CSodium

/// `crypto_secretstream_xchacha20poly1305(3)`: chunks that cannot be altered, moved, dropped, repeated
/// or cut off. Each chunk is bound to additional data, and the last one says that it is the last.
package enum SecretStream {
  package static let keyCount = 32
  package static let headerCount = 24
  /// How much longer a sealed chunk is than its plaintext.
  package static let overhead = 17

  static let message: UInt8 = 0
  static let final: UInt8 = 3

  static func checkKey(_ key: SecretBytes) throws(SecretsFault) {
    guard key.count == keyCount else {
      throw SecretsFault(.badSecretKey, "a file key has \(keyCount) bytes, not \(key.count)")
    }
  }
}

/// The cipher's state: a key of its own kind, so it lives where keys do.
struct StreamState {
  private let memory: LockedMemory

  init() throws(SecretsFault) {
    memory = try LockedMemory(count: crypto_secretstream_xchacha20poly1305_statebytes())
  }

  func withState<Result>(
    _ body: (UnsafeMutablePointer<crypto_secretstream_xchacha20poly1305_state>) -> Result
  ) -> Result {
    let raw = unsafe UnsafeMutableRawPointer(memory.bytes.octets)
    return unsafe body(
      raw.assumingMemoryBound(to: crypto_secretstream_xchacha20poly1305_state.self))
  }
}

/// The writing end. `finish` uses it up: nothing can follow the last chunk.
package struct SecretStreamWriter: ~Copyable {
  /// Goes in front of the chunks.
  package let header: [UInt8]
  private let state: StreamState

  /// - Throws: `bad_secret_key` unless the key has 32 bytes.
  package init(key: SecretBytes) throws(SecretsFault) {
    try SecretStream.checkKey(key)
    let state = try StreamState()
    var header = [UInt8](repeating: 0, count: SecretStream.headerCount)
    _ = unsafe state.withState { state in
      unsafe key.withBytes { key in
        unsafe crypto_secretstream_xchacha20poly1305_init_push(state, &header, key.octets)
      }
    }
    self.state = state
    self.header = header
  }

  /// Seals a chunk bound to `context` into `out`, which must have room for `overhead` bytes more.
  /// - Returns: how many bytes of `out` are the sealed chunk.
  package mutating func push(
    _ chunk: UnsafeRawBufferPointer, bound context: [UInt8],
    into out: UnsafeMutableRawBufferPointer
  ) -> Int {
    unsafe seal(chunk, context, out, SecretStream.message)
  }

  /// Seals the last chunk, which may be empty. As `push`.
  package consuming func finish(
    _ chunk: UnsafeRawBufferPointer, bound context: [UInt8],
    into out: UnsafeMutableRawBufferPointer
  ) -> Int {
    unsafe seal(chunk, context, out, SecretStream.final)
  }

  private func seal(
    _ chunk: UnsafeRawBufferPointer, _ context: [UInt8], _ out: UnsafeMutableRawBufferPointer,
    _ tag: UInt8
  ) -> Int {
    precondition(out.count >= chunk.count + SecretStream.overhead, "no room for a sealed chunk")
    let outcome = unsafe state.withState { state in
      unsafe crypto_secretstream_xchacha20poly1305_push(
        state, out.octets, nil, chunk.octets, UInt64(chunk.count), context, UInt64(context.count),
        tag)
    }
    precondition(outcome == 0, "libsodium refused a chunk of \(chunk.count) bytes")
    return chunk.count + SecretStream.overhead
  }
}

/// The reading end. The caller knows from the stream's length which chunk is the last, and says so.
package struct SecretStreamReader: ~Copyable {
  private let state: StreamState

  /// - Throws: `stream_header` unless the header has 24 bytes, `bad_secret_key`.
  package init(key: SecretBytes, header: [UInt8]) throws(SecretsFault) {
    try SecretStream.checkKey(key)
    guard header.count == SecretStream.headerCount else {
      throw SecretsFault(.streamHeader, "the stream's header has \(header.count) bytes, not 24")
    }
    state = try StreamState()
    _ = unsafe state.withState { state in
      unsafe key.withBytes { key in
        unsafe crypto_secretstream_xchacha20poly1305_init_pull(state, header, key.octets)
      }
    }
  }

  /// Opens a chunk that is not the last into `out`.
  /// - Returns: how many bytes of `out` are plaintext.
  /// - Throws: `chunk_refused` when it is not authentic, `chunk_order` when it is the last one.
  ///   `out` then holds no plaintext.
  package mutating func pull(
    _ chunk: UnsafeRawBufferPointer, bound context: [UInt8],
    into out: UnsafeMutableRawBufferPointer
  ) throws(SecretsFault) -> Int {
    try unsafe open(chunk, context, out, SecretStream.message)
  }

  /// Opens the last chunk. As `pull`, but `chunk_order` when another should follow.
  package consuming func finish(
    _ chunk: UnsafeRawBufferPointer, bound context: [UInt8],
    into out: UnsafeMutableRawBufferPointer
  ) throws(SecretsFault) -> Int {
    try unsafe open(chunk, context, out, SecretStream.final)
  }

  private func open(
    _ chunk: UnsafeRawBufferPointer, _ context: [UInt8], _ out: UnsafeMutableRawBufferPointer,
    _ wanted: UInt8
  ) throws(SecretsFault) -> Int {
    let count = chunk.count - SecretStream.overhead
    guard count >= 0 else { throw SecretsFault(.chunkRefused, "a chunk is cut short") }
    precondition(out.count >= count, "no room for an opened chunk")
    var tag: UInt8 = 0xFF
    // libsodium checks the whole chunk before it writes a byte of plaintext.
    let outcome = unsafe state.withState { state in
      unsafe crypto_secretstream_xchacha20poly1305_pull(
        state, out.octets, nil, &tag, chunk.octets, UInt64(chunk.count), context,
        UInt64(context.count))
    }
    guard outcome == 0 else { throw SecretsFault(.chunkRefused, "a chunk is not authentic") }
    guard tag == wanted else {
      unsafe wipe(out)
      throw SecretsFault(
        .chunkOrder,
        wanted == SecretStream.final
          ? "the last chunk is not marked as the last" : "the stream ends before its last chunk")
    }
    return count
  }
}
