/// What nobody sees: white space, controls, and the characters that Unicode tells programs to show
/// nothing for. What holds nothing else is blank: no VID, no token and no part of a name. This is the
/// one list of them; SQL asks it as `TextFunctions.isBlank`.
enum BlankText {
  /// White_Space, Default_Ignorable_Code_Point and the controls of Unicode, and the empty Braille
  /// cell; in order.
  static let ranges: [ClosedRange<UInt32>] = [
    0x00...0x20, 0x7F...0xA0, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160,
    0x1680...0x1680, 0x17B4...0x17B5, 0x180B...0x180F, 0x2000...0x200F, 0x2028...0x202F,
    0x205F...0x206F, 0x2800...0x2800, 0x3000...0x3000, 0x3164...0x3164, 0xFE00...0xFE0F,
    0xFEFF...0xFEFF, 0xFFA0...0xFFA0, 0xFFF0...0xFFF8, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A,
    0xE0000...0xE0FFF,
  ]

  static func holds(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether there is nothing in this UTF-8 but what `BlankText` lists.
  package var isBlank: Bool {
    var index = 0
    while index < count {
      // Nearly every text ends the search at its first byte.
      if self[index] > 0x20, self[index] < 0x7F { return false }
      guard let (scalar, length) = scalar(at: index), BlankText.holds(scalar) else { return false }
      index += length
    }
    return true
  }

  /// The scalar that begins at an index, and its length; nil if it is cut short.
  private func scalar(at index: Int) -> (UInt32, Int)? {
    let first = UInt32(self[index])
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard index + length <= count else { return nil }
    var scalar = length == 1 ? first : first & (0xFF >> UInt32(length + 1))
    for next in (index + 1)..<(index + length) { scalar = scalar << 6 | UInt32(self[next]) & 0x3F }
    return (scalar, length)
  }
}
