/// Who is who: identities (secret), cards (public), and the folder that holds them.
///
/// An identity is two key pairs under one name: X25519 to be sealed to, Ed25519 to sign with. Its
/// card holds the public halves and a fingerprint, and is what one site hands to another. A card
/// is believed because a person put it into the folder after comparing the fingerprint; so the
/// folder must be writable by nobody else, and a card never takes another's place.
///
/// Must never: write a secret anywhere but into an identity's own file, read one that others could
/// have read or put there, or let a secret pass through memory that is not zeroed.

/// The name of a party: lower-case letters, digits, `-` and `_`, starting with a letter or digit.
package struct KeyName: Sendable, Hashable, Comparable, CustomStringConvertible {
  package static let longest = 64

  package let text: String

  /// - Throws: `bad_key_name`.
  package init(_ text: String) throws(KeysFault) {
    let letters = Array(text.utf8)
    guard (1...KeyName.longest).contains(letters.count), letters.allSatisfy(KeyName.allows),
      letters.first.map({ $0 != 0x2D && $0 != 0x5F }) == true
    else {
      throw KeysFault(
        .badName, "this is not a name for keys",
        hint: "use lower-case letters, digits, - and _, at most \(KeyName.longest)")
    }
    self.text = text
  }

  package var description: String { text }
  package static func < (a: KeyName, b: KeyName) -> Bool { a.text < b.text }

  private static func allows(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
  }
}
