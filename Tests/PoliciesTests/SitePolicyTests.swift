import Faults
import JSONText
import Language
import Policies
import Testing

struct SitePolicyTests {
  private func decode(_ text: String) throws -> SitePolicy {
    try SitePolicyDecoder.decode(Array("{\"airlock\": \"policy\", \"version\": 1, \(text)}".utf8))
  }

  @Test("The policy that init writes can be read, and lets only the MTS's fields out")
  func usual() throws {
    let policy = try SitePolicyDecoder.decode(Array(SitePolicy.usual.pretty().utf8))
    #expect(policy.streams["mts"]?.recipients == ["mts"])
    #expect(policy.streams["mts"]?.fields.contains("birthdate") == true)
    #expect(policy.streams["mts"]?.fields.contains("income") == false)
    #expect(policy.idTypes.vid == "MOSIP VID")
  }

  @Test(
    "The language of translated texts is one of Odoo's codes",
    arguments: ["fr_FR", "ar_001", "sr@latin"])
  func language(_ code: String) throws {
    #expect(try decode("\"streams\": {}").intake.language == "en_US")
    #expect(try decode("\"streams\": {}, \"language\": \"\(code)\"").intake.language == code)
  }

  @Test(
    "A policy that is not whole is no policy",
    arguments: [
      ("\"streams\": {}, \"stream\": 1", "unknown_key"), ("\"id_types\": {}", "missing_key"),
      ("\"streams\": {\"mts\": {\"recipients\": [\"mts\"]}}", "missing_key"),
      ("\"streams\": {\"mts\": {\"recipients\": [], \"fields\": [\"a\"]}}", "out_of_range"),
      (
        "\"streams\": {\"mts\": {\"recipients\": [\"m\", \"m\"], \"fields\": [\"a\"]}}", "duplicate"
      ),
      ("\"streams\": {\"../x\": {\"recipients\": [\"m\"], \"fields\": [\"a\"]}}", "bad_name"),
      ("\"streams\": {}, \"id_types\": {\"vid\": \"X\", \"uin_token\": \"X\"}", "same_id_type"),
      ("\"streams\": {}, \"intake\": {\"quiet_milliseconds\": -1}", "out_of_range"),
      ("\"streams\": {}, \"intake\": {\"quiet\": 5}", "unknown_key"),
      ("\"streams\": {}, \"language\": \"french\"", "bad_language"),
      ("\"streams\": {}, \"language\": 7", "wrong_type"),
      ("\"streams\": {}, \"trust\": {\"card\": {}}", "unknown_key"),
      ("\"streams\": {}, \"trust\": {\"job\": {\"signature\": \"maybe\"}}", "unknown_word"),
      ("\"streams\": {}, \"trust\": {\"job\": {\"signature\": \"required\"}}", "nobody_trusted"),
      ("\"streams\": {}, \"retention\": {\"accepted\": \"keep\"}", "unknown_word"),
      ("\"streams\": {}, \"retention\": {\"rejected_days\": 0}", "out_of_range"),
      (
        "\"streams\": {\"m\": {\"recipients\": [\"m\"], \"fields\": [\"a\"], \"input\": [\"all\"]}}",
        "unknown_word"
      ),
      (
        "\"streams\": {\"m\": {\"recipients\": [\"m\"], \"fields\": [\"a\"]}}, \"registry_patch\": {\"stream\": \"m\", \"recipients\": [\"m\"]}",
        "stream_taken"
      ),
      (
        "\"streams\": {}, \"registry_patch\": {\"stream\": \"../m\", \"recipients\": [\"m\"]}",
        "bad_name"
      ),
      (
        "\"streams\": {}, \"registry_patch\": {\"stream\": \"m\", \"recipients\": []}",
        "out_of_range"
      ),
      (
        "\"streams\": {}, \"registry_patch\": {\"stream\": \"m\", \"recipients\": [\"m\"], \"fields\": []}",
        "unknown_key"
      ),
    ])
  func broken(text: String, code: String) {
    let fault = #expect(throws: DocumentFault.self) { try decode(text) }
    #expect(fault?.code == code)
  }

  @Test("The registry's patches have a stream of their own, to 64 recipients at most")
  func registryPatches() throws {
    func patch(_ count: Int) -> String {
      let names = (0..<count).map { "\"r\($0)\"" }.joined(separator: ", ")
      return
        "\"streams\": {}, \"registry_patch\": {\"stream\": \"registry\", \"recipients\": [\(names)]}"
    }
    let policy = try decode(patch(64))
    #expect(policy.registryPatches?.recipients.count == 64)
    #expect(policy.recipients(of: "registry")?.first == "r0")
    #expect(policy.everyRecipient.contains("r63") && policy.streams.isEmpty)
    let fault = #expect(throws: DocumentFault.self) { try decode(patch(65)) }
    #expect(fault?.code == "out_of_range" && fault?.pointer == "/registry_patch/recipients")
  }

  @Test("A mapped field is under the ceiling as well as a selected one")
  func mappedField() throws {
    let policy = try decode(
      "\"streams\": {\"mts\": {\"recipients\": [\"mts\"], \"fields\": [\"name\", \"gender\", \"birthdate\", \"address\"]}}"
    )
    let manifest = try ManifestDecoder.decode(
      JSONDocument(
        parsing: """
          {"airlock": "job", "version": 1, "name": "j", "recipient": "mts",
           "filter": [["id", "=", 1]], "fields": ["name", "gender", "birthdate", "address"],
           "mts": {"mapping": {"emailId": "email"}}}
          """))
    let fault = #expect(throws: PolicyFault.self) { try PolicyCheck(policy).stream(for: manifest) }
    #expect(fault?.code == "field_not_allowed")
    #expect(fault?.place?.pointer == "/mts/mapping/emailId")
    #expect(
      manifest.leavingFields.map(\.name) == ["name", "gender", "birthdate", "address", "email"])
  }

  @Test("A verdict is a document with what programs and people need, in order")
  func verdict() {
    var verdict = Verdict(
      drop: "j.json", digest: nil, shown: nil, kind: .job, outcome: .rejected,
      at: "2026-01-01T00:00:00Z")
    verdict.reason = Verdict.Reason(
      code: "x", message: "y", place: FaultPlace(line: 3, column: 4, pointer: "/a"), hint: "z")
    #expect(
      verdict.json.line()
        == #"{"airlock": "verdict", "version": 1, "drop": "j.json", "kind": "job", "outcome": "rejected", "reason": {"code": "x", "message": "y", "where": {"line": 3, "column": 4, "pointer": "/a"}, "hint": "z"}, "at": "2026-01-01T00:00:00Z"}"#
    )
  }
}
