import Fixtures
import Foundation
import JSONText
import Testing

@testable import Language

/// The schema against the decoder: what the schema refuses, the decoder refuses. What only the decoder
/// refuses, a schema cannot say.
struct JobSchemaTests {
  enum Answer { case sound, bothRefuse, decoderRefuses }

  /// A sound manifest with one key in place of its own; `-` takes the key away.
  static let rows: [(key: String, value: String, answer: Answer)] = [
    ("note", "\"x\"", .sound), ("note", "[\"x\", \"y\"]", .sound), ("note", "7", .bothRefuse),
    ("note", "[7]", .bothRefuse), ("$schema", "\"urn:airlock:schema:job:1\"", .sound),
    ("$schema", "\"https://json-schema.org/draft/2020-12/schema\"", .bothRefuse),
    ("airlock", "\"verdict\"", .bothRefuse), ("airlock", "-", .bothRefuse),
    ("version", "2", .bothRefuse), ("version", "\"1\"", .bothRefuse), ("version", "-", .bothRefuse),
    ("name", "\"a-b_1\"", .sound), ("name", "\"A\"", .bothRefuse), ("name", "\"\"", .bothRefuse),
    ("name", "\"-a\"", .bothRefuse), ("name", "\"a/b\"", .bothRefuse), ("name", "-", .bothRefuse),
    ("name", "\"\(String(repeating: "a", count: 65))\"", .bothRefuse), ("stop", "true", .sound),
    ("stop", "false", .sound), ("stop", "1", .bothRefuse), ("recipient", "-", .bothRefuse),
    ("recipient", "7", .bothRefuse), ("recipients", "[\"x\"]", .bothRefuse),
    ("input", "{\"type\": \"registry\"}", .sound), ("input", "{\"type\": \"custom\"}", .sound),
    ("input", "{}", .bothRefuse), ("input", "{\"type\": \"ftp\"}", .bothRefuse),
    ("input", "{\"type\": \"registry\", \"from\": \"2026-01-01\"}", .bothRefuse),
    ("input", "{\"type\": \"odk\"}", .decoderRefuses), ("input", "\"odk\"", .bothRefuse),
    ("input", "{\"type\": \"odk\", \"from\": \"2026\"}", .bothRefuse),
    ("schedule", "{}", .sound), ("schedule", "{\"type\": \"onetime\"}", .sound),
    ("schedule", "{\"interval_minutes\": 5}", .bothRefuse),
    ("schedule", "{\"type\": \"onetime\", \"end\": \"2026-01-01T00:00:00Z\"}", .bothRefuse),
    ("schedule", "{\"type\": \"recurring\"}", .bothRefuse),
    ("schedule", "{\"type\": \"recurring\", \"interval_minutes\": 1}", .sound),
    ("schedule", "{\"type\": \"recurring\", \"interval_minutes\": 0}", .bothRefuse),
    ("schedule", "{\"type\": \"recurring\", \"interval_minutes\": 525601}", .bothRefuse),
    ("schedule", "{\"type\": \"recurring\", \"interval_minutes\": 1.5}", .bothRefuse),
    ("schedule", "{\"type\": \"hourly\"}", .bothRefuse),
    (
      "schedule",
      "{\"type\": \"recurring\", \"interval_minutes\": 60, \"start\": \"2026-01-01T00:00:00Z\", \"end\": \"2027-01-01T00:00:00Z\"}",
      .sound
    ),
    (
      "schedule",
      "{\"type\": \"recurring\", \"interval_minutes\": 60, \"start\": \"2027-01-01T00:00:00Z\", \"end\": \"2026-01-01T00:00:00Z\"}",
      .decoderRefuses
    ),
    ("not_before", "\"2026-01-01T00:00:00Z\"", .sound),
    ("not_before", "\"2026-01-01\"", .bothRefuse),
    ("not_before", "\"2026-02-30T00:00:00Z\"", .decoderRefuses),
    ("expires", "\"2026-01-01T00:00:00+02:00\"", .bothRefuse), ("expires", "0", .bothRefuse),
    ("filter", "-", .bothRefuse), ("filter", "{}", .bothRefuse), ("filter", "[]", .decoderRefuses),
    ("filter", "[[\"a\", \"=\"]]", .bothRefuse), ("filter", "[\"and\"]", .bothRefuse),
    ("filter", "[\"|\", [\"a\", \"=\", 1]]", .decoderRefuses),
    ("filter", "[[\"a\", \"==\", 1]]", .bothRefuse), ("filter", "[[\"a.b\", \"any\", []]]", .sound),
    ("filter", "[[\"\", \"=\", 1]]", .bothRefuse), ("filter", "[[null, \"=\", 1]]", .bothRefuse),
    ("filter", "[[0, \"=\", 1]]", .sound), ("g2p_search_domain", "\"[]\"", .bothRefuse),
    ("everyone", "true", .decoderRefuses), ("everyone", "\"yes\"", .bothRefuse),
    ("active_test", "false", .sound), ("active_test", "0", .bothRefuse),
    ("accept_loss", "[]", .sound),
    ("accept_loss", "[\"income\", \"g2p.reg.id.expiry_date\"]", .sound),
    ("accept_loss", "\"income\"", .bothRefuse), ("accept_loss", "[\"x\", \"x\"]", .bothRefuse),
    ("accept_loss", "[true]", .bothRefuse),
    ("fields", "-", .bothRefuse), ("fields", "[]", .bothRefuse), ("fields", "\"id\"", .bothRefuse),
    ("fields", "[\"name\", \"gender\", \"birthdate\", \"address\", \"name\"]", .bothRefuse),
    ("fields", "[\"name\", \"gender\", \"birthdate\", \"address\", \"a b\"]", .bothRefuse),
    ("fields", "[\"name\", \"gender\", \"birthdate\", \"address\", \"a..b\"]", .bothRefuse),
    ("fields", "[\"name\", \"gender\", \"birthdate\", \"address\", \"état.é\"]", .sound),
    ("fields", "[\"name\", \"gender\", \"birthdate\", \"address\", 7]", .bothRefuse),
    ("fields", "[\"email\"]", .decoderRefuses), ("g2p_selected_fields", "\"[]\"", .bothRefuse),
    ("order", "\"create_date desc, id\"", .sound), ("order", "\"\"", .bothRefuse),
    ("order", "\"id; drop\"", .decoderRefuses), ("order", "[\"id\"]", .bothRefuse),
    ("limit", "1", .sound), ("limit", "0", .bothRefuse), ("limit", "1e9", .decoderRefuses),
    ("limit", "1000000001", .bothRefuse), ("resend", "{\"rule\": \"always\"}", .sound),
    ("resend", "{\"rule\": \"pending\", \"after_hours\": 1}", .sound),
    ("resend", "{\"rule\": \"always\", \"after_hours\": 1}", .bothRefuse),
    ("resend", "{\"after_hours\": 1}", .bothRefuse),
    ("resend", "{\"rule\": \"never\"}", .bothRefuse),
    ("mts", "{}", .sound), ("mts", "[]", .bothRefuse),
    ("mts", "{\"output\": \"xml\"}", .bothRefuse),
    ("mts", "{\"output\": \"csv\", \"output_format\": \".\"}", .sound),
    ("mts", "{\"delivery\": \"callback\"}", .bothRefuse),
    ("mts", "{\"lang\": \"en\"}", .bothRefuse),
    ("mts", "{\"batch_size\": 5001}", .bothRefuse), ("mts", "{\"mts_url\": \"x\"}", .bothRefuse),
    ("mts", "{\"mapping\": {\"vid\": \"vid\"}}", .sound),
    ("mts", "{\"mapping\": {\"vid\": \"national_id\"}}", .decoderRefuses),
    ("mts", "{\"mapping\": {\"name\": []}}", .bothRefuse),
    ("mts", "{\"mapping\": {\"name\": \"a\", \"nme\": \"b\"}}", .bothRefuse),
    ("outbox", "\"/tmp\"", .bothRefuse), ("limits", "{}", .bothRefuse),
    ("key", "\"x\"", .bothRefuse),
  ]

  static func manifest(_ key: String, _ value: String) -> String {
    var members = [
      ("airlock", "\"job\""), ("version", "1"), ("name", "\"vid\""), ("recipient", "\"mts\""),
      ("filter", "[[\"is_registrant\", \"=\", true]]"),
      ("fields", "[\"name\", \"gender\", \"birthdate\", \"address\"]"),
    ]
    members.removeAll { $0.0 == key }
    if value != "-" { members.append((key, value)) }
    return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
  }

  @Test("What the schema refuses, the decoder refuses", arguments: rows)
  func agreement(key: String, value: String, answer: Answer) throws {
    let document = try JSONDocument(parsing: Self.manifest(key, value))
    let faults = ManifestDecoder.read(document).faults
    #expect(try Schema("job").accepts(document.root.json) == (answer != .bothRefuse))
    #expect(faults.isEmpty == (answer == .sound), "\(faults)")
  }

  @Test("There are rows enough, and sound ones among them")
  func count() {
    #expect(Self.rows.count >= 60)
    #expect(Self.rows.count { $0.answer == .sound } >= 20)
  }

  @Test("The schema that the program prints is the one in docs/schemas")
  func printed() throws {
    let file = try String(
      contentsOfFile: "\(Fixture.package)/docs/schemas/job.json", encoding: .utf8)
    #expect(file == JobSchema.text, "airlock new-manifest --schema > docs/schemas/job.json")
  }

  @Test("A manifest to begin with is sound, by the schema and by the decoder")
  func template() throws {
    for ceiling in [nil, ["given_name", "gender", "birthdate", "address"] as Set<String>] {
      var template = ManifestTemplate()
      template.ceiling = ceiling
      let document = try JSONDocument(parsing: template.json.pretty())
      let manifest = try ManifestDecoder.decode(document)
      #expect(try Schema("job").accepts(document.root.json))
      #expect(ceiling?.isSuperset(of: manifest.fields.map(\.name)) ?? true)
    }
  }

  @Test("The example of the documents is sound by the schema")
  func example() throws {
    let text = try String(
      contentsOfFile: "\(Fixture.package)/docs/examples/vid-monthly.json", encoding: .utf8)
    #expect(try Schema("job").accepts(JSONDocument(parsing: text).root.json))
  }
}
