package import Secrets

/// What people compare, aloud or by eye: BLAKE2b-256 of the 32 bytes of the sealing key followed by
/// the 32 bytes of the signing key.
package struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  package let digest: Digest

  package init(_ digest: Digest) { self.digest = digest }

  package init(sealing: SealingPublicKey, signing: SigningPublicKey) {
    digest = Digest(of: sealing.bytes + signing.bytes)
  }

  /// Nil unless this is what `text` gives.
  package init?(text: String) {
    guard let digest = Digest(hex: text.split(separator: " ").joined()) else { return nil }
    self.digest = digest
    guard self.text == text else { return nil }
  }

  /// Sixteen groups of four hex digits.
  package var text: String {
    let digits = Array(digest.hex)
    return stride(from: 0, to: digits.count, by: 4)
      .map { String(digits[$0..<$0 + 4]) }.joined(separator: " ")
  }

  package var description: String { text }
}
