import Glibc

/// Bytes that are looked for in a text, in time of the sum of the lengths (Knuth, Morris, Pratt).
struct Literal: Sendable, Hashable {
  private let bytes: [UInt8]
  /// For each byte: how much of the beginning still stands when the next one differs.
  private let kept: [Int32]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var kept = [Int32](repeating: 0, count: bytes.count)
    var held = 0
    for index in bytes.indices.dropFirst() {
      while held > 0, bytes[held] != bytes[index] { held = Int(kept[held - 1]) }
      if bytes[held] == bytes[index] { held += 1 }
      kept[index] = Int32(held)
    }
    self.kept = kept
  }

  /// The end of the first occurrence that begins at `start` or later. Not for an empty literal.
  func end(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var (position, held) = (start, 0)
    while position < text.count {
      if held == 0 {
        guard let next = next(in: text, from: position) else { return nil }
        position = next
      }
      while held > 0, bytes[held] != text[position] { held = Int(kept[held - 1]) }
      if bytes[held] == text[position] { held += 1 }
      position += 1
      if held == bytes.count { return position }
    }
    return nil
  }

  /// Where the first byte stands next.
  private func next(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = text.baseAddress,
      let found = memchr(base + start, Int32(bytes[0]), text.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
