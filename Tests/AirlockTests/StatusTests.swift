import Fixtures
import Foundation
import JSONText
import Testing

/// What a tired operator sees.
struct StatusTests {
  private static func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop(CrashTests.snapshot, as: "s.json")
    try site.drop(jobs: [
      ("filter", [["is_registrant", "=", true]]),
      ("schedule", ["type": "recurring", "interval_minutes": 60]),
    ])
    try site.drop("not a drop", as: "x.json")
    try #require(site.run().status == 1)
    try site.drop("[]", as: "later.json")
    return site
  }

  @Test("Status fits its width, and says the same at each", arguments: [20, 40, 80, 100])
  func width(columns: Int) throws {
    let site = try Self.site()
    let text = try TestSite.airlock(
      ["status", "--root", site.root], environment: ["COLUMNS": "\(columns)"]
    ).output
    let lines = text.split(separator: "\n")
    let long = lines.filter { $0.count > columns && $0.split(separator: " ").count > 2 }
    #expect(long.isEmpty, "\(text)")
    let words = text.split { $0 == " " || $0 == "\n" }
    for word in ["vid-monthly", "STARTED,", "later.json,", "rejected", "acknowledged,", "GiB"] {
      #expect(words.contains { $0 == word }, "\(word) in \(text)")
    }
  }

  @Test("Status as JSON holds what a monitor needs")
  func document() throws {
    let site = try Self.site()
    let status = try JSONDocument(parsing: site.ok("status", "--root", site.root, "--json")).root
      .json
    #expect(status["waiting"] == 1)
    #expect(status["oldest_waiting"]?["drop"] == "later.json")
    #expect((0...60).contains(status["oldest_waiting"]?["seconds"]?.integer ?? -1))
    #expect(status["held"]?["rejected"] == 1)
    #expect(status["unfinished"] == 0)
    #expect(status["jobs"]?.elements?.first?["state"] == "started")
    #expect(status["jobs"]?.elements?.first?["next_run"]?.text?.hasSuffix("Z") == true)
    #expect(status["streams"]?.elements?.first?["unacknowledged"] == 1)
    #expect(status["snapshot"]?["partners"] == 3)
    #expect((status["free_bytes"]?.integer ?? 0) > 0)
  }

  @Test("ODK submissions alone are in force: the verdict, status and search say so")
  func submissions() throws {
    let site = try TestSite()
    let form = Fixture.package + "/Tests/Fixtures/odk/submissions.json"
    try site.drop(String(contentsOfFile: form, encoding: .utf8), as: "form.json")
    let run = try site.run()
    #expect(run.output.contains("4 ODK submissions in force"), "\(run.output)")
    #expect(!run.output.contains("partner"))
    let text = try TestSite.airlock(
      ["status", "--root", site.root], environment: ["COLUMNS": "400"]
    ).output
    #expect(text.contains("form.json: 4 submissions, taken 2026-11-21 07:00 UTC, "), "\(text)")
    #expect(!text.contains("nothing yet"))
    let status = try JSONDocument(parsing: site.ok("status", "--root", site.root, "--json")).root
      .json
    #expect(status["odk"]?["submissions"] == 4)
    #expect(status["odk"]?["taken"] == "2026-11-21T07:00:00Z")
    #expect(status["odk"]?["loaded_at"]?.text?.hasSuffix("Z") == true)
    #expect(status["snapshot"] == .null)
    let search = { try site.ok("search", $0, "--root", site.root, "--model", $1) }
    #expect(try search(#"[["demo.fname", "=", "Amina"]]"#, "odk.submission") == "1\n4\n")
    #expect(try search(#"[["fname", "=", "Brian"]]"#, "odk.submission.demo") == "2\n")
  }

  @Test("A broken policy is the first thing that is said")
  func broken() throws {
    let site = try Self.site()
    try site.folder.write("{", as: "registry/policies/site.json")
    let result = try TestSite.airlock(["status", "--root", site.root])
    #expect(result.status == 1)
    #expect(result.output.split(separator: "\n").first?.contains("NOTHING CAN LEAVE") == true)
    #expect(result.errors.contains("error: "))
  }
}
