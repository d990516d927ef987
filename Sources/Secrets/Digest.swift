internal import CSodium

/// BLAKE2b-256 of some bytes: how the house names content. `b2sum -l 256` gives the same text.
package struct Digest: Sendable, Hashable, CustomStringConvertible {
  package static let count = 32

  /// Exactly 32 bytes.
  package let bytes: [UInt8]

  init(trusted bytes: [UInt8]) { self.bytes = bytes }

  /// Nil unless there are 32 bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Digest.count else { return nil }
    self.bytes = bytes
  }

  /// Nil unless this is 64 lower-case hex digits.
  package init?(hex: String) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }

  package init(of content: [UInt8]) {
    self = unsafe content.withUnsafeBytes { unsafe Digest(of: $0) }
  }

  package init(of content: UnsafeRawBufferPointer) {
    let stream = DigestStream()
    unsafe stream.update(content)
    self = stream.finish()
  }

  /// 64 lower-case hex digits.
  package var hex: String { Hex.encode(bytes) }
  package var description: String { hex }
}

/// Makes a `Digest` from bytes that come in pieces.
package final class DigestStream {
  private let state = BlakeState(count: Digest.count)

  package init() {}

  package func update(_ piece: UnsafeRawBufferPointer) { unsafe state.update(piece) }
  package func update(_ piece: [UInt8]) {
    unsafe piece.withUnsafeBytes { unsafe state.update($0) }
  }

  /// The digest of all pieces. Call it once, last.
  package func finish() -> Digest { Digest(trusted: state.finish()) }
}

/// BLAKE2b-512 of a file: what a minisign signature signs.
package struct Prehash: Sendable, Hashable {
  /// 64 bytes.
  package let bytes: [UInt8]

  package init(of content: [UInt8]) {
    let stream = PrehashStream()
    stream.update(content)
    self = stream.finish()
  }

  fileprivate init(trusted bytes: [UInt8]) { self.bytes = bytes }
}

/// Makes a `Prehash` while a file is read or written.
package final class PrehashStream {
  private let state = BlakeState(count: 64)

  package init() {}

  package func update(_ piece: UnsafeRawBufferPointer) { unsafe state.update(piece) }
  package func update(_ piece: [UInt8]) {
    unsafe piece.withUnsafeBytes { unsafe state.update($0) }
  }

  /// The hash of all pieces. Call it once, last.
  package func finish() -> Prehash { Prehash(trusted: state.finish()) }
}

/// BLAKE2b-256 of a text, keyed with 32 bytes.
func keyedDigest(of text: [UInt8], key: UnsafeRawBufferPointer) -> Digest {
  let state = unsafe BlakeState(count: Digest.count, key: key)
  unsafe text.withUnsafeBytes { unsafe state.update($0) }
  return Digest(trusted: state.finish())
}

/// `crypto_generichash(3)`.
@safe private final class BlakeState {
  private let count: Int
  private let memory: UnsafeMutableRawPointer
  private let state: OpaquePointer

  convenience init(count: Int) { unsafe self.init(count: count, key: nil) }

  init(count: Int, key: UnsafeRawBufferPointer?) {
    Sodium.require()
    self.count = count
    // The C type asks for an alignment of 64.
    unsafe memory = UnsafeMutableRawPointer.allocate(
      byteCount: crypto_generichash_statebytes(), alignment: 64)
    unsafe state = OpaquePointer(memory)
    unsafe crypto_generichash_init(state, key?.octets, key?.count ?? 0, count)
  }

  func update(_ piece: UnsafeRawBufferPointer) {
    guard piece.count > 0 else { return }
    unsafe crypto_generichash_update(state, piece.octets, UInt64(piece.count))
  }

  func finish() -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: count)
    unsafe crypto_generichash_final(state, &hash, count)
    return hash
  }

  deinit {
    // It may hold what a key left in it.
    unsafe sodium_memzero(memory, crypto_generichash_statebytes())
    unsafe memory.deallocate()
  }
}
