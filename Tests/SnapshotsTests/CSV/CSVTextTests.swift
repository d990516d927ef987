import Testing

@testable import Snapshots

/// CSV as text: quotes, line ends, separators, wherever the pieces end.
struct CSVTextTests {
  static let forms = [
    "id,name\n1,a\n2,b\n", "id,name\r\n1,a\r\n2,b", "\u{FEFF}id,name\n1,a\n2,b\n",
    "id,name\n\"1\",\"a\"\n\"2\",\"b\"\n", "\"id\",\"name\"\n1,\"a\"\n2,\"b\"\n",
    "\n\r\nid,name\n\n1,a\r\n\r\n2,b\n\n",
    "id;name\n1;a\n2;b\n", "id\tname\n1\ta\n2\tb\n",
    "\u{FEFF}\"id\";\"name\"\r\n1;\"a\"\r\n\"2\";b",
    "\"name\",\".id\"\n\"a\",\"1\"\n\"b\",\"2\"\n", "ID,Name\n1,a\n2,b\n",
  ]

  @Test("All forms give the same records, whatever pieces they come in", arguments: forms)
  func same(_ text: String) throws {
    for piece in [1, 2, 7, .max] {
      for batch in [1, 10, 1 << 20] {
        var limits = SnapshotLimits()
        limits.batchBytes = batch
        let records = try Rows(.text(text, piece: piece), limits: limits).records()
        #expect(
          records == [
            ["id": .integer(1), "name": .text("a")], ["id": .integer(2), "name": .text("b")],
          ])
      }
    }
  }

  @Test("A cell holds what stands in its quotes")
  func cells() throws {
    let rows = try Rows(
      .text("id,name,ref,zip,city\n1,\"a,\"\"b\"\"\n\r\n;\",\"\"\"\",\"\", x é \n", piece: 3))
    #expect(
      rows.records() == [
        [
          "id": .integer(1), "name": .text("a,\"b\"\n\r\n;"), "ref": .text("\""),
          "zip": .text(""), "city": .text(" x é "),
        ]
      ])
  }

  @Test("A row may be larger than what is read at a time, and end with the file")
  func large() throws {
    let name = String(repeating: "x\"\"\n", count: 50_000)
    var limits = SnapshotLimits()
    limits.batchBytes = 1_000
    let text = "id,name\n1,\"\(name)\"\n2,b\n3,"
    let found = try Rows(.text(text, piece: 4_099), limits: limits).records()
    #expect(found[0]["name"] == .text(String(repeating: "x\"\n", count: 50_000)))
    #expect(found[1]["name"] == .text("b") && found[2]["name"] == .null)
  }

  @Test("Lines are counted through quoted line ends, batches and doubled quotes")
  func lines() throws {
    for batch in [1, 30, 1 << 20] {
      var limits = SnapshotLimits()
      limits.batchBytes = batch
      let fault = try #require(throws: SnapshotFault.self) {
        try Rows(
          .text("id,name,color\n\n1,\"a\n\"\"\nb\",1\n2,\"\"\"\",2\n3,c,red\n"), limits: limits)
      }
      #expect(fault.message.hasPrefix("drop.json, line 7, column 3 (color):"), "\(fault.message)")
    }
  }
}
