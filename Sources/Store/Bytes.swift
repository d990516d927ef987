internal import Glibc

extension UnsafeBufferPointer<UInt8> {
  /// Byte by byte.
  func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    UnsafeRawBufferPointer(self).isSame(as: UnsafeRawBufferPointer(other))
  }
}

extension UnsafeRawBufferPointer {
  /// Byte by byte.
  func isSame(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count, let base = baseAddress, let start = other.baseAddress else {
      return count == other.count
    }
    return memcmp(base, start, count) == 0
  }
}

extension UnsafeRawBufferPointer {
  /// Two bytes, the more significant first.
  func short(at place: Int) -> Int { Int(self[place]) << 8 | Int(self[place + 1]) }

  /// Four bytes, the most significant first.
  func number(at place: Int) -> UInt32 {
    UInt32(bigEndian: loadUnaligned(fromByteOffset: place, as: UInt32.self))
  }
}
