/// A float as PostgreSQL prints `float8`: the shortest digits that read back the same, with an exponent
/// below 1e-4 and from 1e15 on.
enum FloatText {
  /// Hands over the text. Amounts with few decimals are written without a `String`.
  static func with<Result>(
    _ number: Double, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { out in
      if let start = writeShort(number, endingIn: out) {
        return body(UnsafeBufferPointer(rebasing: out[start...]))
      }
      var text = general(number)
      return text.withUTF8(body)
    }
  }

  static func text(of number: Double) -> String {
    with(number) { String(decoding: $0, as: UTF8.self) }
  }

  /// Writes a number of at most four decimals and fifteen digits, where its decimal form is the only
  /// one so short, to the end of the buffer; gives where it starts. Nil for every other number.
  private static func writeShort(
    _ number: Double, endingIn out: UnsafeMutableBufferPointer<UInt8>
  ) -> Int? {
    let scaled = (number * 10_000).rounded()
    guard scaled.magnitude < 1e15, scaled / 10_000 == number else {
      guard number.magnitude < 1e15, number == number.rounded() else { return nil }
      return write(UInt64(number.magnitude), places: 0, isNegative: number < 0, endingIn: out)
    }
    var (rest, places) = (UInt64(scaled.magnitude), 4)
    while places > 0, rest % 10 == 0 { (rest, places) = (rest / 10, places - 1) }
    return write(rest, places: places, isNegative: scaled < 0, endingIn: out)
  }

  private static func write(
    _ digits: UInt64, places: Int, isNegative: Bool,
    endingIn out: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var (rest, position, place) = (digits, out.count, 0)
    repeat {
      if place == places, places > 0 {
        position -= 1
        out[position] = UInt8(ascii: ".")
      }
      position -= 1
      out[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      (rest, place) = (rest / 10, place + 1)
    } while rest > 0 || place <= places
    if isNegative {
      position -= 1
      out[position] = UInt8(ascii: "-")
    }
    return position
  }

  private static func general(_ number: Double) -> String {
    let magnitude = number.magnitude
    let text = number.description
    let digits = text.split(separator: "e", omittingEmptySubsequences: false)
    if digits.count == 1 {
      return magnitude >= 1e15 ? exponential(text) : text
    }
    var mantissa = digits[0]
    if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
    let exponent = digits[1].drop { $0 == "-" || $0 == "+" }
    let sign = digits[1].hasPrefix("-") ? "-" : "+"
    return "\(mantissa)e\(sign)\(exponent.count < 2 ? "0" : "")\(exponent)"
  }

  /// Swift prints up to 2^54 without an exponent.
  private static func exponential(_ text: String) -> String {
    let negative = text.hasPrefix("-")
    let whole = text.drop { $0 == "-" }.split(separator: ".")[0]
    let significant = String(whole.reversed().drop { $0 == "0" }.reversed())
    let tail = significant.dropFirst()
    return
      "\(negative ? "-" : "")\(significant.prefix(1))\(tail.isEmpty ? "" : ".")\(tail)e+\(whole.count - 1)"
  }
}
