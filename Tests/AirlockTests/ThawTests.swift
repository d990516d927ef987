import Fixtures
import Foundation
import JSONText
import Testing

/// The operator's way out for registrants whose tokens contradict each other.
struct ThawTests {
  private typealias Row = ResultSite

  private func frozen(_ site: ResultSite) throws -> [JSON] {
    try JSONDocument(parsing: site.site.ok("frozen", "--root", site.site.root, "--json")).root.json
      .elements ?? []
  }

  private func thaw(_ site: ResultSite, _ ids: String...) throws -> Tool.Result {
    try TestSite.airlock(["thaw"] + ids + ["--drop-tokens", "--root", site.site.root])
  }

  @Test("fault 84: who is frozen is listed by id, with the reason and the archive, without a value")
  func listed() throws {
    let site = try ResultSite()
    #expect(try site.site.ok("frozen", "--root", site.site.root) == "nobody is frozen\n")
    try site.take([Row.row("V1", "T1")])
    try site.take([Row.row("V1", "TX")], as: "other.json")
    let list = try frozen(site)
    #expect(list.count == 1 && list[0]["registrant"] == 1 && list[0]["reason"] == "changed_token")
    #expect(list[0]["archives"]?.elements?.first?["sequence"] == 1)
    let text = try site.site.ok("frozen", "--root", site.site.root)
    #expect(text.contains("registrant 1  changed_token  since ") && text.hasSuffix("mts 1\n"))
    #expect(!text.contains("T1") && !text.contains("TX") && !text.contains("V1"))
  }

  @Test("fault 84: thawed, a registrant waits for an answer again, and the next result counts")
  func changedToken() throws {
    let site = try ResultSite()
    try site.take([Row.row("V1", "T1"), Row.row("V2", "T2")])
    try site.take([Row.row("V1", "TX")], as: "other.json")
    #expect(try site.tokens() == "2" && site.answers?["answered"] == 2)
    #expect(try thaw(site, "1").output == "thawed: 1; VIDs without an answer by it: 1\n")
    #expect(try frozen(site).isEmpty && site.answers?["answered"] == 1)
    #expect(try site.answers?["missing"] == 3)
    let later = try site.take([Row.row("V1", "TX"), Row.row("V2", "T2")], as: "later.json")
    #expect(site.count(later, "tokens") == 1 && site.count(later, "known") == 1)
    #expect(try site.tokens() == "1 2" && site.answers?["answered"] == 2)
  }

  @Test(
    "fault 84: of a token that two have, one thawed alone freezes again; both thawed, it counts")
  func sharedToken() throws {
    let site = try ResultSite()
    try site.take([Row.row("V1", "TS"), Row.row("V2", "TS")])
    #expect(try frozen(site).map { $0["registrant"] } == [1, 2])
    #expect(try thaw(site, "2").status == 0)
    let alone = try site.take([Row.row("V2", "TS")], as: "alone.json")
    #expect(site.count(alone, "conflicts", "shared_token") == 1)
    #expect(try thaw(site, "1", "2").status == 0)
    let both = try site.take([Row.row("V1", "T1"), Row.row("V2", "TS")], as: "both.json")
    #expect(site.count(both, "tokens") == 2)
    #expect(try site.tokens() == "1 2")
  }

  @Test("Thawed VIDs are sent again once nobody waits for their answer any more")
  func sentAgain() throws {
    let site = try ResultSite()
    try site.take((1...4).map { Row.row("V\($0)", "T\($0)") })
    try site.take([Row.row("V1", "TX")], as: "other.json")
    try #require(thaw(site, "1").status == 0)
    #expect(try site.send(note: "2", after: 120) == 0, "the first answer may still come")
    #expect(try site.send(note: "3", after: 200_000) == 1)
  }

  @Test("All or none: who is not frozen, is named; without --drop-tokens nothing happens")
  func refused() throws {
    let site = try ResultSite()
    try site.take([Row.row("V1", "TS"), Row.row("V2", "TS")])
    let other = try thaw(site, "1", "3")
    #expect(other.status == 2 && other.errors.contains(": 3\n"), "\(other.errors)")
    let bare = try TestSite.airlock(["thaw", "1", "--root", site.site.root])
    #expect(bare.status == 2 && bare.errors.contains("--drop-tokens"))
    let locked = try Tool.run(
      "flock",
      [
        site.site.root + "/store/lock", TestSite.products + "/airlock", "thaw", "1", "2",
        "--drop-tokens", "--root", site.site.root,
      ])
    #expect(locked.status == 4 && locked.errors.contains("locked"), "a watcher runs")
    #expect(try frozen(site).count == 2)
  }

  @Test("fault 84: killed at any step, a thaw is ended by doing it again")
  func killed() throws {
    let start = try ResultSite()
    try start.take([Row.row("V1", "TS"), Row.row("V2", "TS")])
    for step in 1...200 {
      let site = try ResultSite(copying: start)
      let killed = try TestSite.airlock(
        ["thaw", "1", "2", "--drop-tokens", "--root", site.site.root],
        environment: [
          "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "KILL_UNDER": site.site.root,
          "KILL_AT": "\(step)",
        ])
      guard killed.status == -9 else { return #expect(step > 10 && killed.status == 0) }
      let isFrozen = try !frozen(site).isEmpty
      #expect(try frozen(site).count == (isFrozen ? 2 : 0), "all or none, step \(step)")
      #expect(try thaw(site, "1", "2").status == (isFrozen ? 0 : 2), "step \(step)")
      #expect(try frozen(site).isEmpty && site.answers?["missing"] == 4, "step \(step)")
    }
    Issue.record("200 steps were too few")
  }

  @Test("The ledger counts those who were thawed, and names none; the audit knows the entry")
  func told() throws {
    let site = try PruneSite()
    try site.results.take([Row.row("V2", "TX")], as: "changed.json")
    try #require(thaw(site.results, "2").status == 0)
    let lines = try Tool.run(
      "sqlite3",
      [
        site.root + "/store/journal.sqlite",
        "SELECT json_extract(line, '$.what') FROM ledger WHERE line LIKE '%\"thaw\"%'",
      ])
    #expect(lines.output == #"{"registrants":1}"# + "\n")
    try #require(site.site.run().status == 0)
    #expect(try site.site.ok("audit", "--root", site.root).contains("SOUND"))
    try site.results.take([Row.row("V2", "TY")], as: "next.json")
    let patches = try site.verdicts(".patch.verdict.json")
    #expect(patches.map { $0["patch"]?["add"]?.integer } == [3, 1], "told again")
  }

  @Test("fault 84: whose VID was deleted on the token stays frozen until the registry has a token")
  func deletedVID() throws {
    let site = try PruneSite()
    try site.policy()
    try #require(site.prune().status == 0)
    try site.results.take([Row.row("V2", "TX")], as: "changed.json")
    let refused = try thaw(site.results, "2")
    #expect(refused.status == 1 && refused.errors.contains("deleted on the token"))
    #expect(!refused.errors.contains("T2") && !refused.errors.contains("TX"))
    try site.results.loadRegistry(tokens: [2: "TX"], note: "x")
    #expect(try thaw(site.results, "2").status == 0)
    #expect(try site.results.tokens() == "1 2 3")
  }
}
