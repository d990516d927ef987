import Language
import Testing

@testable import Snapshots

/// `MODEL.model.json`: what `fields_get` cannot tell of a model.
struct ModelFactsTests {
  private static let facts = """
    {"_rec_name": "x_label", "_active_name": "x_active", "_rec_names_search": ["x_label", "x_area.name"],
     "_parent_name": "x_parent", "_inherits": {"res.partner": "x_partner"}, "_order": "x_label, id desc"}
    """
  private static let fields = """
    {"id": {"type": "integer"}, "name": {"type": "char"}, "x_label": {"type": "char"},
     "x_active": {"type": "boolean"}}
    """

  private func model(_ entries: (String, String)...) throws -> ModelDescription? {
    let source = SnapshotSource(name: "drop.tar") {
      TextSource(
        entries + [("res.partner.ndjson", "{\"id\": 7}")], isArchive: true, piece: .max)
    }
    return try Rows(source).contents?.catalog["x_visit"]
  }

  @Test("The file counts wherever it stands, before or behind the records and the description")
  func places() throws {
    let entries = [
      ("x_visit.model.json", Self.facts), ("x_visit.ndjson", "{\"id\": 1, \"x_label\": \"a\"}"),
      ("x_visit.fields_get.json", Self.fields),
    ]
    for order in [[0, 1, 2], [1, 2, 0], [2, 0, 1], [1, 0, 2]] {
      let model = try model(entries[order[0]], entries[order[1]], entries[order[2]])
      #expect(model?.recName == "x_label" && model?.nameField?.name == "x_label", "\(order)")
      #expect(model?.activeField?.name == "x_active")
      #expect(model?.recNamesSearch == ["x_label", "x_area.name"])
      #expect(model?.parentName == "x_parent")
      #expect(model?.inherits == ["res.partner": "x_partner"])
    }
  }

  @Test("It counts for a model that nobody described, and one of no model says nothing")
  func undescribed() throws {
    let record = ("x_visit.ndjson", "{\"id\": 1, \"x_label\": \"a\"}")
    #expect(try model(record, ("x_visit.model.json", Self.facts))?.recName == "x_label")
    #expect(try model(("x_visit.model.json", Self.facts)) == nil)
  }

  @Test("What it does not speak of stays; what it says there is not goes back to Odoo's rule")
  func silence() throws {
    let user = ("res.users.ndjson", "{\"id\": 1, \"login\": \"a\"}")
    func users(_ facts: String) throws -> ModelDescription? {
      try Rows(
        .tar(
          ("res.partner.ndjson", "{\"id\": 7}"), user, ("res.users.model.json", facts))
      ).contents?.catalog["res.users"]
    }
    #expect(try users("{}")?.inherits == ["res.partner": "partner_id"])
    let bare = #"{"_rec_name": null, "_rec_names_search": false, "_inherits": {}}"#
    #expect(try users(bare)?.inherits == [:])
    #expect(try users(bare)?.recName == nil)
    #expect(try users(bare)?.recNamesSearch == [])
  }

  @Test(
    "fault 42: a file that is not understood is refused, with its place",
    arguments: [
      #"{"_rec_nme": "name"}"#, #"{"_rec_name": 7}"#, #"{"_rec_name": "a b"}"#,
      #"{"_rec_name": "a.b"}"#, #"{"_rec_names_search": "name"}"#,
      #"{"_rec_names_search": ["a..b"]}"#, #"{"_inherits": ["res.partner"]}"#,
      #"{"_inherits": {"res partner": "partner_id"}}"#, #"{"_order": 1}"#, "[]", "{", "",
    ])
  func refused(_ text: String) throws {
    let fault = try #require(throws: SnapshotFault.self) {
      try model(("x_visit.ndjson", ""), ("x_visit.model.json", text))
    }
    #expect(fault.code == "bad_description")
    #expect(fault.message.hasPrefix("x_visit.model.json"))
  }

  @Test("Two files of one model are refused")
  func twice() throws {
    let fault = try #require(throws: SnapshotFault.self) {
      try model(("x_visit.model.json", "{}"), ("a/x_visit.model.json", "{}"))
    }
    #expect(fault.code == "two_sources")
  }
}
