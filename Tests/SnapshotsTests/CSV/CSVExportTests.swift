import Language
import Testing

@testable import Snapshots

/// What Odoo's export dialogue writes.
struct CSVExportTests {
  private func rows(_ text: String) throws -> Rows { try Rows(.text(text)) }

  @Test("A record goes on in rows whose own columns are blank")
  func continuation() throws {
    for batch in [1, 1 << 20] {
      var limits = SnapshotLimits()
      limits.batchBytes = batch
      let rows = try Rows(
        .text(
          """
          .id,name,reg_ids/.id,reg_ids/value,phone_number_ids/phone_no
          7,a,3,v3,p1
          ,,2,v2,p2
          ,,,,p3
          8,b,,,
          9,c,5,,

          """), limits: limits)
      #expect(rows.records().map { $0["id"] } == [.integer(7), .integer(8), .integer(9)])
      #expect(
        rows.records("g2p.reg.id").map { [$0["id"], $0["partner_id"], $0["value"]] } == [
          [.integer(3), .integer(7), .text("v3")], [.integer(2), .integer(7), .text("v2")],
          [.integer(5), .integer(9), .null],
        ])
      #expect(
        rows.records("g2p.phone.number").map { [$0["id"], $0["partner_id"], $0["phone_no"]] } == [
          [.integer(-1), .integer(7), .text("p1")], [.integer(-2), .integer(7), .text("p2")],
          [.integer(-3), .integer(7), .text("p3")],
        ])
      #expect(rows.contents?.form == .csvExport)
      for (model, field) in [
        ("res.partner", "reg_ids"), ("res.partner", "id"), ("g2p.phone.number", "id"),
      ] { #expect(rows.contents?.catalog[model]?[field]?.isPresent == true) }
    }
  }

  static let values: [(String, String, Rows.Value)] = [
    ("active", "True", .integer(1)), ("active", "", .integer(0)), ("active", "TRUE", .integer(1)),
    ("gender", "Female", .text("Female")), ("gender", "other", .text("other")),
    ("gender", "", .null), ("name", "", .null), ("name", "'+63917", .text("+63917")),
    ("name", "'=1+1", .text("=1+1")), ("name", "'-", .text("-")), ("name", "'", .text("'")),
    ("name", "'@x", .text("'@x")), ("name", "''+", .text("''+")),
    ("name", "O'Brien", .text("O'Brien")),
    ("color", "0", .integer(0)), ("color", "-5", .integer(-5)), ("income", "0.0", .real(0)),
    ("income", "0.30000000000000004", .real(0.30000000000000004)),
    ("income", "1000000000000000.0", .real(1e15)), ("income", "5071.59", .real(5071.59)),
    ("income", "-0.1", .real(-0.1)), ("income", "1e+22", .real(1e22)),
    ("birthdate", "1994-11-21", .text("1994-11-21")),
    ("disabled", "2023-07-25 00:00:59", .text("2023-07-25 00:00:59")),
    ("Date of Birth", "1994-11-21", .text("1994-11-21")),
  ]

  @Test("A value is what Odoo means by it", arguments: values)
  func value(_ column: String, _ text: String, _ wanted: Rows.Value) throws {
    let record = try #require(try rows(".id,\(column)\n1,\(text)\n").records().first)
    #expect(record.first { $0.key != "id" }?.value == wanted)
  }

  @Test("The label of a choice is found in lines as well, a blank between quotes included")
  func labels() throws {
    let rows = try rows(
      "ID,Registrant IDs/Status,Group Members/Status,Group Members/Individual/ID\n1,Valid,\" \",4\n"
    )
    #expect(rows.records("g2p.reg.id").first?["status"] == .text("valid"))
    #expect(rows.records("g2p.group.membership").first?["status"] == .text("active"))
    #expect(rows.records("g2p.group.membership").first?["individual"] == .integer(4))
    #expect(rows.records("g2p.group.membership").first?["group"] == .integer(1))
  }

  @Test("A link is its id, or what its external id stands for, or else its name")
  func links() throws {
    let rows = try rows(
      """
      .id,district,district/.id,kind,kind/id,country_id,title/id
      1,Kandal,12,Household,__export__.g2p_group_kind_4_0123abcd,Kenya,base.mister
      2,Takeo,13,,,Kenya,base.madam
      3,,,,,Uganda,

      """)
    let records = rows.records()
    #expect(records.map { $0["district"] } == [.integer(12), .integer(13), .null])
    let kind = ExternalID.number("__export__.g2p_group_kind_4_0123abcd")
    #expect(records.map { $0["kind"] } == [.integer(kind), .null, .null])
    #expect(rows.names["g2p.group.kind"] == [kind: "Household"])
    let countries = records.compactMap { $0["country_id"]?.number }
    #expect(countries[0] == countries[1] && countries[0] != countries[2])
    #expect(countries.allSatisfy { $0 < -1 << 31 })
    #expect(rows.names["g2p.district"] == [12: "Kandal", 13: "Takeo"])
    #expect(rows.names["res.country"] == [countries[0]: "Kenya", countries[2]: "Uganda"])
    #expect(records[0]["title"] != records[1]["title"])
  }

  @Test("A list is names with commas between, or one name a row")
  func lists() throws {
    let compact = try rows(".id,tags_ids\n1,\"a,b\"\n2,b\n3,\n")
    let plain = try rows(".id,tags_ids\n1,a\n,b\n2,b\n3,\n")
    #expect(compact.names == plain.names && compact.lists == plain.lists)
    #expect(compact.names["g2p.registrant.tags"]?.count == 2)
    let comma = try rows(".id,tags_ids\n1,a\n,\"b, c\"\n")
    #expect(comma.names["g2p.registrant.tags"]?.values.sorted() == ["a", "b, c"])
    let ids = try rows(".id,tags_ids,tags_ids/.id\n1,a,4\n,b,5\n2,b,5\n")
    #expect(ids.lists["res.partner/tags_ids"] == [[1, 4], [1, 5], [2, 5]])
    #expect(ids.names["g2p.registrant.tags"] == [4: "a", 5: "b"])
  }

  @Test("Names of partners are no links: the column is left out, and that is said")
  func leftOut() throws {
    let rows = try rows(
      "ID,Related Company,Favourite Colour,Registrant IDs,tags_ids/color\n1,x,y,z,3\n")
    #expect(rows.records() == [["id": .integer(1)]])
    #expect(rows.contents?.catalog["res.partner"]?["parent_id"]?.isPresent == false)
    let notes = rows.contents?.notes ?? []
    #expect(notes.count == 4)
    #expect(
      notes.first
        == "drop.json, line 1, column 2 (Related Company): left out, since it names records of res.partner without their ids; export parent_id/.id"
    )
  }

  @Test("The description that comes along gives labels and choices")
  func described() throws {
    let rows = try Rows(
      .tar(
        ("res.partner.export_plain.csv", "ID,Größe,Status\n1,Groß,x\n"),
        (
          "res.partner.fields_get.json",
          #"{"id":{"type":"integer"},"x_size":{"type":"selection","string":"Größe","selection":[["l","Groß"]]},"x_state":{"type":"char","string":"Status"}}"#
        )))
    #expect(
      rows.records() == [["id": .integer(1), "x_size": .text("l"), "x_state": .text("x")]])
    #expect(rows.contents?.catalog["res.partner"]?["x_size"]?.selectionLabels == [])
  }

  @Test("Labels in another language are read by the description that comes after them")
  func lateLabels() throws {
    let rows = try Rows(
      .tar(
        ("res.partner.csv", "ID,gender\n1,Femme\n"),
        (
          "res.partner.fields_get.json",
          #"{"id":{"type":"integer"},"gender":{"type":"selection","selection":[["female","Femme"]]}}"#
        )))
    #expect(rows.records().map { $0["gender"] } == [.text("female")])
  }

  @Test("Only names, where the other model has a file, are refused")
  func namesOnly() throws {
    let partners = ("res.partner.csv", ".id,district\n1,Kandal\n")
    let districts = ("g2p.district.csv", "id,name\n4,Kandal\n")
    let fault = try #require(throws: SnapshotFault.self) { try Rows(.tar(partners, districts)) }
    #expect(fault.code == "names_only")
    let rows = try Rows(.tar(districts, partners))
    #expect(rows.contents?.notes.count == 1)
    let external = ("res.partner.csv", ".id,district/id\n1,base.kandal\n")
    #expect(throws: SnapshotFault.self) { try Rows(.tar(external, districts)) }
    #expect(throws: SnapshotFault.self) { try Rows(.tar(districts, external)) }
    let numbered = ("res.partner.csv", ".id,district/id\n1,__export__.g2p_district_4_0123abcd\n")
    #expect(throws: SnapshotFault.self) { try Rows(.tar(numbered, districts)) }
  }
}

extension Rows.Value {
  var number: Int64? {
    guard case .integer(let number) = self else { return nil }
    return number
  }
}
