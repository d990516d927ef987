/// The file formats of minisign 0.11, prehashed signatures only
/// (https://jedisct1.github.io/minisign/#signature-format). Read strictly: what the stock tool writes
/// is accepted, what it merely tolerates is not.
package enum Minisign {
  /// Longer than any file that the stock tool writes.
  package static let maxBytes = 12 << 10

  static let untrusted = "untrusted comment: "
  static let trusted = "trusted comment: "

  /// The text of a public key file, as `minisign -p` reads it.
  package static func text(of key: SigningPublicKey) -> String {
    """
    \(untrusted)minisign public key \(key.id.hex)
    \(Base64.encode(Array("Ed".utf8) + key.id.bytes + key.bytes))

    """
  }

  /// Reads a public key file.
  /// - Throws: `signature_format`, `bad_public_key`.
  package static func publicKey(parsing text: [UInt8]) throws(SecretsFault) -> SigningPublicKey {
    let lines = try lines(text, count: 2)
    _ = try comment(lines[0], after: untrusted)
    let bytes = try base64(lines[1], count: 2 + SigningKeyID.count + SigningPublicKey.count)
    guard bytes.starts(with: "Ed".utf8), let id = SigningKeyID(bytes: Array(bytes[2..<10])) else {
      throw format("the key is of another algorithm")
    }
    return try SigningPublicKey(Array(bytes[10...]), id: id)
  }

  /// Exactly so many lines, each ended by a newline.
  static func lines(_ text: [UInt8], count: Int) throws(SecretsFault) -> [ArraySlice<UInt8>] {
    guard text.count <= maxBytes else { throw format("the file is longer than \(maxBytes) bytes") }
    var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.popLast()?.isEmpty == true, lines.count == count else {
      throw format("the file must have \(count) lines, each ended by a newline")
    }
    return lines
  }

  static func comment(
    _ line: ArraySlice<UInt8>, after prefix: String
  ) throws(SecretsFault) -> String {
    guard line.starts(with: prefix.utf8),
      let text = String(validating: line.dropFirst(prefix.utf8.count), as: UTF8.self),
      isSafe(text)
    else { throw format("a line must be \"\(prefix)\" and printable text") }
    return text
  }

  static func base64(_ line: ArraySlice<UInt8>, count: Int) throws(SecretsFault) -> [UInt8] {
    guard let text = String(validating: line, as: UTF8.self),
      let bytes = Base64.decode(text), bytes.count == count
    else { throw format("a line must be \(count) bytes in canonical base64") }
    return bytes
  }

  /// Nothing that moves a cursor, colours a line or turns text around: what canonical JSON escapes
  /// (docs/archive-format.md, section 2), but for the tab, with which the stock tool parts its words.
  static func isSafe(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x09: true
      case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
        false
      default: true
      }
    }
  }

  static func format(_ fact: String) -> SecretsFault {
    SecretsFault(.signatureFormat, "not a minisign file: \(fact)")
  }
}
