/// Odoo's external ids, as exports have them.
enum ExternalID {
  /// The number in an id that Odoo made up for an export: `__export__.TABLE_NUMBER_HASH`. Any other
  /// says nothing of the number.
  ///
  /// - Parameter head: see `head(of:)`.
  static func number(_ text: UnsafeBufferPointer<UInt8>, head: [UInt8]) -> Int64? {
    guard text.count > head.count, text.starts(with: head) else { return nil }
    let rest = text[head.count...]
    let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
    let hash = rest[digits.endIndex...].dropFirst()
    guard rest.indices.contains(digits.endIndex), rest[digits.endIndex] == underscore,
      hash.count == 8, hash.allSatisfy(isHex)
    else { return nil }
    return PlainNumber.integer(UnsafeBufferPointer(rebasing: digits)).flatMap { $0 > 0 ? $0 : nil }
  }

  /// What such ids of a model begin with.
  static func head(of model: String) -> [UInt8] {
    Array("__export__.\(TableName.of(model))_".utf8)
  }

  private static let underscore = UInt8(ascii: "_")

  private static func isHex(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}
