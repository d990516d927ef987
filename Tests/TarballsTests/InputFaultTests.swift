import Tarballs
import Testing

@Suite struct InputFaultTests {
  static let packers = [
    "gzip -c < a > p", "zstd -qc < a > p", "xz -c < a > p", "bzip2 -c < a > p",
    "tar -b 1 -cf p a b",
    "tar -b 1 -cf - a b | gzip > p", "tar -b 1 -cf - a b | zstd > p",
    "zip -q p.zip a b; mv p.zip p",
    "zip -0 -q p.zip a b; mv p.zip p", "zip -q - a b | cat > p",
  ]
  static let files = "seq 700 > a; seq 900 > b"

  @Test(arguments: packers) func everyCutIsRefused(packer: String) throws {
    let packed = try StockTool.make("p", "\(Self.files); \(packer)")
    #expect(throws: Never.self) { try readDrop(packed) }
    // Less than that of a tar, and nothing says that it is one.
    let least = packed.starts(with: "a\0".utf8) ? 265 : 6
    for length in (least..<packed.count).filter({
      $0 < 300 || $0 % 61 == 0 || $0 > packed.count - 300
    }) {
      let cut = Array(packed[..<length])
      #expect(fault { _ = try readDrop(cut) } != nil, "\(length) of \(packed.count) bytes")
    }
  }

  /// All but the bytes that say nothing (times, flags, names) are under a checksum.
  @Test(arguments: ["gzip -nc < a > p", "zstd -qc < a > p", "xz -c < a > p", "bzip2 -c < a > p"])
  func noFlippedBitChangesTheContent(packer: String) throws {
    let packed = try StockTool.make("p", "\(Self.files); \(packer)")
    let sound = try readDrop(packed)
    for position in packed.indices {
      var bad = packed
      bad[position] ^= 1 << UInt8(position % 8)
      let files = try? readDrop(bad)
      // Without its magic it is no compressed file any more, but some other lone file.
      #expect(files == nil || files == sound || position < 6, "byte \(position)")
    }
  }

  @Test(arguments: ["zip -q p.zip a", "zip -0 -q p.zip a"])
  func noFlippedBitChangesTheContentOfAZip(packer: String) throws {
    let packed = try StockTool.make("p.zip", "\(Self.files); \(packer)")
    let sound = try readDrop(packed)
    for position in stride(from: 40, to: packed.count, by: 3) {
      var bad = packed
      bad[position] ^= 1 << UInt8(position % 8)
      #expect((try? readDrop(bad)).map { $0.first?.bytes == sound.first?.bytes } ?? true)
    }
  }

  @Test(arguments: packers) func somethingBehindTheEndIsRefused(packer: String) throws {
    let packed = try StockTool.make("p", "\(Self.files); \(packer)")
    #expect(fault { _ = try readDrop(packed + Array("{\"id\": 1}".utf8)) } != nil)
    #expect(fault { _ = try readDrop(packed + noise(300_000)) } != nil)
  }

  @Test func twoTarsInARowAreRefused() throws {
    let packed = try StockTool.make("p", "\(Self.files); tar -cf p a; tar -cf q b; cat q >> p")
    #expect(fault { _ = try readDrop(packed) } == .trailingData)
  }

  @Test func anEmptyInputIsRefused() {
    #expect(fault { _ = try readDrop([]) } == .emptyInput)
  }

  @Test(arguments: [
    ("ln -s /etc/shadow a; tar -cf p a", TarballFault.Kind.linkEntry),
    ("echo > a; ln a b; tar -cf p a b", .linkEntry),
    ("mkfifo a; tar -cf p a", .specialEntry),
    ("tar -cf p /dev/null", .specialEntry),
    ("echo > a; tar -P --transform=s:a:x/../../a: -cf p a", .badEntryName),
    ("echo > a; tar -P -cf p --transform='s:a:..\\\\a:' a", .badEntryName),
    ("echo > a; tar --hard-dereference -cf p a ./a", .duplicateEntry),
    ("echo > a; zip -q -P secret p.zip a; mv p.zip p", .encryptedEntry),
    ("echo > a; gzip -c a | zstd > p", .nestedCompression),
    ("echo > a; zstd -qc a | zstd > p", .nestedCompression),
  ]) func trapsAreRefused(make: String, kind: TarballFault.Kind) throws {
    let packed = try StockTool.make("p", make)
    #expect(fault { _ = try readDrop(packed) } == kind)
  }
}
