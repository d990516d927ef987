import Fixtures
import Foundation
import JSONText
import Testing

/// `airlock prune --verify`. What a scan finds is tested with the store.
struct VerifyErasureTests {
  @Test("fault 90: a site that never deleted a VID says so")
  func nothing() throws {
    let site = try TestSite()
    let result = try TestSite.airlock(["prune", "--verify", "--root", site.root])
    #expect(result.status == 0 && result.output.contains("no VID was ever deleted"))
  }

  @Test("fault 90: VIDs too short to be looked for prove nothing; what the site can open is told")
  func short() throws {
    let site = try PruneSite()
    try site.policy()
    #expect(try site.prune().status == 0)
    let doubtful = try site.prune("--verify")
    #expect(doubtful.status == 4 && doubtful.output.contains("NOT PROVED"), "\(doubtful.output)")
    let words = doubtful.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("3 more cannot be looked for"), "\(words)")
    try Tool.run("mkdir", ["-p", site.root + "/store/archive"])
    try site.site.folder.write("x", as: "registry/store/archive/a.sealed")
    let sealed = try site.prune("--verify", "--json")
    #expect(sealed.status == 1)
    let report = try JSONDocument(parsing: sealed.output).root.json
    #expect(report["findings"]?.elements?.first?["kind"] == "sealed_to_site")
    #expect(report["unsearchable"] == 3 && report["whole"] == false)
    #expect((report["skipped"]?["secret_key"]?.integer ?? 0) >= 2)
  }
}
