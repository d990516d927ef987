internal import Language

/// What the cells of a column that nobody described look like. CSV has no types: they stay text
/// until all have been seen.
struct TextKinds: OptionSet, BitwiseCopyable {
  let rawValue: UInt8

  static let boolean = TextKinds(rawValue: 1)
  static let integer = TextKinds(rawValue: 2)
  static let real = TextKinds(rawValue: 4)
  static let other = TextKinds(rawValue: 8)
  /// Only in COPY: Odoo's export writes times of whoever exported.
  static let date = TextKinds(rawValue: 32)
  static let datetime = TextKinds(rawValue: 64)
  /// Odoo's export writes false as nothing.
  static let blankIsFalse = TextKinds(rawValue: 16)

  /// What one cell looks like. Whole numbers beyond 32 bits, or with zeros in front, are no numbers:
  /// Odoo's are not that large, and ids of persons are.
  init(of text: UnsafeBufferPointer<UInt8>, isExport: Bool) {
    if isExport ? text.elementsEqual("True".utf8) : text.count == 1 && Self.isFlag(text[0]) {
      self = .boolean
    } else if let number = PlainNumber.integer(text), !Self.hasZeros(text) {
      self = Int32(exactly: number) == nil ? .other : .integer
    } else {
      self =
        PlainNumber.isReal(text) && !Self.hasZeros(text)
        ? .real : isExport ? .other : Self.moment(text)
    }
  }

  /// A date or a time as PostgreSQL writes it, which is how it is kept.
  private static func moment(_ text: UnsafeBufferPointer<UInt8>) -> TextKinds {
    guard let start = text.baseAddress, text.count >= 10 else { return .other }
    if text.count == 10 { return DateText.isDate(start, 10) ? .date : .other }
    guard text.count >= 19, text[10] == 0x20 else { return .other }
    return DateText.timeLength(start, text.count) == text.count ? .datetime : .other
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  var type: FieldType {
    switch subtracting(.blankIsFalse) {
    case .boolean: .boolean
    case .integer: .integer
    case .real, [.real, .integer]: .float
    case .date: .date
    case .datetime: .datetime
    default: .char
    }
  }

  var ending: ColumnEnding {
    switch type {
    case .boolean: .boolean(blankIsFalse: contains(.blankIsFalse))
    case .integer: .integer
    case .float: .real
    default: .asIs
    }
  }

  private static func isFlag(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "t") || byte == UInt8(ascii: "f")
  }

  /// `007`, `-0`.
  private static func hasZeros(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
    guard digits.first == UInt8(ascii: "0") else { return false }
    let next = digits.dropFirst().first
    return next.map { (0x30...0x39).contains($0) } ?? (digits.count < text.count)
  }
}
