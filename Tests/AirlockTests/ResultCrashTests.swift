import Fixtures
import Foundation
import JSONText
import Testing

/// The process is killed while it takes in a result.
struct ResultCrashTests {
  private static func start() throws -> ResultSite {
    let site = try ResultSite()
    try site.take([ResultSite.row("V1", "T1")], as: "before.json")
    let rows = [
      ResultSite.row("V1", "T1"), ResultSite.row("V2", "T2"), ResultSite.row("V3", "T3"),
      ResultSite.row("V4", "T3"),
    ]
    try site.site.drop(JSON.array(rows).line(), as: "r.json")
    return site
  }

  private static func preload(_ settings: [String: String], _ site: ResultSite) -> [String: String]
  {
    settings.merging([
      "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "KILL_UNDER": site.site.root,
    ]) { $1 }
  }

  @Test(
    "A result that is killed at any step and taken in again comes to the same: no token lost, none twice"
  )
  func killed() throws {
    let start = try Self.start()
    let counted = try ResultSite(copying: start)
    let count = counted.site.folder("count")
    let settings = Self.preload(["KILL_COUNT_FILE": count], counted)
    #expect(try counted.site.run(environment: settings).status == 0)
    let steps = try #require(
      Int(counted.site.folder.read("count").trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(steps > 30)
    for step in stride(from: 1, through: steps, by: max(1, steps / 30)) {
      let site = try ResultSite(copying: start)
      let killed = try site.site.run(environment: Self.preload(["KILL_AT": "\(step)"], site))
      #expect(killed.status == -9, "step \(step)")
      #expect(try site.site.run().status == 0, "step \(step)")
      let verdict = try site.site.verdict("r.json")
      #expect(site.count(verdict, "tokens") == 2, "step \(step)")
      #expect(site.count(verdict, "known") == 1, "step \(step)")
      #expect(site.count(verdict, "conflicts", "shared_token") == 2, "step \(step)")
      #expect(try site.tokens() == "1 2", "step \(step)")
      #expect(try site.answers?["missing"] == 0, "step \(step)")
      #expect(site.site.folder.names("registry/store").filter { $0.hasSuffix(".tmp") } == [])
    }
  }
}
