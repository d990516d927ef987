// Regular expressions of the registry's own (`g2p.id.type.id_validation`), which OpenG2P holds a value
// against with Python's `re.match`: from the value's first character, to wherever the expression ends.
//
// A backtracking engine can be made to think for hours over one value; here all ways are followed at
// once, one character at a time (Thompson's construction), and the work for one value is bounded. What
// is matched are VIDs that are visible ASCII, so that letters, digits and blanks are ASCII's. Anything
// that is not surely understood is a fault: an expression is never half honoured.

/// A part of an expression.
indirect enum PatternNode: Equatable {
  case set(ASCIISet)
  case start
  case end
  /// `\b`, or `\B`.
  case wordEdge(isEdge: Bool)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// At least, and at most; nil is without a bound.
  case repeated(PatternNode, Int, Int?)
  /// `(?=…)`, or `(?!…)`.
  case ahead(PatternNode, isWanted: Bool)
}

/// A set of ASCII's 128 characters.
struct ASCIISet: Equatable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(_ ranges: ClosedRange<UInt8>...) {
    for range in ranges { for byte in range { insert(byte) } }
  }

  func contains(_ byte: UInt8) -> Bool {
    byte < 128 && (byte < 64 ? low : high) & (1 << UInt64(byte & 63)) != 0
  }

  mutating func insert(_ byte: UInt8) {
    guard byte < 128 else { return }
    if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
  }

  mutating func formUnion(_ other: ASCIISet) {
    low |= other.low
    high |= other.high
  }

  var inverted: ASCIISet {
    var set = self
    (set.low, set.high) = (~low, ~high)
    return set
  }

  /// With the other case of each letter.
  var bothCases: ASCIISet {
    var set = self
    for letter in UInt8(ascii: "a")...UInt8(ascii: "z")
    where contains(letter) || contains(letter - 32) {
      set.insert(letter)
      set.insert(letter - 32)
    }
    return set
  }

  static let digit = ASCIISet(0x30...0x39)
  static let word = ASCIISet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
  static let blank = ASCIISet(0x09...0x0D, 0x1C...0x20)
  static let any = ASCIISet(0x0A...0x0A).inverted
}
