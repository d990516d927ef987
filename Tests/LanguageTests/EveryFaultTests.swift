import Faults
import JSONText
import Testing

@testable import Language

/// One reading finds all that is wrong, in the order of the text.
struct EveryFaultTests {
  private static func faults(_ text: String) throws -> [any Fault] {
    try FaultList(of: ManifestDecoder.read(JSONDocument(parsing: text)).faults)?.all ?? []
  }

  @Test("Every fault of a manifest is told, each with its place")
  func all() throws {
    let found = try Self.faults(
      """
      {"airlock": "job", "version": 1, "name": "No Name",
       "input": {"type": "ftp", "form": 1},
       "schedule": {"type": "recurring", "interval_minutes": 0, "start": "soon"},
       "expires": "2026-13-01T00:00:00Z",
       "filter": ["|", ["a", "==", 1], ["b", "any", [["c", "~", 1], ["d", "=", 2], ["e"]]], "and"],
       "fields": ["given_name", 7, "given_name", "a b"],
       "order": "id; drop", "limit": -1, "resend": {"rule": "never"}, "active_test": "no",
       "mts": {"mapping": {"nme": "x", "name": []}, "output": "xml", "lang": "english",
               "delivery": "sftp", "batch_size": 0, "output_format": ""},
       "outbox": "/tmp"}
      """)
    let places = found.map { "\($0.code) \($0.place?.pointer ?? "")" }
    #expect(
      places == [
        "missing_key ", "bad_name /name", "unknown_input /input/type", "unknown_key /input/form",
        "out_of_range /schedule/interval_minutes", "bad_time /schedule/start", "bad_time /expires",
        "unknown_operator /filter/1/1", "unknown_operator /filter/2/2/0/1",
        "not_a_term /filter/2/2/2",
        "not_a_term /filter/3", "wrong_type /fields/1", "duplicate_field /fields/2",
        "bad_field_name /fields/3", "bad_order /order", "out_of_range /limit",
        "unknown_rule /resend/rule", "wrong_type /active_test", "unknown_key /mts/mapping/nme",
        "out_of_range /mts/mapping/name", "unknown_output /mts/output", "bad_language /mts/lang",
        "delivery_needs_network /mts/delivery", "out_of_range /mts/batch_size",
        "out_of_range /mts/output_format", "unknown_key /outbox",
      ])
    #expect(found.allSatisfy { $0.place?.line != nil })
  }

  @Test("A hundred faults are told at most, and no value is in any of them")
  func most() throws {
    let fields = (0..<500).map { "4437540383498\($0)" }.joined(separator: ", ")
    let found = try Self.faults(JobSchemaTests.manifest("fields", "[\(fields)]"))
    #expect(!found.isEmpty && found.count <= FaultList.most)
    let many = (0..<150).map { "4437540383498\($0)" }.joined(separator: ", ")
    let more = try Self.faults(JobSchemaTests.manifest("fields", "[\(many)]"))
    #expect(more.count == FaultList.most)
    #expect(more.allSatisfy { !$0.description.contains("44375") })
  }

  @Test("What the snapshot does not know is told for every condition, also inside \"any\"")
  func unknownFields() throws {
    let inner = ModelDescription(
      "g2p.reg.id", origin: .builtIn, fields: [FieldDescription("value", .char)])
    let model = ModelDescription(
      "res.partner", origin: .builtIn,
      fields: [
        FieldDescription("name", .char), FieldDescription("color", .integer),
        FieldDescription("reg_ids", .one2many, relation: "g2p.reg.id", inverse: "partner_id"),
      ])
    let text = """
      [["nme", "=", 1], ["name", "=", "x"], "|", ["color", "=", "blue"], ["reg_ids.vlue", "=", 1],
       ["reg_ids", "any", [["value", "=", 1], ["a", "=", 1], ["b", "=", 2]]]]
      """
    let domain = try DomainParser().parse(JSONCursor(JSONDocument(parsing: text)))
    let found = Resolver(catalog: ModelCatalog([model, inner])).faults(
      of: domain, on: "res.partner", activeTest: true)
    #expect(found.map(\.pointer) == ["/0", "/3", "/4", "/5/2/1", "/5/2/2"])
  }
}
