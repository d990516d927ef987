import Fixtures
import Foundation
import JSONText
import Testing

/// What becomes of drops after their verdict.
struct HeldDropTests {
  private static func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop("not a drop", as: "x.json")
    try #require(site.run().status == 1)
    return site
  }

  @Test("fault 21: the same bytes dropped again are answered, and not run again")
  func duplicates() throws {
    let site = try TestSite(snapshot: "search_read")
    try site.drop(job: ("limit", 3))
    #expect(try site.run().status == 0)
    try site.drop(job: ("limit", 3), as: "other-name.json")
    #expect(try site.run().status == 0)
    let verdict = try site.verdict("other-name.json")
    #expect(verdict["outcome"] == "duplicate")
    #expect(verdict["earlier"]?["drop"] == "job.json")
    #expect(verdict["job"] == (try site.verdict("job.json")["job"]))
    #expect(site.archives.count == 1)
    try site.drop(job: ("limit", 4))
    #expect(try site.run().status == 0)
    #expect(site.archives.count == 2, "other bytes under the same name run")
    #expect(
      site.folder.names("registry/inbox/accepted").contains("job.json.2.verdict.json"),
      "and their verdict does not take the place of the first")
  }

  @Test("fault 21: the snapshot in force dropped again is answered, and not loaded again")
  func duplicateSnapshot() throws {
    let site = try TestSite()
    for name in ["a.json", "b.json"] {
      try site.drop("[{\"id\": 1, \"is_registrant\": true}]", as: name)
      #expect(try site.run().status == 0)
    }
    let verdict = try site.verdict("b.json")
    #expect(verdict["outcome"] == "duplicate")
    #expect(verdict["snapshot"]?["records"]?["res.partner"]?.integer == 1)
    try site.drop("[{\"id\": 2, \"is_registrant\": true}]", as: "c.json")
    try #require(site.run().status == 0)
    #expect(try site.verdict("c.json")["outcome"] == "accepted")
  }

  @Test("fault 21: bytes that were rejected are judged again")
  func rejectedTwice() throws {
    let site = try Self.site()
    try site.drop("not a drop", as: "y.json")
    #expect(try site.run().status == 1)
    #expect(try site.verdict("y.json")["outcome"] == "rejected")
  }

  @Test("A rejected drop can be retried; its old verdict goes")
  func retry() throws {
    let site = try Self.site()
    let said = try site.ok("retry", "x.json", "--root", site.root, "--json")
    #expect(try JSONDocument(parsing: said).root.json["drop"] == "x.json")
    #expect(site.folder.names("registry/inbox").contains("x.json"))
    #expect(site.folder.names("registry/inbox/rejected").isEmpty)
    #expect(try site.run().status == 1)
    #expect(site.folder.names("registry/inbox/rejected") == ["x.json", "x.json.verdict.json"])
  }

  @Test("A rejected drop can be removed for good; its verdict stays and says when")
  func reject() throws {
    let site = try Self.site()
    try site.ok("reject", "x.json", "--root", site.root)
    #expect(site.folder.names("registry/inbox/rejected") == ["x.json.verdict.json"])
    #expect(try site.verdict("x.json")["erased"]?.text?.hasSuffix("Z") == true)
  }

  @Test("What is not held, and what cannot be lifted by hand, is said with exit status 2")
  func refusals() throws {
    let site = try Self.site()
    for name in ["nothing", "x.json.verdict.json", "../accepted", "a/b", ""] {
      let result = try TestSite.airlock(["retry", name, "--root", site.root])
      #expect(result.status == 2 && result.errors.contains("error: "), "\(name)")
    }
    let release = try TestSite.airlock(["release", "x.json", "--root", site.root])
    #expect(release.status == 2 && release.errors.contains("cannot be lifted"))
    try site.drop("newer", as: "x.json")
    let retry = try TestSite.airlock(["retry", "x.json", "--root", site.root])
    #expect(retry.status == 2 && retry.errors.contains("already"))
  }

  @Test("fault 98: of two operators who act on one drop at once, exactly one wins")
  func twoOperators() async throws {
    for round in 0..<8 {
      let site = try Self.site()
      let acts = round.isMultiple(of: 2) ? ["retry", "reject"] : ["retry", "retry"]
      let results = try await withThrowingTaskGroup(of: Tool.Result.self) { group in
        for act in acts {
          let root = site.root
          group.addTask { try TestSite.airlock([act, "x.json", "--root", root]) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(results.map(\.status).sorted() == [0, 2], "round \(round)")
      #expect(results.contains { $0.errors.contains("held") || $0.errors.contains("already") })
      let isBack = site.folder.names("registry/inbox").contains("x.json")
      #expect(!isBack || !site.folder.names("registry/inbox/rejected").contains("x.json"))
    }
  }

  @Test("An accepted drop is not kept in plain anywhere", arguments: ["erase", "seal"])
  func notKept(retention: String) throws {
    let site = try TestSite()
    try site.policy(("retention", ["accepted": .string(retention)]))
    let canary = "Canary\(retention)Name"
    try site.drop("[{\"id\": 1, \"is_registrant\": true, \"name\": \"\(canary)\"}]", as: "s.json")
    #expect(try site.run().status == 0)
    let found = try Tool.run(
      "grep", ["-rl", canary, site.root, "--exclude=*.sqlite"]
    ).output
    #expect(found.isEmpty, "\(found)")
    let archive = site.folder.names("registry/store/archive")
    #expect(archive.count == (retention == "seal" ? 2 : 0))
  }
}
