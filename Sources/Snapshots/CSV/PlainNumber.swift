internal import Glibc

/// Numbers as PostgreSQL and Odoo print them.
enum PlainNumber {
  /// A whole number in 64 bits, without blanks or plus; nil if it is none.
  @inline(__always) static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative ? 1 : 0
    guard text.count > digits, text.count <= 20 else { return nil }
    var value: Int64 = 0
    for index in digits..<text.count {
      let digit = Int64(text[index]) - 0x30
      guard digit >= 0, digit <= 9 else { return nil }
      let (ten, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooMuch) = ten.subtractingReportingOverflow(digit)
      guard !tooLarge, !tooMuch else { return nil }
      value = sum
    }
    return isNegative ? value : value == .min ? nil : -value
  }

  /// A finite number; nil if it is none. The byte behind the text must be readable and no part of a
  /// number.
  static func real(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let base = text.baseAddress, isReal(text) else { return nil }
    if let exact = short(text) { return exact }
    var end: UnsafeMutablePointer<CChar>?
    let start = UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
    let value = strtod(start, &end)
    guard value.isFinite, end == UnsafeMutablePointer(mutating: start + text.count) else {
      return nil
    }
    return value
  }

  /// `-12.50e+3`: digits, then perhaps a fraction and an exponent.
  static func isReal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = text[...]
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    guard dropDigits(&rest) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard dropDigits(&rest) else { return false }
    }
    guard let mark = rest.first else { return true }
    guard mark | 0x20 == UInt8(ascii: "e") else { return false }
    rest.removeFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    return dropDigits(&rest) && rest.isEmpty
  }

  private static func dropDigits(_ text: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let digits = text.prefix { $0 >= 0x30 && $0 <= 0x39 }
    text = text[digits.endIndex...]
    return !digits.isEmpty
  }

  /// A number of few digits, which one division of exact numbers gives as `strtod` would.
  private static func short(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard text.count <= 16 else { return nil }
    var whole: Int64 = 0
    var scale = 1.0
    var isFraction = false
    for byte in text.dropFirst(text.first == UInt8(ascii: "-") ? 1 : 0) {
      if byte == UInt8(ascii: ".") { isFraction = true; continue }
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      whole = whole * 10 + Int64(byte - 0x30)
      if isFraction { scale *= 10 }
    }
    guard whole < 1 << 53 else { return nil }
    let value = Double(whole) / scale
    return text.first == UInt8(ascii: "-") ? -value : value
  }
}
