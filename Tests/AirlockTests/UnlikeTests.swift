import Fixtures
import Foundation
import JSONText
import Testing

/// A snapshot that looks like a part of the one in force, or like another registry's, waits for the
/// operator.
struct UnlikeTests {
  private static func people(_ ids: ClosedRange<Int>, note: String = "", vids: Bool = true)
    -> String
  {
    let rows = ids.map { id in
      let ids = vids ? #"[{"id": \#(id), "id_type": [1, "MOSIP VID"], "value": "V\#(id)"}]"# : "[]"
      return #"{"id": \#(id), "is_registrant": true, "name": "N\#(note)", "reg_ids": \#(ids)}"#
    }
    return "[" + rows.joined(separator: ",") + "]"
  }

  private func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop(Self.people(1...20), as: "a.json")
    try #require(site.run().status == 0)
    return site
  }

  @Test(
    "A batch of others, a small part, and a snapshot without VIDs are held, with counts",
    arguments: [
      (people(21...40), "of the 20 in force, 0 res.partner are in it"),
      (people(1...9), "9 res.partner where there were 20"),
      (people(1...20, vids: false), "0 g2p.reg.id where there were 20"),
    ])
  func held(text: String, words: String) throws {
    let site = try site()
    try site.drop(text, as: "b.json")
    #expect(try site.run().status == 1)
    let verdict = try site.verdict("b.json")
    #expect(verdict["outcome"] == "quarantined" && verdict["reason"]?["code"] == "unlike_the_last")
    #expect(verdict["reason"]?["message"]?.text?.contains(words) == true, "\(verdict.line())")
    #expect(verdict["reason"]?["hint"]?.text?.contains("tar -cf") == true)
    #expect(try site.ok("search", "[]", "--count", "--root", site.root) == "20\n")
    try site.ok("release", "b.json", "--root", site.root)
    #expect(try site.run().status == 0)
    #expect(try site.verdict("b.json")["outcome"] == "accepted")
  }

  @Test("A registry that grows, or loses fewer than half, is taken; the bound is the policy's")
  func taken() throws {
    let site = try site()
    try site.drop(Self.people(8...47), as: "b.json")
    #expect(try site.run().status == 0)
    try site.policy(("intake", ["quiet_milliseconds": 0, "least_alike_percent": 0]))
    try site.drop(Self.people(100...105), as: "c.json")
    #expect(try site.run().status == 0)
    #expect(try site.ok("search", "[]", "--count", "--root", site.root) == "6\n")
  }

  @Test("Check says the same against the snapshot in force, and a usual cap of exports")
  func check() throws {
    let site = try site()
    try site.folder.write(Self.people(21...120), as: "c.json")
    let finding = try site.ok("check", site.folder("c.json"), "--root", site.root, "--json")
    #expect(finding.contains("unlike_the_last") && finding.contains("capped_export"))
    try site.folder.write(Self.people(1...20, note: "2"), as: "d.json")
    let sound = try site.ok("check", site.folder("d.json"), "--root", site.root, "--json")
    #expect(!sound.contains("unlike_the_last") && !sound.contains("capped_export"))
  }

  @Test("A count at which exports stop is warned of in the verdict")
  func capped() throws {
    let site = try TestSite()
    try site.drop(Self.people(1...80), as: "a.json")
    #expect(try site.run().status == 0)
    let codes = try site.verdict("a.json")["warnings"]?.elements?.compactMap { $0["code"]?.text }
    #expect(codes?.contains("capped_export") == true)
  }

  @Test("A delta that deletes most of a registry is held; released, it is in force")
  func delta() throws {
    let site = try site()
    let base = try #require(try site.verdict("a.json")["snapshot"]?["digest"]?.text)
    let ids = (1...12).map(String.init).joined(separator: ", ")
    try site.drop(
      #"{"airlock": "snapshot", "version": 1, "kind": "delta", "follows": "\#(base)", "deleted": [{"model": "res.partner", "ids": [\#(ids)]}]}"#,
      as: "d.ndjson")
    #expect(try site.run().status == 1)
    #expect(try site.verdict("d.ndjson")["reason"]?["code"] == "unlike_the_last")
    try site.ok("release", "d.ndjson", "--root", site.root)
    #expect(try site.run().status == 0)
    #expect(try site.ok("search", "[]", "--count", "--root", site.root) == "8\n")
  }
}
