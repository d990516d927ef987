import Fixtures
import Foundation
import JSONText
import Testing

/// How `airlock status` tells of VID-deletion policies.
struct PolicyStatusTests {
  /// The status, and its exit status.
  private func status(_ site: PruneSite) throws -> (json: [JSON], text: String, end: Int32) {
    let result = try TestSite.airlock(["status", "--root", site.root, "--json"])
    let text = try TestSite.airlock(
      ["status", "--root", site.root], environment: ["COLUMNS": "120"])
    let json = try JSONDocument(parsing: result.output).root.json
    return (json["policies"]?.elements ?? [], text.output, result.status)
  }

  @Test(
    "A policy that ran: what the last look found, the next look, and the last run's certificate")
  func ran() throws {
    let site = try PruneSite()
    #expect(try status(site).json.isEmpty && status(site).text.contains("policies") == false)
    try site.policy()
    #expect(try status(site).text.contains("vids: ON, every 5 minutes, not looked at yet"))
    try #require(site.site.run().status == 0)
    let (json, text, end) = try status(site)
    let policy = try #require(json.first)
    #expect(policy["state"] == "on" && policy["enabled"] == true && policy["interval_minutes"] == 5)
    #expect(policy["found"]?["to_delete"] == 3 && policy["found"]?["vids"] == 4)
    #expect(policy["looked"]?.text?.hasSuffix("Z") == true && policy["next_look"]?.text != nil)
    #expect(policy["last_run"]?["deleted"] == 3 && policy["reasons"]?.elements?.isEmpty == true)
    let certificate = try #require(policy["last_run"]?["certificate"]?.text)
    #expect(FileManager.default.fileExists(atPath: site.root + "/outbox/" + certificate))
    #expect(text.contains("3 of 4 VIDs to delete") && text.contains("3 VIDs deleted") && end == 0)
  }

  @Test("fault 87: a policy that the guard stopped says so until it is answered, with the code")
  func stopped() throws {
    let site = try PruneSite()
    try site.policy(("at_most", ["percent": 20]))
    try #require(site.site.run().status == 1)
    let (json, text, end) = try status(site)
    let reason = json.first?["reasons"]?.elements?.first
    #expect(json.first?["state"] == "stopped" && reason?["code"] == "over_limit" && end == 0)
    #expect(reason?["hint"]?.text?.contains("--confirm") == true)
    #expect(json.first?["found"]?["to_delete"] == 3)
    #expect(text.contains("STOPPED, deletes nothing") && text.contains("--confirm"))
    let hint = try #require(reason?["hint"]?.text)
    let code = try #require(hint.split(separator: " ").last)
    #expect(try site.prune("--policy", "vids", "--confirm", String(code)).status == 0)
    #expect(try site.erased().count == 3)
    try #require(site.site.run().status == 0)
    #expect(try status(site).json.first?["state"] != "faulty")
  }

  @Test("fault 86: a faulty policy shows before it was ever looked at, with file, line and pointer")
  func faulty() throws {
    let site = try PruneSite()
    try site.site.folder.write(
      #"{"airlock": "vid-deletion", "version": 1, "domian": [], "domain": []}"#,
      as: "registry/policies/bad.json")
    try site.policy(("uin_token_id_type", "No such type"), as: "unknown")
    try site.policy(as: "vids")
    try site.policy(("enabled", false), as: "zoff")
    let (json, text, end) = try status(site)
    #expect(json.map { $0["state"] } == ["faulty", "faulty", "on", "off"] && end == 1)
    let reason = json[0]["reasons"]?.elements?.first
    #expect(reason?["code"] == "unknown_key" && reason?["where"]?["file"] == "policies/bad.json")
    #expect(reason?["where"]?["line"] == 1 && reason?["where"]?["pointer"] != nil)
    let type = json[1]["reasons"]?.elements?.first
    #expect(type?["code"] == "unknown_id_type" && type?["where"]?["pointer"] != nil)
    #expect(type?["where"]?["file"] == "policies/unknown.json")
    #expect(text.contains("bad: FAULTY, deletes nothing") && text.contains("zoff: off"))
    #expect(
      json[0]["looked"] == .null && site.site.folder.names("registry/outbox/CERTIFICATES") == [])
  }

  @Test(
    "A faulty policy that is off hinders no one: the status ends with 0, and says it all the same")
  func faultyAndOff() throws {
    let site = try PruneSite()
    try site.policy(("enabled", false), ("vid_id_type", "No such type"))
    let (json, _, end) = try status(site)
    #expect(json.first?["state"] == "faulty" && json.first?["enabled"] == false && end == 0)
  }

  @Test("What was found by a look long ago does not hide what is wrong now")
  func brokenSince() throws {
    let site = try PruneSite()
    try site.policy()
    try #require(site.prune().status == 0)
    try site.site.folder.write("{", as: "registry/policies/vids.json")
    let policy = try #require(try status(site).json.first)
    #expect(policy["state"] == "faulty" && policy["found"] == .null && policy["enabled"] == .null)
    #expect(policy["last_run"]?["deleted"] == 3, "what was done stays told")
  }
}
