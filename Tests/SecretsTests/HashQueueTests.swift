import Testing

@testable import Secrets

@Suite struct HashQueueTests {
  @Test(
    "A hash made on another thread is the same, whatever the pieces are",
    arguments: [0, 1, 1 << 18, (1 << 18) + 1, 3_000_000])
  func same(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let (digest, prehash) = (HashQueue<DigestStream>(), HashQueue<PrehashStream>())
    var start = 0
    var size = 1
    while start < count {
      let piece = Array(bytes[start..<min(count, start + size)])
      digest.update(piece)
      prehash.update(piece)
      (start, size) = (start + piece.count, size * 3 % 700_001)
    }
    #expect(digest.finish() == Digest(of: bytes))
    #expect(prehash.finish() == Prehash(of: bytes))
  }

  @Test func `One that is given up in the middle does no harm`() {
    for _ in 0..<100 { HashQueue<DigestStream>().update([UInt8](repeating: 1, count: 300_000)) }
  }
}
