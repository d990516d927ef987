import Faults
import JSONText
import Testing

@testable import Language

/// `g2p_search_domain` and `g2p_selected_fields`: JSON inside a string, as Odoo stores it.
struct StoredTextTests {
  private static func decode(domain: String, fields: String) throws -> Manifest {
    let manifest: JSON = [
      "airlock": "job", "version": 1, "name": "vid", "recipient": "mts",
      "g2p_search_domain": .string(domain), "g2p_selected_fields": .string(fields),
    ]
    return try ManifestDecoder.decode(JSONDocument(parsing: manifest.pretty()))
  }

  /// The defaults of `g2p_mts`, with its own line breaks.
  private static let domain = """
    [
        ["is_registrant","=", true],
        ["reg_ids.id_type","=like", "MOSIP VID"],
        "!", ["reg_ids.id_type","=like","MOSIP UIN TOKEN"]
    ]
    """
  private static let fields =
    "[\"id\", \"given_name\", \"family_name\", \"birthdate\", \"gender\", \"address\", \"email\", \"phone\"]"

  @Test("The texts as Odoo stores them are taken as they are")
  func taken() throws {
    let manifest = try Self.decode(domain: Self.domain, fields: Self.fields)
    #expect(manifest.filter.conditions.count == 3)
    #expect(manifest.fields.map(\.name).first == "id")
    #expect(manifest.fields.count == 8)
  }

  @Test(
    "A fault inside is placed at the string, with line and column within",
    arguments: [
      ("[\n  [\"a\", \"==\", 1]\n]", "unknown_operator", 2, 9), ("[\n[\"a\"]]", "not_a_term", 2, 1),
      ("[[\"a\", \"=\", 1],]", "json_syntax", 1, 16),
      ("[[\"a\", \"=\", 1]]\n]", "json_trailing_data", 2, 1),
      ("{\"a\": 1, \"\\u0061\": 2}", "json_duplicate_key", 1, 10), ("", "json_empty", nil, nil),
    ] as [(String, String, Int?, Int?)])
  func placed(domain: String, code: String, line: Int?, column: Int?) throws {
    let list = #expect(throws: FaultList.self) {
      try Self.decode(domain: domain, fields: Self.fields)
    }
    let fault = try #require(list?.all.first)
    #expect(fault.code == code)
    #expect(fault.place?.pointer == "/g2p_search_domain")
    #expect(fault.place?.line == 6)
    #expect(fault.place?.inside?.line == line)
    if code != "json_syntax" { #expect(fault.place?.inside?.column == column) }
  }

  @Test("Inside the list of fields as well, and the message says so")
  func fieldPlace() throws {
    let list = #expect(throws: FaultList.self) {
      try Self.decode(domain: Self.domain, fields: "[\"id\",\n 7, \"id\"]")
    }
    #expect(list?.all.map(\.code) == ["wrong_type", "duplicate_field"])
    #expect(list?.message.contains("in that text line 2, column 2 (/g2p_selected_fields)") == true)
  }

  @Test("Text that is no JSON list, a list that is no text, and both at once are refused")
  func otherForms() throws {
    for fields in ["id, name", "\"id\"", "{}", "null"] {
      #expect(throws: FaultList.self) { try Self.decode(domain: Self.domain, fields: fields) }
    }
    let list = #expect(throws: FaultList.self) {
      try ManifestDecoder.decode(
        JSONDocument(parsing: JobSchemaTests.manifest("g2p_selected_fields", "[\"id\"]")))
    }
    #expect(list?.all.map(\.code) == ["said_twice"])
  }
}
