import Tarballs
import Testing

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

  @Test(arguments: ["ustar", "gnu", "pax"]) func weReadWhatStockToolsWrite(format: String) throws {
    let packed = try StockTool.make(
      "a.tar.zst",
      "echo one > 1; echo two > 2; tar -b 1 --format=\(format) -cf - 1 2 | zstd > a.tar.zst")
    #expect(try readArchive(packed) == [ReadFile("1", "one\n"), ReadFile("2", "two\n")])
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

  @Test(arguments: [[0], [65], Array("PK".utf8), [0x28, 0xB5, 0x2F, 0xFD], noise(40)])
  func whatFollowsTheEndIsRefused(tail: [UInt8]) throws {
    #expect(fault { _ = try readArchive(pack(files) + tail) } != nil)
  }

  @Test func aSecondArchiveBehindTheFirstIsRefused() throws {
    #expect(fault { _ = try readArchive(pack(files) + pack(files)) } == .trailingData)
  }

  @Test func zerosBehindTheTarAreRefused() throws {
    let packed = try StockTool.make("a.zst", "echo 1 > a; tar -b 20 -cf - a | zstd > a.zst")
    #expect(fault { _ = try readArchive(packed) } == .trailingData)
  }

  @Test(arguments: [
    ("ln -s /etc/shadow a", TarballFault.Kind.linkEntry),
    ("echo > b; ln b a; tar -b 1 -cf - b a | zstd > x; exit", .linkEntry),
    ("mkfifo a", .specialEntry),
    ("mkdir a", .folderEntry),
    ("echo > a; tar -b 1 --transform=s:a:../a: -P -cf - a | zstd > x; exit", .badEntryName),
    ("echo > a; tar -b 1 -P -cf - $PWD/a | zstd > x; exit", .badEntryName),
    ("echo > a; tar -b 1 -cf - ./a | zstd > x; exit", .badEntryName),
    ("echo > a; tar -b 1 --hard-dereference -cf - a a | zstd > x; exit", .duplicateEntry),
  ]) func anEntryThatIsNoPlainFileIsRefused(make: String, kind: TarballFault.Kind) throws {
    let packed = try StockTool.make("x", "\(make); tar -b 1 -cf - a | zstd > x")
    #expect(fault { _ = try readArchive(packed) } == kind)
  }
}
