import Fixtures
import Foundation
import JSONText
import Testing

/// VID-deletion policies, from the file to the VIDs that are gone.
struct PruneTests {
  @Test("fault 88: a dry run lists what the run deletes, item by item, and deletes nothing")
  func dryRun() throws {
    let site = try PruneSite()
    try site.policy()
    let list = try site.list()
    #expect(list == ["1/1", "2/2", "3/3"])
    #expect(try site.holders() == "1 2 3 4" && site.erased() == [])
    #expect(try site.prune().status == 0)
    #expect(try site.erased() == list && site.holders() == "4")
    #expect(try site.results.tokens() == "1 2 3", "tokens stay")
    #expect(try site.list() == [])
  }

  @Test("A run is a drop of our own: a verdict, a certificate, an entry of the ledger, a patch")
  func traces() throws {
    let site = try PruneSite()
    try site.policy()
    #expect(try site.site.run().status == 0, "the watcher does it by itself")
    let verdict = try #require(try site.verdicts(".prune.verdict.json").first)
    #expect(verdict["kind"] == "vid-deletion" && verdict["deletion"]?["deleted"] == 3)
    #expect(
      verdict["patch"]?["unlink"] == 3 && verdict["deletion"]?["left_out"]?["no_token"] == nil)
    #expect(try Schema("verdict").accepts(verdict))
    let names = site.site.folder.names("registry/outbox/CERTIFICATES").sorted()
    #expect(names.count == 2 && names[1] == names[0] + ".minisig")
    let certificate = site.root + "/outbox/CERTIFICATES/" + names[0]
    let key = site.root + "/keys/registry.minisign.pub"
    #expect(try Tool.run("minisign", ["-Vm", certificate, "-p", key]).status == 0)
    #expect(try site.site.ok("audit", "--root", site.root).contains("SOUND"))
    #expect(try site.site.run().output == "nothing to do\n", "and not twice")
  }

  @Test("Tokens are told to the registry before any policy runs, and once")
  func told() throws {
    let site = try PruneSite()
    let patches = try site.verdicts(".patch.verdict.json")
    #expect(patches.count == 1 && patches[0]["patch"]?["add"] == 3)
    #expect(patches[0]["kind"] == "registry-patch")
    #expect(
      site.site.folder.names("registry/outbox/registry").contains("registry-patch-00000001.sealed"))
    #expect(try site.site.run().output == "nothing to do\n")
    try site.policy()
    try site.prune()
    #expect(try site.verdicts(".prune.verdict.json").first?["patch"]?["add"] == 0)
  }

  @Test(
    "fault 87: a run that goes over the bound stops and asks; that list alone can be let through")
  func guardStops() throws {
    let site = try PruneSite()
    try site.policy(("at_most", ["percent": 20]))
    let run = try site.site.run()
    #expect(run.status == 1 && run.errors.contains("--confirm"), "\(run.errors)")
    #expect(try site.erased() == [])
    let again = try site.site.run()
    #expect(again.status == 0, "told once: \(again.errors)")
    #expect(try site.prune().status == 1)
    let dry = try TestSite.airlock(["prune", "--root", site.root, "--dry-run", "--json"])
    #expect(dry.status == 1)
    let code = try #require(
      JSONDocument(parsing: dry.output).root.json.elements?.first?["confirm"]?.text)
    #expect(try site.prune("--policy", "vids", "--confirm", "000000000000").status == 1)
    #expect(try site.erased() == [])
    #expect(try site.prune("--policy", "vids", "--confirm", code).status == 0)
    #expect(try site.erased().count == 3)
  }

  @Test(
    "fault 86: one registrant's odd data is that registrant's alone",
    arguments: [
      (#"{"id": 1, "id_type": [1, "MOSIP VID"], "value": "V9"}"#, "not_matched"),
      (#"{"id": 1, "id_type": [1, "MOSIP VID"], "value": "  "}"#, "no_vid"),
      (#"{"id": 1, "id_type": [1, "MOSIP VID"], "value": "V2"}"#, "shared_vid"),
      (
        #"{"id": 1, "id_type": [1, "MOSIP VID"], "value": "V1"}, {"id": 60, "id_type": [2, "MOSIP UIN TOKEN"], "value": "TX"}"#,
        "two_tokens"
      ),
      (
        #"{"id": 1, "id_type": [1, "MOSIP VID"], "value": "V1"}, {"id": 60, "id_type": [2, "MOSIP UIN TOKEN"], "value": "T2"}"#,
        "two_tokens"
      ),
    ])
  func oddOnes(ids: String, reason: String) throws {
    let site = try PruneSite()
    try site.results.loadRegistry(ids: [1: ids], note: "odd")
    try site.policy()
    #expect(try site.leftOut(reason) == 1, "\(reason)")
    #expect(try site.prune().status == 0)
    #expect(try site.erased().contains("3/3"))
    #expect(try !site.erased().contains { $0.hasPrefix("1/") })
  }

  @Test("Of two VIDs the matched one goes, or by policy all of them")
  func reach() throws {
    let two =
      #"{"id": 1, "id_type": [1, "MOSIP VID"], "value": "V1"}, {"id": 70, "id_type": [1, "MOSIP VID"], "value": "V7"}"#
    let site = try PruneSite()
    try site.results.loadRegistry(ids: [1: two], note: "two")
    try site.policy()
    #expect(try site.list() == ["1/1", "2/2", "3/3"])
    try site.policy(("vids", "all"))
    #expect(try site.list() == ["1/1", "1/70", "2/2", "3/3"])
  }

  @Test("A token must come from a verified result, unless the policy asks for less")
  func sources() throws {
    let site = try PruneSite()
    try site.results.loadRegistry(tokens: [4: "T4"], note: "t")
    try site.policy()
    #expect(try site.list() == ["1/1", "2/2", "3/3"])
    #expect(try site.leftOut("not_verified") == 1)
    try site.policy(("token", ["from": "result"]))
    #expect(try site.leftOut("not_from_result") == 1)
    try site.policy(("token", ["from": "registry"]), ("vids", "all"))
    #expect(try site.list() == ["1/1", "2/2", "3/3", "4/4"])
  }

  @Test("A token must be known for the hold time, and have the status that is asked for")
  func holdAndStatus() throws {
    let site = try PruneSite()
    try site.policy(("token", ["hold_hours": 1]))
    #expect(try site.list() == [] && site.leftOut("hold") == 3)
    let status = site.results.token(1, "T1", status: "valid")
    try site.results.loadRegistry(
      ids: [1: status, 2: site.results.token(2, "T2", status: "invalid")], note: "s")
    try site.policy(("token", ["status": "valid"]))
    #expect(try site.list() == ["1/1"] && site.leftOut("token_status") == 2)
  }

  @Test("Who is frozen keeps every VID")
  func frozen() throws {
    let site = try PruneSite()
    try site.results.take([ResultSite.row("V2", "TX")], as: "changed.json")
    try site.policy()
    #expect(try site.list() == ["1/1", "3/3"])
  }

  @Test("A faulty policy deletes nothing, and hinders no other; one that is off waits")
  func faulty() throws {
    let site = try PruneSite()
    try site.policy()
    try site.site.folder.write(
      #"{"airlock": "vid-deletion", "version": 1}"#, as: "registry/policies/bad.json")
    try site.policy(("uin_token_id_type", "No such type"), as: "unknown")
    try site.policy(("enabled", false), ("domain", []), ("vids", "all"), as: "zoff")
    let run = try site.prune()
    #expect(run.status == 1 && run.errors.contains("policies/bad.json"), "\(run.errors)")
    #expect(try site.erased() == ["1/1", "2/2", "3/3"])
    #expect(try site.prune("--policy", "zoff").status == 1)
    #expect(try site.prune("--policy", "none").status == 2)
  }

  @Test("What g2p_mts deleted on a real Odoo goes, and the second VIDs that it forgot; 168 stay")
  func asUpstream() throws {
    let site = try TestSite(snapshot: "extract")
    try site.folder.write(
      #"""
      {"airlock": "vid-deletion", "version": 1, "domain": [["is_registrant", "=", true],
        ["reg_ids.id_type", "=like", "MOSIP VID"], ["reg_ids.id_type", "=like", "MOSIP UIN TOKEN"]],
        "token": {"from": "registry"}, "vids": "all", "at_most": {"percent": 100}}
      """#, as: "registry/policies/g2p.json")
    try site.ok("prune", "--root", site.root)
    let name = try #require(
      site.folder.names("registry/inbox/accepted").first { $0.hasSuffix(".prune.verdict.json") })
    let text = try site.folder.read("registry/inbox/accepted/" + name)
    let deletion = try JSONDocument(parsing: text).root.json["deletion"]
    #expect(deletion?["matched"] == 602 && deletion?["registrants"] == 434)
    #expect(deletion?["deleted"] == 437 && deletion?["left_out"]?["no_token"] == 168)
    #expect(try site.ok("prune", "--verify", "--root", site.root).contains("none of 437"))
  }

  @Test("A token that came in plain is verified once a sealed result brings it too")
  func verifiedLater() throws {
    let results = try ResultSite()
    try results.take([ResultSite.row("V1", "T1")])
    _ = try results.dropSealed(JSON.array([ResultSite.row("V1", "T1")]).line())
    try #require(results.site.run().status == 0)
    let rows = try Tool.run(
      "sqlite3", [results.site.root + "/store/tokens.sqlite", "SELECT verified FROM tokens"])
    #expect(rows.output == "1\n")
  }

  @Test("fault 86: what another holds as an id of any type is shared, and stays")
  func sharedAcrossTypes() throws {
    let site = try PruneSite()
    let other =
      #"{"id": 4, "id_type": [1, "MOSIP VID"], "value": "V4"}, {"id": 80, "id_type": [9, "OLD VID"], "value": "V1"}"#
    try site.results.loadRegistry(ids: [4: other], note: "o")
    try site.policy()
    #expect(try site.list() == ["2/2", "3/3"] && site.leftOut("shared_vid") == 1)
  }

  @Test("fault 89: without hash.key nothing is loaded, since nothing deleted would be known again")
  func keyLost() throws {
    let site = try PruneSite()
    try site.policy()
    try site.prune()
    try FileManager.default.removeItem(atPath: site.root + "/store/hash.key")
    let run = try site.site.run()
    #expect(run.status == 4 && run.errors.contains("hash.key"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: site.root + "/store/hash.key"))
  }

  @Test(
    "fault 86: a token of white space, of whatever kind, is none",
    arguments: [" ", "\u{A0}", "\u{3000}"])
  func blankToken(token: String) throws {
    let site = try PruneSite()
    try site.results.loadRegistry(tokens: [4: token], note: "b")
    try site.policy(("token", ["from": "registry"]), ("vids", "all"))
    #expect(try site.list() == ["1/1", "2/2", "3/3"])
  }
}
