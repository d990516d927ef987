import Tarballs
import Testing

/// Names as packers of other systems and languages write them.
@Suite struct EntryNameTests {
  /// Writes a zip with Python, by a line about `z`; UTF-8 names get the flag that says so.
  private func zip(_ lines: String) throws -> [UInt8] {
    try StockTool.make(
      "p",
      """
      cat > make.py <<'END'
      # -*- coding: utf-8 -*-
      import warnings, zipfile
      warnings.simplefilter("ignore")
      with zipfile.ZipFile("p", "w", zipfile.ZIP_DEFLATED) as z:
          \(lines)
      END
      LC_ALL=C.UTF-8 python3 make.py
      """)
  }

  @Test(
    "fault 133: a zip whose names are flagged as UTF-8 is read, in any language",
    arguments: ["Données/a.json", "ទិន្នន័យ/a.json", "Enquête ménage.csv", "数据.csv", "بيانات/ا.json"])
  func flagged(name: String) throws {
    #expect(try readDrop(zip("z.writestr('\(name)', 'x')")) == [ReadFile(name, "x")])
  }

  @Test("fault 133: a name in an old encoding does no harm, and two of them stay two")
  func oldEncoding() throws {
    // The same lengths, in code page 850, without the flag.
    var packed = try zip("z.writestr('DonnXes/a.json', 'x'); z.writestr('DonnYes/a.json', 'y')")
    for index in packed.indices.dropLast(4)
    where packed[index...].starts(with: Array("Donn".utf8)) {
      packed[index + 4] = packed[index + 4] == UInt8(ascii: "X") ? 0x82 : 0x8A
    }
    #expect(
      try readDrop(packed) == [ReadFile("Données/a.json", "x"), ReadFile("Donnèes/a.json", "y")])
  }

  @Test("The same in a tar, which has no flag to say so")
  func oldTar() throws {
    let packed = try StockTool.make(
      "p", "mkdir d; echo -n x > d/a.json; LC_ALL=C tar -cf p --transform=$'s:d/:\\xE9/:' d/a.json")
    #expect(try readDrop(packed) == [ReadFile("Θ/a.json", "x")])
  }

  @Test(
    "fault 133: a name that begins at the root, or has Windows' slashes, is a name and no place on the disk",
    arguments: [
      ("mkdir d; echo -n x > d/a; tar -P -cf p --transform=s:^d:/srv/d: d/a", "srv/d/a"),
      ("echo -n x > a; tar -cf p --transform='s:a:x\\\\a:' a", "x/a"),
    ])
  func rooted(make: String, name: String) throws {
    #expect(try readDrop(StockTool.make("p", make)) == [ReadFile(name, "x")])
  }

  @Test(
    "fault 133: files of a folder that is passed over are counted, however many and under whatever names"
  )
  func passedOver() throws {
    let packed = try zip(
      "z.writestr('a.csv', 'x'); [z.writestr('media/%d.jpg' % (n // 2), b'p' * 99) for n in range(60)]; z.writestr('z.csv', 'z')"
    )
    let reader = try InputReader(limits: TarballLimits(entries: 5), source: source(packed))
    reader.passOver(folder: "media")
    var names: [String] = []
    while let entry = try reader.next() { names.append(entry.name ?? "-") }
    #expect(names == ["a.csv", "z.csv"])
    #expect(reader.passedOver == 60)
  }

  @Test("They are bounded all the same: by their number, and by all bytes")
  func passedOverIsBounded() throws {
    let packed = try zip("[z.writestr('media/%d' % n, b'p' * 10000) for n in range(60)]")
    func read(_ limits: TarballLimits) -> TarballFault.Kind? {
      fault {
        let reader = try InputReader(limits: limits, source: source(packed))
        reader.passOver(folder: "media")
        while try reader.next() != nil {}
      }
    }
    #expect(read(TarballLimits(idleEntries: 60)) == nil)
    #expect(read(TarballLimits(idleEntries: 59)) == .tooManyEntries)
    #expect(read(TarballLimits(expandedBytes: 599_999)) == .expandsTooFar)
  }
}
