import Fixtures
import Foundation
import JSONText
import Testing

/// A CSV export from the drop to the registry patch: whose token it is.
struct ExternalPersonTests {
  private let site: TestSite

  init() throws {
    site = try TestSite()
    try site.ok("keys", "new", "ministry", "--keys", site.folder("ministry"))
    try site.ok("keys", "add", site.folder("ministry/ministry.card.json"), "--root", site.root)
    try site.ok(
      "keys", "add", site.folder("registry/keys/registry.card.json"), "--keys",
      site.folder("ministry"))
    try site.policy(
      ("registry_patch", ["stream": "registry", "recipients": ["ministry"]]),
      ("trust", ["result": ["signature": "optional", "signers": ["mts"]]]))
  }

  /// Loads the rows, sends them, and takes their tokens in.
  private func answer(_ header: String, _ row: String, token: String?) throws {
    try site.drop(
      "\(header),given_name,family_name,gender,birthdate,address\n"
        + "\(row),Ana,Doe,Female,1980-02-29,1 Lane\n", as: "people.csv")
    try #require(site.run().status == 0)
    try send()
    guard let token else { return }
    try take("4126162436616973", token)
  }

  private func send() throws {
    let mapping: JSON = [
      "name": ["given_name", "family_name"], "gender": "gender", "dob": "birthdate",
      "fullAddress": ["address"],
    ]
    try site.drop(
      job: ("fields", ["id", "given_name", "family_name", "gender", "birthdate", "address"]),
      ("filter", []), ("everyone", true), ("mts", ["mapping": mapping]))
    try #require(site.run().status == 0)
  }

  private func take(_ vid: String, _ token: String) throws {
    try site.drop(JSON.array([ResultSite.row(vid, token)]).line(), as: "r.json")
    try #require(site.run().status == 0)
  }

  /// The operations of a patch.
  private func operations(_ name: String = "registry-patch-00000001") throws -> [JSON] {
    try site.ok(
      "open", "\(site.root)/outbox/registry/\(name).sealed", "--kind", "registry-patch", "--into",
      site.folder(name), "--identity", site.folder("ministry/identity.json"))
    return try site.folder.read("\(name)/operations.ndjson").split(separator: "\n").map {
      try JSONDocument(parsing: String($0)).root.json
    }
  }

  @Test(
    "fault 110: who is known by an external id is sent, shown and told of by it, and by no number")
  func external() throws {
    let name = "__export__.res_partner_12_9ed14cf5"
    try answer(
      "id,reg_ids/id_type,reg_ids/value", "\(name),MOSIP VID,4126162436616973", token: "T1")
    let verdict = try site.verdict("people.csv")
    let codes = verdict["warnings"]?.elements?.map { $0["code"] }
    #expect(codes == ["external_ids", "kept_values"], "gender's labels are kept, too")
    #expect(try site.ok("search", "[]", "--root", site.root) == "\(name)\n")
    let request = try site.folder.read(site.open() + "/requests/000001.json")
    let sent = try JSONDocument(parsing: request).root.json["request"]?["authdata"]?.elements
    #expect(sent?.map { $0["id"] } == [.string(name)])
    let operation = try #require(try operations().first)
    #expect(operation["values"]?["partner_id/id"] == .string(name))
    #expect(operation["values"]?["partner_id"] == nil)
    #expect(operation["expect"]?["value"] == "4126162436616973")
    try policy()
    try #require(site.run().status == 0)
    let gone = try #require(try operations("vids-00000002").first)
    #expect(gone["do"] == "unlink" && gone["id"] == nil)
    #expect(gone["expect"]?["partner_id/id"] == .string(name))
  }

  @Test("fault 110: the next export with external ids has the same people, and their tokens")
  func again() throws {
    let rows = "x.ana,MOSIP VID,4126162436616973"
    try answer("id,reg_ids/id_type,reg_ids/value", rows, token: "T1")
    try site.drop(
      "id,given_name,reg_ids/id_type,reg_ids/value\nx.ben,Ben,MOSIP VID,4126162436616999\n\(rows.replacing("MOSIP", with: "Ana,MOSIP"))\n",
      as: "next.csv")
    try #require(site.run().status == 0)
    let domain = #"[["reg_ids.id_type.name", "=", "MOSIP UIN TOKEN"]]"#
    #expect(try site.ok("search", domain, "--root", site.root) == "x.ana\n")
  }

  @Test("fault 110: in a registry made anew the number is somebody else's: the token waits")
  func madeAnew() throws {
    let header = ".id,reg_ids/id_type,reg_ids/value"
    try answer(
      "id,\(header)", "base.partner_12,845,MOSIP VID,4126162436616973", token: nil)
    try site.drop("\(header)\n845,MOSIP VID,4126162436616999\n", as: "anew.csv")
    try #require(site.run().status == 0)
    try take("4126162436616973", "T1")
    try #require(site.run().status == 0)
    #expect(site.folder.names("registry/outbox/registry").filter { $0.hasSuffix(".sealed") } == [])
    try site.drop("\(header)\n845,MOSIP VID,4126162436616973\n", as: "back.csv")
    try #require(site.run().status == 0)
    #expect(try operations().map { $0["values"]?["partner_id"] } == [845])
  }

  @Test("fault 112: a token row without a value is filled, and counted in the verdict")
  func blank() throws {
    let record =
      #"{"id": 7, "is_registrant": true, "active": true, "given_name": "A", "family_name": "B", "gender": "male", "birthdate": "1990-01-01", "address": "S", "reg_ids": [{"id": 81, "id_type": [1, "MOSIP VID"], "value": "V7"}, {"id": 90, "id_type": [2, "MOSIP UIN TOKEN"], "value": false}]}"#
    try site.drop("[\(record)]", as: "people.json")
    try #require(site.run().status == 0)
    try send()
    try take("V7", "T7")
    let operation = try #require(try operations().first)
    #expect(operation["do"] == "set" && operation["id"] == 90)
    let table = try site.folder.read("registry-patch-00000001/reg_ids.csv")
    #expect(table == ".id,partner_id/.id,id_type,value\r\n90,7,\"MOSIP UIN TOKEN\",T7\r\n")
    let verdicts = site.folder.names("registry/inbox/accepted").filter {
      $0.hasSuffix(".patch.verdict.json")
    }
    let verdict = try JSONDocument(
      parsing: site.folder.read("registry/inbox/accepted/\(verdicts.first ?? "")")
    ).root.json
    #expect(verdict["patch"]?["set"] == 1 && verdict["patch"]?["add"] == 0)
    #expect(try Schema("verdict").accepts(verdict))
  }

  private func policy() throws {
    let policy: JSON = [
      "airlock": "vid-deletion", "version": 1, "domain": [["__external_id", "!=", false]],
      "token": ["from": "result", "hold_hours": 0], "at_most": ["percent": 100],
    ]
    try site.folder.write(policy.pretty(), as: "registry/policies/vids.json")
  }
}
