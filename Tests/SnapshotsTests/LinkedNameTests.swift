import Testing

@testable import Snapshots

/// A linked record that comes with several names: one rule for JSON and CSV.
struct LinkedNameTests {
  private static func both(_ field: String, _ first: String, _ second: String) -> [String] {
    [
      #"[{"id":1,"\#(field)":[4,"\#(first)"]},{"id":2,"\#(field)":[4,"\#(second)"]},{"id":3,"\#(field)":[4,"\#(first)"]}]"#,
      ".id,\(field)/.id,\(field)\n1,4,\(first)\n2,4,\(second)\n3,4,\(first)\n",
    ]
  }

  @Test("fault 135: the first name that comes counts, in both, and that there were others is told")
  func first() throws {
    for text in Self.both("district", "Kandal", "Kandal Province") {
      let rows = try Rows(.text(text))
      #expect(rows.records().map { $0["district"] } == [.integer(4), .integer(4), .integer(4)])
      #expect(rows.names["g2p.district"] == [4: "Kandal"])
      #expect(
        rows.contents?.notes == [
          "g2p.district: some of its records came with several names; the first that came counts"
        ])
    }
  }

  @Test("One name again and again is nothing to tell")
  func same() throws {
    for text in Self.both("district", "Kandal", "Kandal") {
      #expect(try Rows(.text(text)).contents?.notes == [])
    }
  }

  @Test("fault 135: an id type has one name, in both: it decides which value is a VID")
  func types() throws {
    let json =
      #"[{"id":1,"reg_ids":[{"id":1,"id_type":[4,"MOSIP VID"],"value":"1"},{"id":2,"id_type":[4,"National ID"],"value":"2"}]}]"#
    let csv =
      ".id,reg_ids/.id,reg_ids/id_type/.id,reg_ids/id_type,reg_ids/value\n1,1,4,MOSIP VID,1\n,2,4,National ID,2\n"
    for text in [json, csv] {
      let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text)) }
      #expect(fault.code == "contradiction")
      #expect(!fault.message.contains("National"))
    }
  }
}
