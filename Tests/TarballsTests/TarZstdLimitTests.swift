import Tarballs
import Testing

@Suite struct TarZstdLimitTests {
  private struct Stop: Error {}

  @Test(arguments: [
    (TarballLimits(expandedBytes: 20_000), TarballFault.Kind.expandsTooFar),
    (TarballLimits(entryBytes: 9_999), .entryTooLarge),
  ]) func limitsHold(limits: TarballLimits, kind: TarballFault.Kind) throws {
    let files = ["file1", "file2", "file3"].map { ReadFile($0, noise(10_000)) }
    let packed = try pack(files)
    #expect(fault { _ = try readArchive(packed, limits: limits) } == kind)
  }

  @Test func aBombIsStopped() throws {
    var packed: [UInt8] = []
    let writer = try TarZstdWriter { packed += $0 }
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    try writer.add("zeros", size: 300 << 20) { write in
      for _ in 0..<300 { try zeros.withUnsafeBytes { try write($0) } }
    }
    try writer.finish()
    #expect(fault { _ = try skim(packed) } == .expandsTooFar)
  }

  /// Reads without keeping.
  private func skim(_ packed: [UInt8]) throws -> Int {
    let reader = try TarZstdReader(
      sourceBytes: Int64(packed.count), source: source(packed))
    var total = 0
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while try reader.next() != nil {
      while case let count = try piece.withUnsafeMutableBytes({ try reader.read(into: $0) }),
        count > 0
      { total += count }
    }
    return total
  }

  @Test func whatTheSourceThrowsComesOutUnchanged() throws {
    let packed = try pack([ReadFile("a", noise(500_000))])
    var given = 0
    let whole = source(packed, step: 100_000)
    #expect(throws: Stop.self) {
      let reader = try TarZstdReader(sourceBytes: Int64(packed.count)) { buffer in
        given += 1
        if given == 3 { throw Stop() }
        return try whole(buffer)
      }
      while try reader.next() != nil {}
    }
  }

  @Test func whatTheSinkThrowsComesOutUnchanged() throws {
    var calls = 0
    #expect(throws: Stop.self) {
      let writer = try TarZstdWriter { _ in
        calls += 1
        throw Stop()
      }
      try writer.add("a", noise(1_000_000))
      try writer.finish()
    }
    #expect(calls == 1)
  }

  @Test func anUnfinishedWriterSaysNothingMore() throws {
    var written = 0
    var writer: TarZstdWriter? = try TarZstdWriter { written += $0.count }
    try writer?.add("a", noise(1_000))
    let before = written
    writer = nil
    #expect(written == before)
  }

  @Test(arguments: [[10], [10, 10, 10], []]) func wrongSizesAreRefused(pieces: [Int]) throws {
    let writer = try TarZstdWriter { _ in }
    let kind = fault {
      try writer.add("a", size: 20) { write in
        for piece in pieces { try noise(piece).withUnsafeBytes { try write($0) } }
      }
    }
    #expect(kind == .wrongSize)
    #expect(fault { try writer.add("b", []) } == .misuse)
  }
}
