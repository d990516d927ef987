extension UnsafeBufferPointer<UInt8> {
  /// Whether there is nothing but white space (ASCII's, and the no-break, ideographic and zero-width
  /// spaces that forms are filled in with). What is blank is no VID, no token and no part of a name.
  package var isBlank: Bool {
    var index = 0
    while index < count {
      if self[index] <= 0x20 {
        index += 1
      } else if let length = wideSpace(at: index) {
        index += length
      } else {
        return false
      }
    }
    return true
  }

  private func wideSpace(at index: Int) -> Int? {
    func byte(_ offset: Int) -> UInt8 { index + offset < count ? self[index + offset] : 0 }
    switch (self[index], byte(1), byte(2)) {
    case (0xC2, 0xA0, _), (0xC2, 0x85, _): return 2
    case (0xE2, 0x80, 0x80...0x8B), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF): return 3
    case (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xE1, 0x9A, 0x80), (0xEF, 0xBB, 0xBF): return 3
    default: return nil
    }
  }
}
