import Faults
import Fixtures
import Foundation
import JSONText
import Testing

@testable import Language

/// Cases 26 to 34 of the list of faults: manifests that are broken, hostile, or something else.
struct HostileManifestTests {
  /// The codes of all faults; empty for a sound manifest.
  private static func codes(_ text: [UInt8]) -> [String] {
    do throws(JSONFault) {
      let document = try JSONDocument(parsing: text, limits: ManifestDecoder.limits)
      return ManifestDecoder.read(document).faults.map(\.code)
    } catch {
      return [error.code]
    }
  }

  private static func codes(_ text: String) -> [String] { codes(Array(text.utf8)) }

  private static func with(_ key: String, _ value: String) -> [String] {
    codes(JobSchemaTests.manifest(key, value))
  }

  @Test("fault 26: a million brackets are refused, bare and in every place of a manifest")
  func depth() {
    let bomb = String(repeating: "[", count: 1_000_000)
    #expect(Self.codes(bomb) == ["json_too_deep"])
    for key in ["filter", "fields", "mts", "note", "name", "x"] {
      #expect(Self.with(key, bomb) == ["json_too_deep"])
    }
    let closed = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    #expect(Self.with("filter", closed) == ["not_a_term"])
    #expect(Self.with("g2p_search_domain", "\"\(bomb)\"").contains("said_twice"))
  }

  @Test("fault 26: what is larger than a manifest may be is not parsed; a million keys end soon")
  func size() {
    let long = "{\"airlock\": \"job\", \"note\": \"\(String(repeating: "x", count: 9 << 20))\"}"
    #expect(Self.codes(long) == ["json_too_large"])
    let keys = (0..<400_000).map { "\"k\($0)\":1" }.joined(separator: ",")
    #expect(Self.with("x", "1, \(keys)").allSatisfy { $0 == "unknown_key" })
    let name = String(repeating: "k", count: 1_000_000)
    #expect(Self.with(name, "1") == ["unknown_key"])
  }

  @Test(
    "fault 27: keys that stand twice, also as escaped twins, at the top, in blocks and in filters",
    arguments: [
      ("name", "\"a\", \"name\": \"b\""), ("name", "\"a\", \"n\\u0061me\": \"b\""),
      ("mts", "{\"lang\": \"eng\", \"l\\u0061ng\": \"fra\"}"),
      ("filter", "[[\"a\", \"=\", {\"x\": 1, \"\\u0078\": 2}]]"),
      ("input", "{\"type\": \"registry\", \"type\": \"odk\"}"),
    ])
  func twins(key: String, value: String) {
    #expect(Self.with(key, value) == ["json_duplicate_key"])
  }

  @Test(
    "fault 28: numbers that are not what they seem",
    arguments: [
      ("1e400", "json_bad_number"), ("-0", "out_of_range"), ("9007199254740993", "out_of_range"),
      ("9223372036854775808", "json_bad_number"), ("18446744073709551616", "json_bad_number"),
      ("1.7976931348623157e308", "wrong_type"), ("1e9", "wrong_type"), ("5.0", "wrong_type"),
      ("00", "json_syntax"), ("+1", "json_syntax"), ("0x10", "json_syntax"), ("1.", "json_syntax"),
      ("\"5\"", "wrong_type"), ("true", "wrong_type"),
    ])
  func numbers(number: String, code: String) {
    let found = Self.with("limit", number)
    #expect(found.count == 1)
    #expect(found == [code] || found.first?.hasPrefix("json_") == true && code.hasPrefix("json_"))
    let digits = String(repeating: "9", count: 10_000)
    #expect(Self.with("limit", digits).first?.hasPrefix("json_") == true)
  }

  @Test("fault 29: bytes that are no JSON text of ours are refused")
  func bytes() throws {
    let sound = JobSchemaTests.manifest("note", "\"x\"")
    let utf16 = try #require(sound.data(using: .utf16))
    let broken: [[UInt8]] = [
      Array(utf16), Array(sound.utf8.dropLast()) + [0x00] + [0x7D], Array(sound.utf8) + [0x00],
      Array("{\"name\": \"\u{0}\"}".utf8),
      Array("{\"name\": \"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8),
      Array("{\"name\": \"\\ud800\"}".utf8), Array((sound + sound).utf8), Array((sound + "x").utf8),
      Array(sound.replacing("}", with: ",}").utf8), Array("// x\n\(sound)".utf8),
      Array(JobSchemaTests.manifest("limit", "NaN").utf8), Array("{'a': 1}".utf8), [],
      [0xEF, 0xBB, 0xBF],
    ]
    for text in broken {
      #expect(Self.codes(text).first?.hasPrefix("json_") == true, "\(text.prefix(40))")
    }
  }

  @Test("fault 29: a byte order mark, CRLF and an escaped NUL in a remark do no harm")
  func harmless() {
    let sound = JobSchemaTests.manifest("note", "\"a\\u0000b\"")
    #expect(Self.codes([0xEF, 0xBB, 0xBF] + Array(sound.utf8)).isEmpty)
    #expect(Self.codes(sound.replacing(", ", with: ",\r\n")).isEmpty)
    #expect(Self.with("name", "\"a\\u0000b\"") == ["bad_name"])
    #expect(Self.with("filter", "[[\"name\", \"=\", \"a\\u0000\"]]") == ["wrong_value"])
  }

  @Test("fault 30: a manifest cut at any byte is refused")
  func truncation() throws {
    let path = "\(Fixture.package)/docs/examples/vid-monthly.json"
    let whole = Array(try String(contentsOfFile: path, encoding: .utf8).utf8)
    let end = try #require(whole.lastIndex(of: 0x7D))
    #expect(end > 500)
    for length in 0...end { #expect(!Self.codes(Array(whole[..<length])).isEmpty) }
    #expect(Self.codes(whole).isEmpty)
  }

  @Test("fault 31: every key refuses every wrong type")
  func types() {
    let wrong = ["null", "{}", "[]", "[[]]", "7.5", "\"\"", "true", "{\"x\": 1}"]
    let sound: [String: Set<String>] = [
      "note": ["[]", "\"\""], "schedule": ["{}"], "mts": ["{}"], "stop": ["true"],
      "active_test": ["true"], "recipient": ["\"\""], "accept_loss": ["[]"],
    ]
    let keys = [
      "note", "name", "recipient", "stop", "input", "schedule", "not_before", "expires", "filter",
      "everyone", "active_test", "accept_loss", "fields", "order", "limit", "resend", "mts",
      "$schema",
      "g2p_search_domain", "g2p_selected_fields",
    ]
    for key in keys {
      for value in wrong where sound[key]?.contains(value) != true {
        #expect(!Self.with(key, value).isEmpty, "\(key): \(value)")
      }
    }
  }

  @Test(
    "fault 32: another version, another kind, the schema of another product",
    arguments: [
      ("version", "2", "unknown_version"), ("version", "9223372036854775807", "unknown_version"),
      ("version", "0", "unknown_version"), ("version", "-1", "out_of_range"),
      ("version", "1.0", "wrong_type"),
      ("$schema", "\"https://example.org/job.json\"", "foreign_schema"),
      ("airlock", "\"Job\"", "wrong_kind"), ("airlock", "null", "wrong_type"),
    ])
  func versions(key: String, value: String, code: String) {
    #expect(Self.with(key, value) == [code])
  }

  @Test(
    "fault 33: no key of a manifest widens a policy, adds a recipient, names a key or a path, or lifts a limit",
    arguments: [
      "policy", "policies", "recipients", "streams", "trust", "signers", "key", "keys", "identity",
      "identity_file", "sender", "passphrase_file", "out", "output", "output_path", "outbox",
      "path",
      "root", "records_per_job", "records_per_day", "smallest_group", "intake", "limits",
      "retention",
      "id_types", "callback_url", "mts_url", "odk_password", "callback_auth_password",
    ])
  func widening(key: String) {
    for value in ["\"/etc/shadow\"", "[\"mallory\"]", "{\"fields\": [\"national_id\"]}", "1000000"]
    {
      #expect(Self.with(key, value) == ["unknown_key"])
    }
    let inMTS = Self.with("mts", "{\"\(key)\": \"x\"}")
    #expect(inMTS == [key == "output" ? "unknown_output" : "unknown_key"])
  }

  @Test(
    "fault 34: other documents of ours are not manifests",
    arguments: [
      "verdict", "receipt", "policy", "card", "identity", "snapshot", "mts-request", "archive", "",
    ])
  func otherKinds(kind: String) {
    #expect(Self.with("airlock", "\"\(kind)\"") == ["wrong_kind"])
  }

  @Test(
    "fault 34: what is no object is no manifest",
    arguments: ["[]", "7", "\"job\"", "null", "[{\"airlock\": \"job\"}]"])
  func notAnObject(text: String) {
    #expect(Self.codes(text) == ["wrong_type"])
  }
}
