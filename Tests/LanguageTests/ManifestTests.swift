import Faults
import JSONText
import Testing

@testable import Language

struct ManifestTests {
  static let head =
    "\"airlock\": \"job\", \"version\": 1, \"name\": \"vid\", \"recipient\": \"mts\""
  static let fields = "\"fields\": [\"given_name\", \"gender\", \"birthdate\", \"address\"]"
  static let filter = "\"filter\": [[\"is_registrant\", \"=\", true]]"

  static func decode(_ parts: String...) throws -> Manifest {
    try ManifestDecoder.decode(JSONDocument(parsing: "{\(parts.joined(separator: ",\n"))}"))
  }

  @Test("A manifest without an mts block has the usual mapping and batches of 1,000")
  func usual() throws {
    let manifest = try Self.decode(Self.head, Self.filter, Self.fields)
    #expect(manifest.name == "vid")
    #expect(manifest.mts.batchSize == 1000)
    #expect(manifest.mts.mapping[.name].map(\.name) == ["given_name"])
    #expect(manifest.mts.mapping[.phoneNumber].isEmpty)
    #expect(manifest.limit == nil)
  }

  @Test(
    "A manifest that is wrong says what and where",
    arguments: [
      ("\"airlock\": \"jbo\", \"version\": 1", "wrong_kind", "/airlock"),
      ("\"airlock\": \"job\", \"version\": 2", "unknown_version", "/version"),
      ("\(head), \(filter), \(fields), \"limt\": 3", "unknown_key", "/limt"),
      ("\(head), \(filter), \(fields), \"limit\": 0", "out_of_range", "/limit"),
      ("\(head), \(filter), \"fields\": []", "no_fields", "/fields"),
      ("\(head), \(filter), \"fields\": [\"a\", \"a\"]", "duplicate_field", "/fields/1"),
      ("\(head), \(fields), \"filter\": []", "everyone_needs_consent", "/filter"),
      ("\(head), \(fields), \"filter\": [[1, \"=\", 1]]", "everyone_needs_consent", "/filter"),
      (
        "\(head), \(fields), \"filter\": [[\"x\", \"not in\", []]]", "everyone_needs_consent",
        "/filter"
      ),
      (
        "\(head), \(filter), \(fields), \"everyone\": true", "everyone_contradicts_filter",
        "/everyone"
      ),
      (
        "\(head), \(filter), \(fields), \"mts\": {\"batch_size\": 5001}", "out_of_range",
        "/mts/batch_size"
      ),
      (
        "\(head), \(filter), \(fields), \"mts\": {\"mapping\": {\"vid\": \"x\"}}",
        "vid_is_not_mapped", "/mts/mapping/vid"
      ),
      (
        "\(head), \(filter), \(fields), \"mts\": {\"mapping\": {\"nme\": \"x\"}}", "unknown_key",
        "/mts/mapping/nme"
      ),
      ("\(head), \(filter), \"fields\": [\"email\"]", "mapping_incomplete", ""),
      (
        "\(head), \(filter), \(fields), \"input\": {\"type\": \"ftp\"}", "unknown_input",
        "/input/type"
      ),
      ("\"airlock\": \"job\", \"version\": 1, \"name\": \"../x\"", "bad_name", "/name"),
    ])
  func faults(text: String, code: String, pointer: String) {
    let fault = #expect(throws: FaultList.self) { try Self.decode(text) }
    #expect(fault?.all.contains { $0.code == code && $0.place?.pointer == pointer } == true)
  }

  @Test("Everyone may be asked for, by saying so")
  func everyone() throws {
    let manifest = try Self.decode(Self.head, Self.fields, "\"filter\": [], \"everyone\": true")
    #expect(manifest.filter.foregone == true)
  }

  @Test("A key that stands twice is refused, also when it is escaped")
  func duplicateKey() {
    #expect(throws: JSONFault.self) { try Self.decode(Self.head, "\"n\\u0061me\": \"y\"") }
  }

  @Test("A filter's fault is placed in the manifest")
  func filterFault() {
    let fault = #expect(throws: FaultList.self) {
      try Self.decode(Self.head, Self.fields, "\"filter\": [[\"a\", \"===\", 1]]")
    }
    #expect(fault?.place?.pointer == "/filter/0/1")
    #expect(fault?.place?.line == 3)
  }
}
