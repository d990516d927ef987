import Testing

@testable import Snapshots

/// Results of the MTS, row by row, and cut at every byte.
struct ResultReaderTests {
  private static let list =
    #"[{"vid": "V1", "token": "T1", "status": "processed", "errorCode": null, "errorMessage": null}, {"token": null, "vid": "V2", "status": "error", "errorCode": "IDA-1", "errorMessage": "n\u00e9"}]"#
  private static let table =
    "vid,token,status,errorCode,errorMessage\r\nV1,T1,processed,,\r\n\"V2\",,error,IDA-1,\"a, \"\"b\"\"\"\r\n"

  private func rows(_ text: String, _ form: ResultReader.Form) throws -> [String] {
    var rows: [String] = []
    let source = SnapshotSource(name: "r") { TextSource(bytes: Array(text.utf8), piece: 7) }
    let reader = try ResultReader(source, form, limits: SnapshotLimits())
    let read = try reader.forEach { row in
      let cells: [ResultRow.Text?] = [row.vid, row.token, row.status, row.errorCode]
      let words = cells.map { cell in cell.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
      rows.append(words.joined(separator: " "))
    }
    #expect(read.rows == rows.count)
    return rows
  }

  @Test("A list and a table give the same rows; absent, null and empty are alike")
  func forms() throws {
    let expected = ["V1 T1 processed -", "V2 - error IDA-1"]
    #expect(try rows(Self.list, .json) == expected)
    #expect(try rows(Self.table, .csv) == expected)
  }

  @Test("fault 82: cut at every byte, a list is never taken for a whole one")
  func cutList() throws {
    for count in 1..<Self.list.utf8.count {
      let fault = #expect(throws: SnapshotFault.self, "\(count) bytes") {
        try rows(String(Self.list.prefix(count)), .json)
      }
      #expect(fault?.isCut == true, "\(count) bytes")
    }
  }

  @Test("fault 82: cut at every byte, a table is cut, or ends with a whole row")
  func cutTable() throws {
    let whole = Set(
      Self.table.indices.filter { Self.table[$0] == "\r\n" }.map {
        Self.table.utf8.distance(from: Self.table.startIndex, to: $0) + 2
      })
    #expect(whole.count == 3)
    let bytes = Array(Self.table.utf8)
    for count in 1..<bytes.count {
      let text = String(decoding: bytes[..<count], as: UTF8.self)
      let found = try? rows(text, .csv).count
      #expect((found != nil) == whole.contains(count), "\(count) bytes")
    }
  }

  @Test(
    "What is no result is a fault",
    arguments: [
      (#"[{"vid": "V1", "token": "T1"}]"#, "bad_header"), (#"[1]"#, "wrong_type"),
      (#"[{"vid": 7, "token": "T1", "status": "processed"}]"#, "wrong_type"),
      (#"[{"vid": "V1", "vid": "V2", "token": "T1", "status": "processed"}]"#, "duplicate_key"),
      (#"{"vid": "V1", "token": "T1", "status": "processed"}"#, "not_json"),
      (#"[{"vid": "V1", "token": "T1", "status": "processed"}] 7"#, "not_json"),
    ])
  func faults(text: String, code: String) throws {
    let fault = try #require(throws: SnapshotFault.self) { try rows(text, .json) }
    #expect(fault.code == code)
  }
}
