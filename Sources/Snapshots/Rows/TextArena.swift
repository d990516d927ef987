/// Memory for text that the parser does not hold: it never moves, and goes with its batch.
struct TextArena: ~Copyable {
  private static let blockBytes = 64 << 10

  private struct Block {
    let start: UnsafeMutablePointer<CChar>
    let count: Int
  }

  private var blocks: [Block] = []
  private var used = 0

  deinit { for block in blocks { block.start.deallocate() } }

  /// Room for so many bytes, uninitialised.
  mutating func allocate(_ count: Int) -> UnsafeMutablePointer<CChar> {
    guard let last = blocks.last, used + count <= last.count else { return begin(count) }
    defer { used += count }
    return last.start + used
  }

  private mutating func begin(_ count: Int) -> UnsafeMutablePointer<CChar> {
    let size = max(count, Self.blockBytes)
    let block = Block(start: .allocate(capacity: size), count: size)
    blocks.append(block)
    used = count
    return block.start
  }

  mutating func copy(_ text: [UInt8]) -> Cell {
    let place = allocate(text.count)
    for (index, byte) in text.enumerated() { place[index] = CChar(bitPattern: byte) }
    return .text(place, UInt32(text.count))
  }

  /// Forgets all text; keeps one block of the usual size.
  mutating func clear() {
    let kept = blocks.first.flatMap { $0.count == Self.blockBytes ? $0 : nil }
    for block in blocks.dropFirst(kept == nil ? 0 : 1) { block.start.deallocate() }
    blocks = kept.map { [$0] } ?? []
    used = 0
  }
}
