import Fixtures
import Foundation
import JSONText
import Testing

/// One drop that cannot be dealt with does not stand in the way of the others.
struct StubbornDropTests {
  private static let good = "[{\"id\": 1, \"is_registrant\": true}]"

  @Test("A folder that is named like a sidecar is left where it is")
  func folderAsSidecar() throws {
    let site = try TestSite()
    try site.drop(Self.good, as: "s.json")
    try FileManager.default.createDirectory(
      atPath: site.root + "/inbox/s.json.sha256", withIntermediateDirectories: false)
    #expect(try site.run().status == 0)
    #expect(try site.run().status == 0)
  }

  @Test("A rejected file whose verdict was tidied away does not stop the next of its name")
  func tidiedVerdict() throws {
    let site = try TestSite()
    for _ in 1...3 {
      try site.drop("not a drop", as: "x.json")
      #expect(try site.run().status == 1)
      try? FileManager.default.removeItem(atPath: site.root + "/inbox/rejected/x.json.verdict.json")
    }
    let kept = site.folder.names("registry/inbox/rejected")
    #expect(kept.filter { !$0.hasSuffix(".verdict.json") } == ["x.json", "x.json.2", "x.json.3"])
  }

  @Test(
    "A filter made to break the program is refused, and the site goes on",
    arguments: [
      (
        "[[\"\(String(repeating: "parent_id.", count: 60_000))name\", \"=\", 1]]",
        "domain_too_large"
      ),
      ("[[\"name\", \"like\", \"\\u0000\"]]", "wrong_value"),
      ("[[\"name\", \"=?\", false]]", "everyone_needs_consent"),
    ])
  func hostileFilter(filter: String, code: String) throws {
    let site = try TestSite(snapshot: "search_read")
    try site.drop(job: ("filter", try JSONDocument(parsing: filter).root.json))
    #expect(try site.run().status == 1)
    #expect(try site.verdict("job.json")["reason"]?["code"]?.text == code)
    #expect(try site.run().status == 0)
  }

  @Test("A snapshot's verdict says where its fault is, and of which bytes it speaks")
  func snapshotVerdict() throws {
    let site = try TestSite()
    try site.drop(
      "{\"id\": 1, \"is_registrant\": true}\n{\"id\": 2, \"birthdate\": \"2023-02-29\"}\n",
      as: "s.ndjson")
    #expect(try site.run().status == 1)
    let verdict = try site.verdict("s.ndjson")
    #expect(verdict["reason"]?["where"]?["line"]?.integer == 2)
    #expect(verdict["reason"]?["where"]?["pointer"] == "/birthdate")
    #expect(verdict["digest"]?.text?.count == 64)
  }

  @Test("An archive that was collected before that was noted keeps its number for ever")
  func collectedInBetween() throws {
    let site = try TestSite(snapshot: "extract")
    try site.drop(job: ("limit", 20))
    let settings = [
      "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "KILL_UNDER": site.root + "/outbox",
    ]
    try #require(site.run().status == 0)
    // A second job tells by which change to the outbox a third one's archive shows.
    try site.drop(job: ("limit", 21))
    let trace = ["KILL_TRACE": site.folder("trace")]
    try #require(site.run(environment: settings.merging(trace) { $1 }).status == 0)
    let shown = try #require(
      site.folder.read("trace").split(separator: "\n").last {
        $0.contains("rename") && $0.hasSuffix("vid-monthly-00000002.sealed")
      }?.split(separator: " ").first.flatMap { Int($0) })
    try site.drop(job: ("limit", 22))
    let killed = try site.run(environment: settings.merging(["KILL_AT": "\(shown + 1)"]) { $1 })
    #expect(killed.status == -9 && site.archives.count == 3)
    for name in site.folder.names("registry/outbox/mts") where name.contains("00000003") {
      try FileManager.default.removeItem(atPath: site.root + "/outbox/mts/" + name)
    }
    #expect(try site.run().status == 0)
    try site.drop(job: ("limit", 23))
    #expect(try site.run().status == 0)
    #expect(
      site.archives == [1, 2, 4].map { "vid-monthly-0000000\($0).sealed" }, "3 is spent")
  }
}
