import Testing

@testable import Snapshots

/// Several files of one model in one drop.
struct PartTests {
  static let names = [
    ("res.partner.1.ndjson", "res.partner"), ("res.partner (2).json", "res.partner"),
    ("res.partner-1.json", "res.partner"), ("res.partner_part2.ndjson", "res.partner"),
    ("res.partner/001.ndjson", "res.partner"), ("res.partner/batch-3.json", "res.partner"),
    ("a/g2p.reg.id.part_1_of_2.json", "g2p.reg.id"),
    ("res.partner.category.1.json", "res.partner.category"),
    ("x_visit_2.ndjson", "x_visit_2"), ("g2p.custom.7.ndjson", "g2p.custom"),
    ("Contact (res.partner).json", "res.partner"), ("data/other.ndjson", "other"),
  ]

  @Test("What tells the parts of a model apart is no part of its name", arguments: names)
  func roles(_ path: String, _ model: String) throws {
    #expect(try EntryRole(path) == .records(model: model))
  }

  @Test("So it is with tables, and tables of pairs stay what they are")
  func tables() throws {
    for path in [
      "res.partner.2.csv", "res_partner (2).csv", "res_partner_part3.csv", "res_partner/1.csv",
    ] {
      #expect(try EntryRole(path) == .table("res.partner"), "\(path)")
    }
    #expect(try EntryRole("g2p_a_res_partner_rel.csv") == .table("g2p_a_res_partner_rel"))
    #expect(throws: SnapshotFault.self) { try EntryRole("Res Partner.ndjson") }
  }

  @Test("Files of one model are one model, in any order and form")
  func together() throws {
    let rows = try Rows(
      .tar(
        ("res.partner.2.ndjson", #"{"id":3,"name":"c"}"#),
        ("res.partner.1.json", #"[{"id":1,"name":"a"}]"#),
        ("res_partner (3).csv", "id,name\n2,b\n")))
    #expect(rows.contents?.tables.map(\.model) == ["res.partner"])
    #expect(rows.records().map { $0["name"] } == [.text("c"), .text("a"), .text("b")])
    #expect(rows.changes.filter { $0 == .part(table: 0) }.count == 2)
  }

  @Test("A field that stands in one part alone is a fault: nobody knows what the other has")
  func uneven() throws {
    let fault = try #require(throws: SnapshotFault.self) {
      try Rows(
        .tar(
          ("res.partner.1.ndjson", #"{"id":1,"name":"a","phone":"1"}"#),
          ("res.partner.2.ndjson", #"{"id":2,"name":"b"}"#)))
    }
    #expect(fault.code == "uneven_parts")
    #expect(fault.message.contains("phone") && fault.message.contains("res.partner.1.ndjson"))
  }

  @Test("Lines without ids get their own through all parts")
  func madeUp() throws {
    let rows = try Rows(
      .tar(
        ("res.partner.1.csv", ".id,reg_ids/value\n1,V1\n"),
        ("res.partner.2.csv", ".id,reg_ids/value\n2,V2\n")))
    #expect(rows.records("g2p.reg.id").map { $0["id"] } == [.integer(-1), .integer(-2)])
  }
}

/// What was put together of several files by hand.
struct MixedFileTests {
  @Test("fault 101: lines of registrants among registrants are not taken for registrants")
  func mixed() throws {
    let text = """
      {"id": 7, "given_name": "A", "reg_ids": [81]}
      {"id": 81, "partner_id": [7, "A"], "id_type": [1, "MOSIP VID"], "value": "V"}
      """
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.text(text)) }
    #expect(fault.code == "another_model" && fault.spot?.line == 2)
  }
}
