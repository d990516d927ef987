import Language
import Testing

@testable import Snapshots

/// `fields_get` answers.
struct DescriptionTests {
  private func read(_ text: String, known: ModelDescription? = nil) throws -> ModelDescription {
    try FieldsGet.read(
      Array(text.utf8), model: "x.y", known: known, file: "x.y.fields_get.json",
      limits: SnapshotLimits())
  }

  @Test("All that we use of a field is read")
  func full() throws {
    let model = try read(
      #"{"a":{"type":"selection","string":"A","selection":[["x","X"],[7,"Y"],[false,"Z"]],"store":false,"searchable":false,"related":"b.c","size":5}}"#
    )
    let field = try #require(model["a"])
    #expect(field.type == .selection && field.label == "A" && field.selection == ["x", "7"])
    #expect(!field.isStored && !field.isSearchable && field.related == "b.c" && field.size == 5)
  }

  @Test("What an answer with few attributes leaves out is taken from what is known")
  func sparse() throws {
    let known = try #require(BuiltIn.catalog["res.partner"])
    let model = try read(
      #"{"reg_ids":{"type":"one2many"},"kind_as_str":{"type":"char"},"x":{"type":"char"}}"#,
      known: known)
    #expect(model["reg_ids"]?.inverse == "partner_id" && model["reg_ids"]?.relation == "g2p.reg.id")
    #expect(model["kind_as_str"]?.related == "kind.name" && model["kind_as_str"]?.isStored == false)
    #expect(model["x"]?.isStored == true && model["x"]?.label == "x")
  }

  @Test("A type that Odoo adds one day is kept as it comes")
  func newType() throws {
    #expect(try read(#"{"a":{"type":"properties"}}"#)["a"]?.type == .other)
  }

  @Test("A wrong answer says where")
  func places() throws {
    let fault = try #require(throws: SnapshotFault.self) { try read("{\"a\":{\"type\":\n7}}") }
    #expect(
      fault.message
        == "x.y.fields_get.json, line 2, column 1 (/a/type): this must be text, in quotes, and is a whole number"
    )
  }
}
