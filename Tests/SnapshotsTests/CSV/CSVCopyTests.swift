import Language
import Testing

@testable import Snapshots

/// What PostgreSQL's `COPY … CSV HEADER` writes.
struct CSVCopyTests {
  @Test("NULL is nothing, an empty text is two quotes, and no apostrophe is taken away")
  func lossless() throws {
    let rows = try Rows(
      .text(
        """
        id,name,ref,active,income,disabled,district,gender,x_custom
        1,"",,t,0.30000000000000004,2024-01-01 08:00:00.12345,7,Male,""
        2,'+x,"",f,,,,male,a
        3,,,,1e+15,,,,
        """))
    #expect(rows.contents?.form == .copy)
    let records = rows.records()
    #expect(records.map { $0["name"] } == [.text(""), .text("'+x"), .null])
    #expect(records.map { $0["ref"] } == [.null, .text(""), .null])
    #expect(records.map { $0["active"] } == [.integer(1), .integer(0), .null])
    #expect(records.map { $0["income"] } == [.real(0.1 + 0.2), .null, .real(1e15)])
    #expect(records[0]["disabled"] == .text("2024-01-01 08:00:00.12345"))
    #expect(records[0]["district"] == .integer(7))
    #expect(records.map { $0["gender"] } == [.text("Male"), .text("male"), .null])
    #expect(records.map { $0["x_custom"] } == [.text(""), .text("a"), .null])
  }

  static let looks: [([String], FieldType, ColumnEnding)] = [
    (["t", "f", ""], .boolean, .boolean(blankIsFalse: false)),
    (["1", "-20", ""], .integer, .integer),
    (["1", "2.50"], .float, .real), (["0", "0.5"], .float, .real), (["007"], .char, .asIs),
    (["1", "a"], .char, .asIs), (["4126162436616973"], .char, .asIs), (["", ""], .char, .asIs),
    (["t", "1"], .char, .asIs), (["-0"], .char, .asIs), (["+1"], .char, .asIs),
    (["2147483647"], .integer, .integer), (["2147483648"], .char, .asIs),
    (["2024-02-29", ""], .date, .asIs), (["2024-02-29", "a"], .char, .asIs),
    (["2023-02-29"], .char, .asIs), (["2024-02-29", "2024-02-29 10:00:00"], .char, .asIs),
    (["2024-02-29 10:00:00", "2024-02-29 10:00:00.5"], .datetime, .asIs),
    (["2024-02-29T10:00:00"], .char, .asIs), (["2024-02-29 10:00:00+02"], .char, .asIs),
    (["2024-2-9"], .char, .asIs),
  ]

  @Test("A column that nobody described is what all its cells look like", arguments: looks)
  func inferred(_ cells: [String], _ type: FieldType, _ ending: ColumnEnding) throws {
    let lines = cells.enumerated().map { "\($0 + 1),\($1)" }
    let rows = try Rows(.text("id,x_new\n" + lines.joined(separator: "\n")))
    #expect(rows.type(of: "x_new") == type)
    #expect(rows.contents?.tables[0].columns[1].ending == ending)
  }

  static let names = [
    "res_partner.csv", "res_partner.copy.csv", "public.res_partner.csv", "res.partner.csv",
    "dump/public.res_partner.copy.csv", "res.partner.export.csv",
  ]

  @Test("A file is named by the table or the model", arguments: names)
  func named(_ name: String) throws {
    let rows = try Rows(.tar((name, "id\n1\n"), ("x_thing.csv", "id,a\n3,b\n")))
    #expect(rows.contents?.tables.map(\.model) == ["res.partner", "x.thing"])
  }

  @Test("The table of a many2many is the list of the field, wherever it stands")
  func relations() throws {
    let partners = ("res_partner.csv", "id,name\n1,a\n2,b\n")
    let tags = (
      "g2p_registrant_tags_res_partner_rel.csv", "res_partner_id,g2p_registrant_tags_id\n1,7\n2,8\n"
    )
    let categories = ("res_partner_res_partner_category_rel.csv", "category_id,partner_id\n5,1\n")
    for source in [
      SnapshotSource.tar(partners, tags, categories), .tar(tags, categories, partners),
    ] {
      let rows = try Rows(source)
      #expect(rows.lists["res.partner/tags_ids"] == [[1, 7], [2, 8]])
      #expect(rows.lists["res.partner/category_id"] == [[1, 5]])
      #expect(rows.contents?.catalog["res.partner"]?["tags_ids"]?.isPresent == true)
      #expect(rows.contents?.lists.first { $0.model != "res.partner" }?.isSuperseded == true)
    }
  }

  @Test("An unknown relation table is left out, and that is said")
  func unknownRelation() throws {
    let rows = try Rows(.tar(("res_partner.csv", "id\n1\n"), ("x_y_rel.csv", "x_id,y_id\n1,2\n")))
    #expect(rows.contents?.notes.count == 1 && rows.lists.isEmpty)
  }

  @Test("A VID that was joined to the person is an id of the person")
  func joined() throws {
    let rows = try Rows(
      .text("id,name,vid,vid_status\n1,a,0123,valid\n2,b,,\n3,c,9,\n3,c,8,invalid\n"))
    #expect(rows.records().map { $0["id"] } == [.integer(1), .integer(2), .integer(3)])
    let ids = rows.records("g2p.reg.id")
    #expect(ids.map { $0["partner_id"] } == [.integer(1), .integer(3), .integer(3)])
    #expect(ids.map { $0["value"] } == [.text("0123"), .text("9"), .text("8")])
    let type = try #require(ids[0]["id_type"]?.number)
    #expect(rows.names["g2p.id.type"] == [type: "MOSIP VID"])
    #expect(rows.type(of: "vid") == nil)
  }

  @Test("A lone file that is named by another table holds no registrants")
  func otherTable() throws {
    let source = SnapshotSource(name: "g2p_reg_id.copy.csv") {
      TextSource([("", "id,value\n1,7\n")], isArchive: false, piece: .max)
    }
    let fault = try #require(throws: SnapshotFault.self) { try Rows(source) }
    #expect(fault.code == "no_registrants")
  }

  @Test("A table without rows has its columns")
  func empty() throws {
    let rows = try Rows(.tar(("res_partner.csv", "id,name\n"), ("g2p_reg_id.csv", "id,value\n")))
    for field in ["id", "value"] {
      #expect(rows.contents?.catalog["g2p.reg.id"]?[field]?.isPresent == true)
    }
    #expect(rows.contents?.tables.map { $0.columns.count } == [2, 2])
  }
}
