import Language
import Testing

@testable import Snapshots

/// List views as they leave the browser: choices and labels of the registry's own.
struct CSVChoiceTests {
  private func rows(_ text: String) throws -> Rows { try Rows(.text(text)) }

  @Test(
    "fault 132: a gender is the registry's own word: kept as it stands, in every spelling, and that is said"
  )
  func dynamic() throws {
    for word in ["Female", "F", "Femme", "ស្រី", "male"] {
      let rows = try rows("ID,Given Name,Gender\n1,Ana,\(word)\n")
      #expect(rows.records().first?["gender"] == .text(word))
      #expect(rows.type(of: "gender") == .selection)
      #expect(rows.contents?.notes.count == 1)
    }
  }

  @Test("fault 132: a choice that was removed is that record's value, kept and counted")
  func stale() throws {
    let rows = try Rows(
      .tar(
        (
          "res.partner.fields_get.json",
          #"{"id":{"type":"integer"},"gender":{"type":"selection","string":"Gender","selection":[["X","Other"],["Male ","Masc"]]}}"#
        ), ("res.partner.csv", "ID,Gender\n1,Masc\n2,Weiblich\n3,Other\n4,X\n5,Uomo\n")))
    #expect(
      rows.records().map { $0["gender"] } == [
        .text("Male "), .text("Weiblich"), .text("X"), .text("X"), .text("Uomo"),
      ])
    #expect(rows.contents?.notes.count == 1)
    #expect(
      rows.contents?.notes.first?.hasPrefix(
        "res.partner.csv, line 1, column 2 (Gender): 2 values are no labels and no keys") == true)
    #expect(rows.contents?.notes.map(SnapshotContents.code(of:)) == ["kept_values"])
  }

  @Test(
    "fault 132: a list that nobody described goes on in rows of its own: its column is left out, whole"
  )
  func customList() throws {
    let rows = try rows(
      "ID,Given Name,Livelihoods,Registrant IDs/Value\n7,Ana,Farming,111\n,,Fishing,222\n,,Trade,\n8,Ben,Trade,333\n"
    )
    #expect(rows.records().map { $0["id"] } == [.integer(7), .integer(8)])
    #expect(
      rows.records("g2p.reg.id").map { $0["partner_id"] } == [
        .integer(7), .integer(7), .integer(8),
      ])
    #expect(rows.contents?.catalog["res.partner"]?["Livelihoods"]?.isPresent == false)
    #expect(rows.contents?.notes.contains { $0.hasPrefix("Livelihoods: left out") } == true)
    let fault = try #require(throws: SnapshotFault.self) {
      try self.rows("ID,Given Name,Livelihoods\n7,Ana,Farming\n,Ben,Fishing\n")
    }
    #expect(fault.code == "missing_id")
  }

  private static let french = (
    "res.partner.csv",
    "ID,Prénom,Genre,IDs de l'inscrit/ID,IDs de l'inscrit/Évaluer,IDs de l'inscrit/Type d'ID\n7,Ana,Femme,3,111,MOSIP VID\n"
  )
  private static let partner = (
    "res.partner.fields_get.json",
    #"{"id":{"type":"integer","string":"ID"},"given_name":{"type":"char","string":"Prénom"},"gender":{"type":"selection","string":"Genre","selection":[["f","Femme"]]},"reg_ids":{"type":"one2many","relation":"g2p.reg.id","relation_field":"partner_id","string":"IDs de l'inscrit"}}"#
  )
  private static let ids = (
    "g2p.reg.id.fields_get.json",
    #"{"id":{"type":"integer"},"partner_id":{"type":"many2one","relation":"res.partner"},"value":{"type":"char","string":"Évaluer"},"id_type":{"type":"many2one","relation":"g2p.id.type","string":"Type d'ID"}}"#
  )

  @Test(
    "fault 132: labels in another language load with the descriptions in it, in whatever order they come"
  )
  func labels() throws {
    for rows in [
      try Rows(.tar(Self.partner, Self.ids, Self.french)),
      try Rows(.tar(Self.french, Self.ids, Self.partner)),
      try Rows(.tar(Self.partner, Self.french, Self.ids)),
    ] {
      #expect(rows.records().map { $0["gender"] } == [.text("f")])
      #expect(rows.records("g2p.reg.id").map { $0["value"] } == [.text("111")])
    }
  }

  @Test("fault 132: without them the file is refused, and told by name which are needed")
  func foreign() throws {
    let alone = try #require(throws: SnapshotFault.self) { try Rows(.tar(Self.french)) }
    #expect(alone.code == "foreign_labels")
    for file in ["res.partner.fields_get.json", "g2p.reg.id.fields_get.json"] {
      #expect(alone.message.contains(file), "\(alone.message)")
    }
    #expect(alone.hint?.contains("import-compatible export") == true)
    let half = try #require(throws: SnapshotFault.self) {
      try Rows(.tar(Self.partner, Self.french))
    }
    #expect(half.code == "foreign_labels")
    #expect(half.message.contains("labels that are not known: g2p.reg.id.fields_get.json"))
  }

  @Test("fault 130: the columns of VIDs that a spreadsheet went through are told of, in counts")
  func spreadsheet() throws {
    func note(_ values: [String]) throws -> String? {
      let lines = values.enumerated().map { "\($0.offset + 1),MOSIP VID,\($0.element)\n" }
      let rows = try rows(
        "ID,Registrant IDs/ID Type,Registrant IDs/Value\n" + lines.joined())
      #expect(rows.records("g2p.reg.id").count == values.count)
      return rows.contents?.notes.first
    }
    let place = "drop.json, line 1, column 3 (Registrant IDs/Value): the marks of a spreadsheet: "
    let sound = "4126162436616973"
    for (values, wanted) in [
      (["4.12616E+15", sound], "1 in exponent or decimal form"),
      (["\"4,12616E+15\"", "4126162436616973.0"], "2 in exponent or decimal form"),
      (["################", sound], "1 of #"),
      (["'4126162436616973", sound], "1 with an apostrophe"),
      (["4126 1624 3661 6973"], "1 with blanks among the digits"),
      ([sound, "265853476398960"], "1 with fewer digits than the others"),
      (
        ["4126162436616970", "265853476398960"],
        "1 with zeros from the 16th digit on, 1 with fewer digits than the others"
      ),
    ] as [([String], String)] {
      let note = try #require(try note(values))
      #expect(note.hasPrefix(place + wanted + ";"), "\(note)")
      #expect(!note.contains("41261") && SnapshotContents.code(of: note) == "spreadsheet_marks")
    }
    for values in [[sound], ["4126162436616970"], ["A12", "N123456789"], ["123", "12345", "9"]] {
      #expect(try note(values) == nil, "\(values)")
    }
  }
}
