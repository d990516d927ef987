import Tarballs
import Testing

@Suite struct InputReaderTests {
  static let compressors = ["cat", "gzip -c", "zstd -c", "xz -c", "bzip2 -c"]
  static let people = "[{\"id\":1,\"name\":\"a\"},\n{\"id\":2,\"name\":\"b\"}]\n"

  @Test(arguments: compressors, [1, 513, Int.max])
  func aLoneFileIsRead(compressor: String, step: Int) throws {
    let packed = try StockTool.make(
      "p", "printf '%s\\n' '\(Self.people.dropLast())' | \(compressor) > p")
    #expect(try readDrop(packed, step: step) == [ReadFile("-", Self.people)])
  }

  @Test(arguments: compressors, ["v7", "ustar", "gnu", "oldgnu", "pax"])
  func aTarIsRead(compressor: String, format: String) throws {
    let packed = try StockTool.make(
      "p",
      """
      mkdir d; echo one > d/res.partner.ndjson; echo two > g2p.reg.id.ndjson
      tar --format=\(format) -cf - ./d g2p.reg.id.ndjson | \(compressor) > p
      """)
    #expect(
      try readDrop(packed) == [
        ReadFile("d/res.partner.ndjson", "one\n"), ReadFile("g2p.reg.id.ndjson", "two\n"),
      ])
  }

  @Test(arguments: ["zip -q p.zip -r d", "zip -0 -q p.zip -r d", "zip -q - -r d | cat > p.zip"])
  func aZipIsRead(zip: String) throws {
    let packed = try StockTool.make("p.zip", "mkdir d; seq 9999 > d/a; echo b > d/b; \(zip)")
    let text = (1...9999).map { "\($0)\n" }.joined()
    let files = try readDrop(packed).sorted { $0.name < $1.name }
    #expect(files == [ReadFile("d/a", text), ReadFile("d/b", "b\n")])
  }

  @Test(arguments: compressors.dropFirst())
  func framesInARowCountAsOneFile(compressor: String) throws {
    let packed = try StockTool.make(
      "p", "(echo one | \(compressor)) > p; (echo two | \(compressor)) >> p")
    #expect(try readDrop(packed) == [ReadFile("-", "one\ntwo\n")])
  }

  @Test(arguments: compressors.dropFirst())
  func anEmptyCompressedFileIsAnEmptyFile(compressor: String) throws {
    let packed = try StockTool.make("p", "\(compressor) < /dev/null > p")
    #expect(try readDrop(packed) == [ReadFile("-", "")])
  }

  @Test func droppingsOfDesktopsArePassedOver() throws {
    let packed = try StockTool.make(
      "p",
      "mkdir __MACOSX; echo a > a; cp a ._a; cp a .DS_Store; cp a __MACOSX/a; tar -cf p ._a .DS_Store a __MACOSX"
    )
    #expect(try readDrop(packed) == [ReadFile("a", "a\n")])
  }

  @Test(arguments: [
    "tar --format=pax -cf p d", "tar --format=gnu -cf p d", "zip -qr p.zip d; mv p.zip p",
  ])
  func namesOfOtherScriptsAreRead(make: String) throws {
    let packed = try StockTool.make("p", "mkdir d; echo a > d/Εξαγωγή; \(make)")
    #expect(try readDrop(packed) == [ReadFile("d/Εξαγωγή", "a\n")])
  }

  @Test func theFormIsKnownBeforeTheFirstFile() throws {
    let packed = try StockTool.make("p", "echo a > a; tar -cf - a | xz > p")
    let reader = try InputReader(source: source(packed))
    #expect(reader.compression == .xz)
    #expect(reader.container == .tar)
  }

  @Test(arguments: compressors) func filesThatAreNotReadArePassedOver(compressor: String) throws {
    let packed = try StockTool.make(
      "p", "seq 99999 > a; seq 9999 > b; tar -cf - a b | \(compressor) > p")
    let reader = try InputReader(source: source(packed))
    #expect(try reader.next()?.name == "a")
    #expect(try reader.next()?.size == 48_888)
    #expect(try reader.next() == nil)
  }
}
