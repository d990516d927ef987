import Fixtures
import JSONText
import Testing

@testable import Snapshots

struct HeadSchemaTests {
  private static let digest = String(repeating: "a", count: 64)

  @Test(
    "What the schema of snapshot heads refuses, the reader refuses",
    arguments: [
      ("", true), (", \"kind\": \"full\"", true), (", \"kind\": \"partial\"", false),
      (", \"kind\": \"delta\"", false), (", \"kind\": \"delta\", \"follows\": null", false),
      (", \"kind\": \"delta\", \"follows\": \"\(digest)\"", true),
      (", \"kind\": \"delta\", \"follows\": \"abc\"", false),
      (", \"follows\": \"\(digest)\"", false),
      (", \"deleted\": [{\"model\": \"res.partner\", \"ids\": [1]}]", false),
      (
        ", \"kind\": \"delta\", \"follows\": \"\(digest)\", \"deleted\": [{\"model\": \"res.partner\", \"ids\": [1, 2]}]",
        true
      ),
      (", \"kind\": \"delta\", \"follows\": \"\(digest)\", \"deleted\": [{\"ids\": [1]}]", false),
      (", \"name\": \"x\", \"taken\": \"2026-11-22T10:00:00Z\"", true), (", \"name\": null", true),
      (", \"counts\": {\"res.partner\": 0}", true), (", \"counts\": {\"res.partner\": -1}", false),
      (", \"counts\": {\"res.partner\": \"1\"}", false), (", \"counts\": []", false),
      (", \"languages\": [\"en_US\", \"sr@latin\"]", true), (", \"languages\": []", true),
      (", \"languages\": \"fr_FR\"", false), (", \"languages\": [\"fr FR\"]", false),
      (", \"name\": \"\"", false), (", \"taken\": \"yesterday\"", false), (", \"x\": 1", false),
    ])
  func heads(rest: String, isSound: Bool) throws {
    let text = "{\"airlock\": \"snapshot\", \"version\": 1\(rest)}"
    #expect(try Schema("snapshot").accepts(JSONDocument(parsing: text).root.json) == isSound)
    let head = try? SnapshotHead(Array(text.utf8), file: "snapshot.json", limits: SnapshotLimits())
    #expect((head != nil) == isSound)
  }
}
