/// What stands in the open for a digest of something that may hold a person's value: BLAKE2b-256 of
/// the digest, keyed with a salt. Who has the content and the salt can prove that it is this; who
/// lacks the salt can test no guess. `docs/archive-format.md` section 10 says where each salt lies.
package struct SaltedDigest: Sendable, Hashable, CustomStringConvertible {
  /// What the digest is of. A salt that is given away for one says nothing of another.
  package enum Word: String, Sendable, CaseIterable {
    /// The bytes of a drop.
    case drop
    /// A snapshot, as deltas follow it.
    case snapshot
    /// The text of a job's manifest, and the filter in it, in canonical form.
    case manifest, filter
    /// The text of a site's policy, or of a VID-deletion policy.
    case policy

    /// Whether each drop has salts of its own, so that nobody can drop a guess and compare.
    package var isOfOneDrop: Bool {
      switch self {
      case .drop, .manifest, .filter: true
      case .snapshot, .policy: false
      }
    }
  }

  private let digest: Digest

  private static let domain = "airlock salted digest v1"

  package init(_ digest: Digest, _ word: Word, salt: DigestSalt) {
    let text = Array("\(Self.domain)\n\(word.rawValue)\n".utf8) + digest.bytes
    self.digest = unsafe salt.bytes.withUnsafeBytes { unsafe keyedDigest(of: text, key: $0) }
  }

  /// What was read from a document. Nil unless this is 64 lower-case hex digits.
  package init?(hex: String) {
    guard let digest = Digest(hex: hex) else { return nil }
    self.digest = digest
  }

  /// 64 lower-case hex digits.
  package var hex: String { digest.hex }
  package var description: String { hex }
}

/// 32 bytes that nobody can guess, for one digest. Not secret from who has the content.
package struct DigestSalt: Sendable, Hashable {
  package static let count = 32

  /// Exactly 32.
  package let bytes: [UInt8]

  /// Fresh ones.
  package static func random() -> DigestSalt { DigestSalt(trusted: randomBytes(count)) }

  init(trusted bytes: [UInt8]) { self.bytes = bytes }

  /// Nil unless this is 64 lower-case hex digits.
  package init?(hex: String) {
    guard let bytes = Hex.decode(hex), bytes.count == DigestSalt.count else { return nil }
    self.bytes = bytes
  }

  package var hex: String { Hex.encode(bytes) }
}

/// Makes the salts of a site, each from its key and what it is for: none need be kept.
package final class DigestSalter: Sendable {
  private let key: SecretBytes

  /// - Parameter key: 32 bytes, for nothing else.
  /// - Throws: `bad_secret_key`.
  package init(key: SecretBytes) throws(SecretsFault) {
    guard key.count == DigestSalt.count else {
      throw SecretsFault(.badSecretKey, "a key for salts has \(DigestSalt.count) bytes")
    }
    self.key = key
  }

  /// - Parameter drop: its number; it counts for words of one drop.
  package func salt(of digest: Digest, _ word: SaltedDigest.Word, drop: Int64) -> DigestSalt {
    let occasion = word.isOfOneDrop ? drop : 0
    let text = Array("\(word.rawValue)\n\(occasion)\n".utf8) + digest.bytes
    return unsafe key.withBytes { key in
      unsafe DigestSalt(trusted: keyedDigest(of: text, key: key).bytes)
    }
  }
}
