/// Codes of Odoo's languages: `en_US`, `ar_001`, `sr@latin`.
package enum LanguageCode {
  /// The language of all texts that nobody translated.
  package static let source = "en_US"

  package static func isValid(_ code: some Sequence<UInt8>) -> Bool {
    var rest = Array(code)[...]
    guard rest.count <= 16, take(2...3, &rest, where: isSmall) else { return false }
    if rest.first == UInt8(ascii: "_") {
      rest.removeFirst()
      guard take(2...4, &rest, where: { isSmall($0 | 0x20) || isDigit($0) }) else { return false }
    }
    if rest.first == UInt8(ascii: "@") {
      rest.removeFirst()
      guard take(2...8, &rest, where: isSmall) else { return false }
    }
    return rest.isEmpty
  }

  private static func take(
    _ count: ClosedRange<Int>, _ rest: inout ArraySlice<UInt8>, where fits: (UInt8) -> Bool
  ) -> Bool {
    let part = rest.prefix(while: fits)
    rest = rest.dropFirst(part.count)
    return count.contains(part.count)
  }

  private static func isSmall(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
