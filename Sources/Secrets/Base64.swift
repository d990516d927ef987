internal import CSodium

/// Base64 (RFC 4648 section 4, with padding), canonical: each value has one text, each text one value.
package enum Base64 {
  package static func encode(_ bytes: [UInt8]) -> String {
    var text = [UInt8](repeating: 0, count: size(bytes.count) + 1)
    unsafe text.withUnsafeMutableBytes { out in
      unsafe bytes.withUnsafeBytes { unsafe write($0, into: out) }
    }
    return String(decoding: text.dropLast(), as: UTF8.self)
  }

  /// The text of secret bytes, in locked memory.
  package static func encode(_ secret: SecretBytes) throws(SecretsFault) -> SecretBytes {
    // `sodium_bin2base64(3)` ends its text with a NUL.
    let text = try LockedMemory(count: size(secret.count) + 1)
    unsafe secret.withBytes { unsafe write($0, into: text.bytes) }
    return try unsafe SecretBytes(
      copying: UnsafeRawBufferPointer(rebasing: text.bytes[..<size(secret.count)]))
  }

  /// Nil unless this is the canonical text of some bytes.
  package static func decode(_ text: String) -> [UInt8]? {
    let source = Array(text.utf8)
    var bytes = source
    let count = unsafe bytes.withUnsafeMutableBytes { out in
      unsafe source.withUnsafeBytes { unsafe read($0, into: out) }
    }
    guard let count else { return nil }
    bytes.removeLast(bytes.count - count)
    // libsodium refuses stray bits, wrong padding and strangers; this holds whatever its version.
    return encode(bytes) == text ? bytes : nil
  }

  /// Decodes the text of a secret of `count` bytes straight into locked memory.
  /// - Throws: `bad_secret_key` unless it is the text of so many bytes.
  package static func decodeSecret(
    _ text: UnsafeRawBufferPointer, count: Int
  ) throws(SecretsFault) -> SecretBytes {
    let damaged = SecretsFault(.badSecretKey, "the secret is not \(count) bytes of base64")
    guard text.count == size(count) else { throw damaged }
    return try unsafe SecretBytes(count: count) { out throws(SecretsFault) in
      guard unsafe read(text, into: out) == count else { throw damaged }
    }
  }

  /// The length of the text of so many bytes.
  package static func size(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer
  ) {
    guard bytes.count > 0 else { return }
    let text = unsafe UnsafeMutableRawPointer(out.octets).assumingMemoryBound(to: CChar.self)
    unsafe sodium_bin2base64(
      text, out.count, bytes.octets, bytes.count, sodium_base64_VARIANT_ORIGINAL)
  }

  /// The number of bytes, or nil. All of the text must be used.
  private static func read(
    _ text: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer
  ) -> Int? {
    guard text.count > 0 else { return 0 }
    var count = 0
    let start = unsafe UnsafeRawPointer(text.octets).assumingMemoryBound(to: CChar.self)
    // Without a place for the end, anything but the whole text is a failure.
    let outcome = unsafe sodium_base642bin(
      out.octets, out.count, start, text.count, nil, &count, nil, sodium_base64_VARIANT_ORIGINAL)
    return outcome == 0 ? count : nil
  }
}
