import Fixtures
import Foundation
import Testing

@testable import Snapshots

/// A file that is dropped by itself is the registry, or it is refused.
struct LoneFileTests {
  private func tell(_ name: String, _ text: String) throws -> DropForm {
    try DropForm.tell(
      SnapshotSource(name: name) { TextSource([("", text)], isArchive: false, piece: .max) })
  }

  /// Models whose exports have no field that tells them from partners of few fields: named as partners
  /// they are believed, and held as unlike the last.
  private static let fewFields = ["g2p.id.type", "g2p.district", "res.country"]

  @Test("Each real file of another model is refused with its name, whatever it is called")
  func realModels() throws {
    let models = [
      "g2p.reg.id", "g2p.phone.number", "g2p.group.membership", "g2p.id.type", "g2p.district",
      "res.country", "res.country.state", "res.users", "res.company", "g2p.reg.rel",
      "res.partner.category",
    ]
    for model in models {
      let path = Fixture.path("search_read/\(model).search_read.ndjson")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      for name in [
        "\(model).search_read.ndjson", "\(model).ndjson", "\(model).2.json", "\(model) (1).json",
      ] {
        let fault = try #require(throws: SnapshotFault.self) { try tell(name, text) }
        #expect(fault.code == "another_model" && fault.message.contains(model), "\(name)")
      }
      let silent = try #require(throws: SnapshotFault.self) { try tell("export.json", text) }
      #expect(["another_model", "unknown_model"].contains(silent.code), "\(model)")
      let named = try? tell("res.partner.ndjson", text)
      #expect(named == nil || Self.fewFields.contains(model), "\(model)")
    }
  }

  static let taken = [
    ("Contact (res.partner) (1).csv", "ID,Name\n1,A\n"),
    ("res.partner.as_it_came.json", #"[{"id": 1, "given_name": "A"}]"#),
    ("export.json", #"[{"id": 1, "given_name": "A"}]"#), ("x.ndjson", #"{"id": 1, "reg_ids": []}"#),
    ("res.partner.json", #"[{"id": 1, "name": "A"}]"#), ("res_partner.csv", "id,name\n1,A\n"),
    ("Contact.csv", "ID;Name\n1;A\n"), ("Contacts.csv", "ID,Name\n1,A\n"),
    ("Contact (res.partner).csv", "ID,Name\n1,A\n"), ("res.partner.2.ndjson", #"{"id": 1}"#),
    ("res_partner (2).csv", "id,name\n1,A\n"), ("list.csv", "External ID,Given Name\nx_1,A\n"),
    ("mine.json", #"[{"id": 1, "partner_share": true, "x_login": "a"}]"#),
  ]

  @Test(
    "Registrants are known by the file's name, or by fields that only they have", arguments: taken)
  func known(_ name: String, _ text: String) throws {
    #expect(try tell(name, text) == .registry(nil))
  }

  static let refused = [
    ("export.json", #"[{"id": 1, "name": "A"}]"#, "unknown_model"),
    (
      "export.json", #"{"id": 1, "data": [{"id": 7, "given_name": "A"}]}"#, "not_registry_data"
    ),
    ("export.json", #"{"Roe": [{"id": 7, "given_name": "A"}]}"#, "not_registry_data"),
    (
      "res.partner.json", #"{"records": [{"id": 7, "given_name": "A"}], "total": 6, "x": 1}"#,
      "not_registry_data"
    ),
    (
      "draft.json", #"[{"id": 1, "given_name": "A", "partner_data": "{}", "state": "draft"}]"#,
      "another_model"
    ),
    ("export.json", #"[{"id": 1}]"#, "unknown_model"),
    ("list.csv", "ID;Name;Birth\n1;A;1990\n", "unknown_model"),
    ("export.json", #"[{"id": 1, "login": "a", "given_name": "A"}]"#, "another_model"),
    (
      "export.json", #"[{"id": 1, "partner_id": [2, "B"], "is_registrant": true}]"#, "another_model"
    ),
    ("g2p.reg.id.json", #"[{"id": 1, "given_name": "A"}]"#, "name_contradicts_fields"),
    (
      "res.partner.json", #"[{"id": 1, "partner_id": [2, "B"], "value": "V"}]"#,
      "name_contradicts_fields"
    ),
    ("spp.area.ndjson", #"{"id": 1, "name": "A"}"#, "another_model"),
    ("g2p_reg_id.csv", "id,partner_id,value\n1,2,V\n", "another_model"),
  ]

  @Test("What does not say that it is the registry never takes its place", arguments: refused)
  func strange(_ name: String, _ text: String, _ code: String) throws {
    let fault = try #require(throws: SnapshotFault.self) { try tell(name, text) }
    #expect(fault.code == code && fault.hint != nil)
    #expect(!fault.message.contains("Roe"), "a list may be named by a person")
  }

  @Test("A part of a snapshot is refused with how all of them are packed")
  func part() throws {
    let head = #"{"airlock": "snapshot", "version": 1, "name": "n", "part": 2, "of": 5}"#
    let fault = try #require(throws: SnapshotFault.self) {
      try tell("b.ndjson", head + "\n{\"id\": 1}")
    }
    #expect(fault.code == "one_part" && fault.hint?.contains("tar -cf") == true)
    #expect(fault.message.contains("part 2 of 5"))
  }
}
