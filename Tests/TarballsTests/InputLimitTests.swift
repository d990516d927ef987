import Tarballs
import Testing

@Suite struct InputLimitTests {
  @Test(arguments: [
    "gzip -c", "zstd -qc", "xz -0c", "bzip2 -c",
  ]) func bombsAreStopped(compressor: String) throws {
    let packed = try StockTool.make("p", "head -c 200M /dev/zero | \(compressor) > p")
    let limits = TarballLimits(ratio: 500)
    #expect(fault { try skim(packed, limits) } == .expandsTooFar)
  }

  @Test func aZipBombIsStopped() throws {
    let packed = try StockTool.make("p.zip", "head -c 200M /dev/zero > a; zip -q p.zip a")
    #expect(fault { try skim(packed, TarballLimits(ratio: 500)) } == .expandsTooFar)
  }

  @Test(arguments: ["cat", "gzip -c", "zstd -qc"]) func theSizeIsBounded(compressor: String) throws
  {
    let packed = try StockTool.make("p", "seq 99999 | \(compressor) > p")
    #expect(fault { try skim(packed, TarballLimits(expandedBytes: 9_999)) } == .expandsTooFar)
  }

  @Test(arguments: [
    "tar -cf p a b c", "zip -q p.zip a b c; mv p.zip p", "zip -q - a b c | cat > p",
  ])
  func entriesAreBounded(packer: String) throws {
    let packed = try StockTool.make("p", "for f in a b c; do seq 1000 > $f; done; \(packer)")
    #expect(fault { try skim(packed, TarballLimits(entries: 2)) } == .tooManyEntries)
    #expect(fault { try skim(packed, TarballLimits(entryBytes: 100)) } == .entryTooLarge)
    #expect(fault { try skim(packed, TarballLimits(entries: 3)) } == nil)
  }

  @Test func aSparseFileOfManyExabytesIsRefused() throws {
    let packed = try StockTool.make("p", "truncate -s 7E a || truncate -s 8T a; tar -Scf p a")
    #expect(fault { try skim(packed, TarballLimits()) } == .entryTooLarge)
  }

  @Test(arguments: ["cat", "gzip -c", "zstd -qc"])
  func drainingPullsEveryByte(compressor: String) throws {
    let packed = try StockTool.make(
      "p", "seq 99999 > a; seq 999999 > b; tar -cf - a b | \(compressor) > p; seq 99 >> p")
    var pulled = 0
    let whole = source(packed)
    let reader = try InputReader {
      let count = try whole($0)
      pulled += count
      return count
    }
    _ = try reader.next()
    try reader.drain()
    #expect(pulled == packed.count)
  }

  private func skim(_ packed: [UInt8], _ limits: TarballLimits) throws {
    let reader = try InputReader(limits: limits, source: source(packed))
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while try reader.next() != nil {
      while try piece.withUnsafeMutableBytes({ try reader.read(into: $0) }) > 0 {}
    }
  }
}
