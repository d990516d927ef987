import JSONText
import Testing

@testable import Snapshots

/// The ways in which records stand in a file.
struct FormTests {
  static let forms = [
    #"{"id":1,"name":"a"}"# + "\n" + #"{"id":2,"name":"b"}"# + "\n",
    #"{"id":1,"name":"a"}"# + "\n" + #"{"id":2,"name":"b"}"#,
    #"{"id":1,"name":"a"}"# + "\r\n\r\n \t\r\n" + #"  {"id":2,"name":"b"}  "# + "\r\n",
    "\u{FEFF}" + #"{"id":1,"name":"a"}"# + "\n" + #"{"id":2,"name":"b"}"# + "\n\n",
    #"[{"id":1,"name":"a"},{"id":2,"name":"b"}]"#,
    "\u{FEFF} [\n  {\"id\": 1,\n \"name\": \"a\"} ,\n  {\"id\": 2, \"name\": \"b\"}\n]\n",
    #"{"jsonrpc":"2.0","id":1,"result":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}"#,
    #" {"jsonrpc": "2.0", "result": [{"id":1,"name":"a"},{"id":2,"name":"b"}], "id": null}"# + "\n",
  ]

  @Test("All forms give the same records, whatever pieces they come in", arguments: forms)
  func same(_ text: String) throws {
    for piece in [1, 2, 7, .max] {
      for batch in [1, 20, 1 << 20] {
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

  @Test("Records are whole wherever a text ends", arguments: [0, 1])
  func splits(_ form: Int) throws {
    let records = (1...3_000).map { #"{"id":\#($0),"name":"\"]},{\#($0 * 7)"}"# }
    let text = form == 0 ? records.joined(separator: "\n") : "[\(records.joined(separator: " ,"))]"
    for (piece, batch) in [(1 << 20, 1), (4_099, 1_000), (13, 70_001)] {
      var limits = SnapshotLimits()
      limits.batchBytes = batch
      let found = try Rows(.text(text, piece: piece), limits: limits).records()
      #expect(found.map { $0["name"] } == (1...3_000).map { .text(#""]},{\#($0 * 7)"#) })
    }
  }

  @Test("Brackets and escaped quotes inside texts do not end a record")
  func brackets() throws {
    let name = #"]},{[\"\\"#
    let rows = try Rows(.text(#"[{"id":1,"name":"\#(name)"},{"id":2,"name":"\\"}]"#, piece: 3))
    #expect(rows.records().map { $0["name"] } == [.text(#"]},{["\"#), .text(#"\"#)])
  }

  @Test("An empty array is an empty snapshot")
  func emptyArray() throws { #expect(try Rows(.text(" [ ] \n")).records().isEmpty) }

  @Test("Texts come out as they were: empty, escaped, of any script")
  func texts() throws {
    let rows = try Rows(.text(#"{"id":1,"name":"","ref":"007","zip":"\u00e9\t\ud83d\ude00é"}"#))
    #expect(
      rows.records() == [
        ["id": .integer(1), "name": .text(""), "ref": .text("007"), "zip": .text("é\t😀é")]
      ])
  }
}
