/// Names of fields and models: what may become the name of a column or table.
package enum FieldName {
  /// `[A-Za-z_][A-Za-z0-9_]{0,62}`.
  package static func isGood(_ name: some Collection<UInt8>) -> Bool {
    guard let first = name.first, name.count <= 63, isLetter(first) else { return false }
    return name.allSatisfy { isLetter($0) || isDigit($0) }
  }

  /// Parts of small letters, digits and `_`, joined by dots; each begins with a letter. What
  /// SQLite and the store call their own is no model.
  package static func isGoodModel(_ name: some StringProtocol) -> Bool {
    guard name.utf8.count <= 63, !name.hasPrefix("sqlite_"), !name.hasPrefix("airlock_")
    else { return false }
    return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy { part in
        guard let first = part.first, (0x61...0x7A).contains(first) else { return false }
        return part.allSatisfy { (0x61...0x7A).contains($0) || isDigit($0) || $0 == 0x5F }
      }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
