import Testing

@testable import Tarballs

@Suite struct TarZstdTests {
  let files = [
    ReadFile("manifest.json", "{\"airlock\":\"job\"}"),
    ReadFile("requests/000001.json", noise(200_000)),
    ReadFile("empty", ""),
    ReadFile("requests/000002.json", [UInt8](repeating: 0, count: 3_000)),
  ]

  @Test(arguments: [1, 7, 4_096, Int.max]) func whatIsWrittenIsReadAgain(step: Int) throws {
    #expect(try readArchive(pack(files), step: step) == files)
  }

  @Test func anArchiveWithoutFilesIsReadAgain() throws {
    #expect(try readArchive(pack([])) == [])
  }

  @Test func theSameFilesGiveTheSameBytes() throws {
    #expect(try pack(files) == pack(files))
  }

  @Test func stockToolsReadWhatWeWrite() throws {
    let tool = try StockTool()
    defer { tool.remove() }
    try tool.write(pack(files), as: "a.tar.zst")
    let listing = try tool.run("zstd -dc a.tar.zst > a.tar; tar --numeric-owner -tvf a.tar")
    #expect(listing.contains("-rw-r--r-- 0/0"))
    try tool.run("tar -xf a.tar")
    for file in files { #expect(try tool.read(file.name) == file.bytes) }
  }

  @Test func stockToolsReadLongNamesAndLargeSizes() throws {
    let tool = try StockTool()
    defer { tool.remove() }
    let long = "drop/" + String(repeating: "n", count: 200)
    try tool.write(pack([ReadFile(long, "yes"), ReadFile("a", "no")]), as: "a.tar.zst")
    try tool.run("zstd -dc a.tar.zst | tar -xf -")
    #expect(try tool.read(long) == Array("yes".utf8))
    for size in [(8 << 30) - 1, 8 << 30, 1 << 40] as [Int64] {
      let header = try #require(TarHeader(name: long, size: size))
      try tool.write(header.blocks, as: "head.tar")
      let read =
        "python3 -c 'import tarfile; e = tarfile.open(\"head.tar\").next(); print(e.name, e.size)'"
      #expect(try tool.run(read) == "\(long) \(size)\n")
    }
  }

  @Test func theHeaderOfAFileIsTheOnlyOne() throws {
    for (name, size) in [("a", 0), (String(repeating: "b", count: 101), 9 << 30)]
      as [(String, Int64)]
    {
      let blocks = try #require(TarHeader(name: name, size: size)).blocks
      for index in blocks.indices {
        for flip in [1, 0x20, 0x80] as [UInt8] {
          var altered = blocks
          altered[index] ^= flip
          let other = try? read(altered)
          #expect(other == nil || other?.blocks == altered, "byte \(index) ^ \(flip)")
          #expect(other?.name != name || other?.size != size, "byte \(index) ^ \(flip)")
        }
      }
    }
  }

  private func read(_ blocks: [UInt8]) throws -> TarHeader {
    var rest = blocks.dropFirst(512)
    return try TarHeader(Array(blocks.prefix(512))) {
      defer { rest = rest.dropFirst(512) }
      return Array(rest.prefix(512))
    }
  }

  @Test(arguments: ["ustar", "gnu", "pax"]) func aTarOfAnotherWriterIsRefused(format: String) throws
  {
    let packed = try StockTool.make(
      "a.tar.zst",
      "echo one > 1; echo two > 2; tar -b 1 --format=\(format) -cf - 1 2 | zstd > a.tar.zst")
    #expect(fault { _ = try readArchive(packed) } == .corrupt)
  }

  @Test func everyCutIsRefused() throws {
    let packed = try pack(files.dropLast(2) + [ReadFile("x", "y")])
    let whole = try pack([ReadFile("a", "hello"), ReadFile("b", noise(700))])
    for length in 0..<whole.count {
      #expect(fault { _ = try readArchive(Array(whole[..<length])) } != nil, "\(length) bytes")
    }
    for length in stride(from: 0, to: packed.count, by: 997) {
      #expect(fault { _ = try readArchive(Array(packed[..<length])) } != nil, "\(length) bytes")
    }
  }

  @Test(arguments: [[65], [0, 1], Array("PK".utf8), [0x28, 0xB5, 0x2F, 0xFD], noise(40)])
  func whatFollowsTheEndIsRefused(tail: [UInt8]) throws {
    #expect(fault { _ = try readArchive(pack(files) + tail) } != nil)
  }

  @Test func aSecondArchiveBehindTheFirstIsRefused() throws {
    #expect(fault { _ = try readArchive(pack(files) + pack(files)) } == .trailingData)
  }

  @Test func zerosBehindTheFrameFillItUp() throws {
    #expect(try readArchive(pack(files) + [UInt8](repeating: 0, count: 70_000)) == files)
  }

  @Test(arguments: [
    "ln -s /etc/shadow a", "echo > b; ln b a; tar -b 1 -cf - b a | zstd > x; exit", "mkfifo a",
    "mkdir a", "echo > a; tar -b 1 -cf - ./a | zstd > x; exit",
    "truncate -s 1M a; tar -b 1 -S -cf - a | zstd > x; exit",
  ]) func anEntryThatIsNoPlainFileIsRefused(make: String) throws {
    let packed = try StockTool.make("x", "\(make); tar -b 1 -cf - a | zstd > x")
    #expect(fault { _ = try readArchive(packed) } == .corrupt)
  }
}
