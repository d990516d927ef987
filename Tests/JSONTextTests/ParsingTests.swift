import Faults
import JSONText
import Testing

struct ParsingTests {
  @Test(
    "Text that is not strict JSON is refused, with its place",
    arguments: [
      ("{", "json_syntax", 1), ("{\"a\":1,}", "json_syntax", 1), ("[1 2]", "json_syntax", 1),
      ("", "json_empty", nil), ("  \n ", "json_empty", nil), ("{}x", "json_trailing_data", 1),
      ("{} {}", "json_trailing_data", 1), ("[1,\n nul]", "json_syntax", 2),
      ("[NaN]", "json_syntax", 1), ("{\"a\": 01}", "json_bad_number", 1),
      ("[1e400]", "json_bad_number", 1), ("[99999999999999999999]", "json_bad_number", 1),
      ("[18446744073709551615]", "json_bad_number", 1),
      ("[\"\\ud800\"]", "json_bad_string", 1), ("[\"\\udc00\"]", "json_bad_string", 1),
      ("[\"a\nb\"]", "json_bad_string", nil), ("{\"a\":1,\"a\":2}", "json_duplicate_key", 1),
      ("{\"a\":1,\"\\u0061\":2}", "json_duplicate_key", 1),
      ("// no\n{}", "json_syntax", 1), ("'a'", "json_syntax", 1),
    ] as [(String, String, Int?)])
  func refused(text: String, code: String, line: Int?) {
    let fault = #expect(throws: JSONFault.self) { try JSONDocument(parsing: text) }
    #expect(fault?.code == code)
    if let line { #expect(fault?.position?.line == line) }
  }

  @Test("Values come through as they are")
  func values() throws {
    let text = #"{"a": [1, -2.5, "é\n", true, false, null], "b": {"c": 9223372036854775807}}"#
    let json = try JSONDocument(parsing: text).root.json
    #expect(json["a"] == [1, .double(-2.5), "é\n", true, false, nil])
    #expect(json["b"]?["c"] == .int(.max))
  }

  @Test("A byte order mark is passed over, and does not shift positions on later lines")
  func byteOrderMark() throws {
    #expect(try JSONDocument(parsing: "\u{FEFF}[1]").root.json == [1])
  }

  @Test("Bytes that are not UTF-8 are refused where they stand")
  func notUTF8() {
    let text = Array("[\"ok\",\n\"".utf8) + [0xFF] + Array("\"]".utf8)
    let fault = #expect(throws: JSONFault.self) { try JSONDocument(parsing: text) }
    #expect(fault?.code == "json_not_utf8")
    #expect(fault?.position?.line == 2)
  }

  @Test("Depth is bounded: a million brackets are an error, not a crash")
  func depth() {
    let text = String(repeating: "[", count: 1_000_000)
    #expect(throws: JSONFault.self) { try JSONDocument(parsing: text) }
    let nested = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(throws: JSONFault.self) { try JSONDocument(parsing: nested) }
    #expect(throws: Never.self) {
      try JSONDocument(parsing: nested, limits: JSONLimits(depth: 101))
    }
  }

  @Test("Every cut of a document is refused")
  func cuts() throws {
    let text = Array(#"{"airlock": "job", "n": [1, {"x": "y"}], "é": -1.5e3}"#.utf8)
    for length in 0..<text.count {
      #expect(throws: JSONFault.self) { try JSONDocument(parsing: Array(text[..<length])) }
    }
    #expect(throws: Never.self) { try JSONDocument(parsing: text) }
  }
}
