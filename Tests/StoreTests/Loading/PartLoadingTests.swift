import Fixtures
import Snapshots
import Testing

@testable import Store

/// Several files of one model, in the store: equal rows are one, and others a fault with both places.
struct PartLoadingTests {
  private static let ana =
    #"{"id":1,"name":"a","tags_ids":[2,3],"reg_ids":[{"id":5,"value":"V1"},{"id":6,"value":"V2"}]}"#
  private static let ben = #"{"id":2,"name":"b","tags_ids":[],"reg_ids":[{"id":7,"value":"V3"}]}"#

  private func load(_ first: String, _ second: String) throws -> SnapshotStore {
    let site = try LoadingSite()
    try site.drops.write(first, as: "res.partner.1.ndjson")
    try site.drops.write(second, as: "res.partner.2.ndjson")
    let tar = try site.make("x.tar", "tar -cf x.tar res.partner.1.ndjson res.partner.2.ndjson")
    try site.staged(tar).commit()
    return try SnapshotStore.open(site.store)
  }

  @Test("A row that stands in two parts is one row, with its lists and nested records")
  func same() throws {
    let snapshot = try load(Self.ana, Self.ben + "\n" + Self.ana)
    #expect(try snapshot.text("SELECT id, name FROM \"res.partner\"") == ["1|a", "2|b"])
    #expect(
      try snapshot.text("SELECT id, partner_id, value FROM \"g2p.reg.id\"")
        == ["5|1|V1", "6|1|V2", "7|2|V3"])
    #expect(try snapshot.text("SELECT * FROM \"res.partner/tags_ids\"") == ["1|2", "1|3"])
    #expect(try snapshot.tables.allSatisfy { !$0.hasPrefix("part/") })
    #expect(snapshot.summary.counts["res.partner"] == 2)
    #expect(try snapshot.dump == load(Self.ana, Self.ben).dump)
  }

  static let other = [
    ana.replacing("\"a\"", with: "\"x\""), ana.replacing("[2,3]", with: "[2]"),
    ana.replacing("[2,3]", with: "[2,3,4]"), ana.replacing("\"V1\"", with: "\"V9\""),
    ana.replacing(#",{"id":6,"value":"V2"}"#, with: ""),
    ana.replacing(#"}]"#, with: #"},{"id":8,"value":"V8"}]"#),
    ana.replacing("\"a\"", with: "false"),
  ]

  @Test(
    "A row that stands in two parts with other values is a fault, with both places",
    arguments: other)
  func differs(_ row: String) throws {
    let fault = try #require(throws: SnapshotFault.self) {
      try load(Self.ben + "\n" + Self.ana, "\n" + row)
    }
    #expect(fault.code == "row_differs")
    #expect(
      fault.message.contains("res.partner.2.ndjson, line 2")
        && fault.message.contains("res.partner.1.ndjson, line 2"), "\(fault.message)")
    #expect(!fault.message.contains("V9"))
  }

  @Test("Within one file, a row that stands twice stays a fault")
  func withinOne() throws {
    let fault = try #require(throws: SnapshotFault.self) {
      try load(Self.ana, Self.ben + "\n" + Self.ben)
    }
    #expect(fault.code == "duplicate_id")
  }

  @Test("Many rows over many batches, in any order, come out as from one file")
  func many() throws {
    let rows = (1...4_000).map {
      #"{"id":\#($0),"name":"\#(String(repeating: "n", count: 200))\#($0)","tags_ids":[\#($0 % 7 + 1)]}"#
    }
    let (first, second) = (rows[..<2_500].reversed(), rows[1_000...])
    let parts = try load(first.joined(separator: "\n"), second.joined(separator: "\n"))
    #expect(parts.summary.counts["res.partner"] == 4_000)
    let whole = try LoadingSite().load(rows.joined(separator: "\n"))
    #expect(try parts.dump["res.partner"] == whole.dump["res.partner"])
    #expect(try parts.dump["res.partner/tags_ids"] == whole.dump["res.partner/tags_ids"])
  }
}
