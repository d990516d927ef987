import Faults
import Fixtures
import Foundation
import JSONText
import Testing

@testable import Policies

/// `docs/schemas/policy.json` and `verdict.json` against what is read and written.
struct SchemaTests {
  private static let stream = "\"mts\": {\"recipients\": [\"mts\"], \"fields\": [\"id\"]}"

  @Test(
    "What the schema of policies refuses, the decoder refuses",
    arguments: [
      ("{\(stream)}", "", true), ("{}", "", true), ("[]", "", false), ("{\"A\": {}}", "", false),
      ("{\"m\": {\"recipients\": []}}", "", false),
      ("{\"m\": {\"recipients\": [\"a\"], \"fields\": []}}", "", false),
      ("{\"m\": {\"recipients\": [\"a\", \"a\"], \"fields\": [\"x\"]}}", "", false),
      (
        "{\"m\": {\"recipients\": [\"a\"], \"fields\": [\"x\"], \"records_per_job\": 0}}", "", false
      ),
      ("{\"m\": {\"recipients\": [\"a\"], \"fields\": [\"x\"], \"input\": [\"odk\"]}}", "", true),
      ("{\"m\": {\"recipients\": [\"a\"], \"fields\": [\"x\"], \"input\": [\"ftp\"]}}", "", false),
      ("{\(stream)}", ", \"x\": 1", false), ("{\(stream)}", ", \"intake\": {\"depth\": 3}", false),
      ("{\(stream)}", ", \"intake\": {\"bytes\": 1, \"quiet_milliseconds\": 0}", true),
      ("{\(stream)}", ", \"trust\": {\"job\": {\"signature\": \"required\"}}", false),
      (
        "{\(stream)}", ", \"trust\": {\"job\": {\"signature\": \"required\", \"signers\": []}}",
        false
      ),
      (
        "{\(stream)}",
        ", \"trust\": {\"job\": {\"signature\": \"required\", \"signers\": [\"a\"]}}", true
      ),
      ("{\(stream)}", ", \"trust\": {\"job\": {\"signature\": \"optional\"}}", true),
      ("{\(stream)}", ", \"trust\": {\"jobs\": {\"signature\": \"optional\"}}", false),
      ("{\(stream)}", ", \"retention\": {\"accepted\": \"seal\"}", true),
      ("{\(stream)}", ", \"retention\": {\"accepted\": \"keep\"}", false),
      ("{\(stream)}", ", \"id_types\": {\"vid\": \"\"}", false),
      ("{\(stream)}", ", \"id_types\": {\"vid_validation\": \"^[0-9]{16}$\"}", true),
      ("{\(stream)}", ", \"mts\": {\"values\": {\"gender\": {\"F\": \"Female\"}}}", true),
      ("{\(stream)}", ", \"mts\": {\"values\": {\"gender\": {\"F\": 1}}}", false),
      ("{\(stream)}", ", \"mts\": {\"values\": {\"name\": {}}}", false),
      ("{}", ", \"registry_patch\": {\"stream\": \"r\", \"recipients\": [\"a\"]}", true),
      ("{}", ", \"registry_patch\": {\"stream\": \"R\", \"recipients\": [\"a\"]}", false),
      ("{}", ", \"registry_patch\": {\"stream\": \"r\", \"recipients\": []}", false),
      ("{}", ", \"registry_patch\": {\"stream\": \"r\"}", false),
      ("{}", ", \"registry_patch\": null", false),
    ])
  func policies(streams: String, rest: String, isSound: Bool) throws {
    let text = "{\"airlock\": \"policy\", \"version\": 1, \"streams\": \(streams)\(rest)}"
    #expect(try Schema("policy").accepts(JSONDocument(parsing: text).root.json) == isSound)
    #expect(((try? SitePolicyDecoder.decode(Array(text.utf8))) != nil) == isSound)
  }

  @Test("What the schema of VID-deletion policies refuses, the decoder refuses")
  func deletion() throws {
    let schema = try Schema("vid-deletion")
    for row in VIDDeletionTests.broken {
      let document = try JSONDocument(parsing: VIDDeletionTests.text(row.rest)).root.json
      // That two values are the same, a schema cannot refuse.
      let isTwin = row.fault.hasPrefix("same_id_type")
      #expect(try schema.accepts(document) == isTwin, "\(row.rest)")
    }
    for rest in VIDDeletionTests.sound {
      let text = VIDDeletionTests.text(rest)
      #expect(try schema.accepts(JSONDocument(parsing: text).root.json), "\(rest)")
      #expect(throws: Never.self) { try VIDDeletionTests.decode(text) }
    }
    let text = VIDDeletionTests.text("", domain: "")
    #expect(try !schema.accepts(JSONDocument(parsing: text).root.json))
  }

  @Test("The VID-deletion policy of the documents is sound, by the schema and by the decoder")
  func deletionExample() throws {
    let text = try String(
      contentsOfFile: Fixture.package + "/docs/examples/vid-deletion.json", encoding: .utf8)
    #expect(try Schema("vid-deletion").accepts(JSONDocument(parsing: text).root.json))
    let policy = try VIDDeletionTests.decode(text)
    #expect(policy.holdHours == 24 && policy.mostVIDs == 1000)
  }

  @Test("The verdicts that are written are what their schema says")
  func verdicts() throws {
    let digest = String(repeating: "a", count: 64)
    var accepted = Verdict(
      drop: "a.json", digest: "never told", shown: digest, kind: .job, outcome: .accepted,
      at: "2026-11-22T10:00:00Z")
    accepted.job = JobReport(
      name: "vid", recipient: "mts", matched: 3, sent: 2, leftOut: ["no_vid": 1], batches: 1,
      snapshotDigest: digest,
      archive: ArchiveReport(file: "mts/vid-1.sealed", sequence: 1, digest: digest, bytes: 7))
    let fault = PolicyFault(
      code: "x", message: "y", hint: "z",
      place: FaultPlace(line: 1, column: 2, pointer: "/a", inside: .init(line: 1, column: 1)))
    var rejected = Verdict(
      drop: "b.json", digest: nil, shown: nil, kind: .unknown, outcome: .rejected,
      at: "2026-11-22T10:00:00Z")
    rejected.reason = Verdict.Reason(FaultList(fault, [JobLikeFault()]))
    #expect(rejected.json["faults"]?.elements?.count == 2)
    let schema = try Schema("verdict")
    #expect(!accepted.json.line().contains("never told"))
    for verdict in [accepted, rejected] { #expect(try schema.accepts(verdict.json)) }
    rejected.reason = nil
    #expect(try !schema.accepts(rejected.json))
  }

  private struct JobLikeFault: Fault {
    let code = "other"
    let message = "m"
    let blame = Blame.input
  }
}
