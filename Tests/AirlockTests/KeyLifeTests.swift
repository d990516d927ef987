import Fixtures
import Foundation
import JSONText
import Testing

/// Keys that begin, end, and may not be used for all, by the program itself.
struct KeyLifeTests {
  @Test("fault 66: with an own key that is unfit nothing leaves, and the status says why")
  func ownKey() throws {
    for (terms, day, code) in [
      (["--days", "40"], 41, "own_key_expired"),
      (["--from", "2999-01-01"], 0, "own_key_not_yet_valid"),
      (["--usage", "seal,results"], 0, "own_key_wrong_usage"),
    ] {
      let keys = try KeySite.ready(own: terms)
      #expect(try keys.job("a", day: day) == "rejected \(code)")
      #expect(keys.site.archives.isEmpty)
      let status = try keys.status(day: day)
      if code == "own_key_wrong_usage" { continue }
      #expect(status.status == 1)
      #expect(status.output.contains("NOTHING CAN LEAVE"), "\(status.output)")
      #expect(status.output.contains("UNFIT"), "\(status.output)")
    }
  }

  @Test("fault 65: a folder of keys that others can write to is not left out of account")
  func exposedFolder() throws {
    let keys = try KeySite.ready()
    #expect(try keys.job("a") == "accepted")
    let archive = keys.site.root + "/outbox/mts/" + (keys.site.archives.first ?? "")
    let card = keys.site.folder("card.json")
    try FileManager.default.copyItem(
      atPath: keys.site.root + "/keys/registry.card.json", toPath: card)
    let verify = ["verify", archive, "--sender", card, "--root", keys.site.root]
    try keys.command(verify)
    chmod(keys.site.root + "/keys", 0o777)
    try keys.command(verify, status: 4)
  }

  @Test("Signed documents are verified as archives are, each by its own signature")
  func documents() throws {
    let keys = try KeySite.ready()
    #expect(try keys.job("a") == "accepted")
    let outbox = keys.site.root + "/outbox"
    let index = outbox + "/mts/INDEX.json"
    let verify = ["verify", index, index + ".minisig", outbox + "/LEDGER/CHECKPOINT.json"]
    let said = try keys.command(verify + ["--root", keys.site.root]).output
    #expect(said.contains("index, signed by registry"), "\(said)")
    #expect(said.contains("checkpoint, signed by registry"), "\(said)")
    try FileManager.default.removeItem(atPath: index + ".minisig")
    try FileManager.default.copyItem(
      atPath: outbox + "/LEDGER/CHECKPOINT.json.minisig", toPath: index + ".minisig")
    try keys.command(verify + ["--root", keys.site.root], status: 3)
  }

  @Test("fault 66: nothing is sealed to a recipient's key that is unfit")
  func recipient() throws {
    let expired = try KeySite.ready(mts: ["--days", "10"])
    #expect(try expired.job("a", day: 9) == "accepted")
    #expect(try expired.job("b", day: 10) == "quarantined key_expired")
    let other = try KeySite.ready(mts: ["--usage", "results"])
    #expect(try other.job("a") == "quarantined key_wrong_usage")
    let revoked = try KeySite.ready()
    try revoked.command(
      ["keys", "revoke", "mts", "--reason", "compromised", "--root", revoked.site.root])
    #expect(try revoked.job("a") == "quarantined key_revoked")
    #expect(revoked.site.archives.isEmpty)
  }

  @Test("fault 66: a drop whose signer's key is unfit is held with the reason")
  func signer() throws {
    let office = try HeadOffice()
    let keys = office.site.folder("dated")
    try office.site.ok("keys", "new", "dated", "--keys", keys, "--days", "10")
    try office.site.ok("keys", "add", keys + "/dated.card.json", "--root", office.site.root)
    try office.trust("snapshot", ["dated", "head-office"])
    let late = try office.dropSealed(
      "[{\"id\": 1, \"is_registrant\": true}]", kind: "snapshot", by: "dated")
    _ = try office.site.run(environment: KeySite.clock(10))
    #expect(try office.outcome(late) == "quarantined key_expired")
    try office.drop("[{\"id\": 2, \"is_registrant\": true}]", signed: true, as: "good.json")
    _ = try office.site.run()
    #expect(try office.outcome("good.json") == "accepted ")
    try office.site.ok(
      "keys", "revoke", "head-office", "--reason", "retired", "--root", office.site.root)
    try office.drop("[{\"id\": 3, \"is_registrant\": true}]", signed: true, as: "bad.json")
    _ = try office.site.run()
    #expect(try office.outcome("bad.json") == "quarantined key_revoked")
  }

  @Test("fault 66: who seals with a key that is unfit, or to one, is told so")
  func seal() throws {
    let site = try TestSite()
    try site.folder.write("[]", as: "x.json")
    func seal(_ terms: String..., to card: String = "registry/keys/registry") throws -> Int32 {
      let folder = site.folder("k\(terms.joined())")
      _ = try TestSite.airlock(["keys", "new", "k", "--keys", folder] + terms)
      return try TestSite.airlock([
        "seal", site.folder("x.json"), "--kind", "snapshot", "--to",
        site.folder("\(card).card.json"), "--into", site.root + "/inbox", "--identity",
        folder + "/identity.json",
      ]).status
    }
    #expect(try seal("--usage", "jobs") == 3)
    #expect(try seal("--from", "2999-01-01") == 3)
    #expect(try seal("--usage", "snapshots", "--days", "1") == 0)
    #expect(try seal(to: "k--usagejobs/k") == 3, "to a key that nothing may be sealed to")
  }

  @Test("A key's end is warned of 30 days ahead, by keys list and by status")
  func list() throws {
    let keys = try KeySite(own: ["--days", "100", "--usage", "seal,archives"])
    func list(_ day: Int, _ status: Int32) throws -> (JSON, String) {
      let result = try keys.command(
        ["keys", "list", "--root", keys.site.root, "--json"], day: day, status: status)
      let all = try JSONDocument(parsing: result.output).root.json.elements ?? []
      return (try #require(all.first { $0["own"] == true }), result.errors)
    }
    for (day, state, left, status) in [
      (0, "valid", 99, 0), (69, "valid", 30, 0), (71, "ending", 28, 0), (101, "expired", 0, 1),
    ] as [(Int, String, Int64, Int32)] {
      let (own, errors) = try list(day, status)
      // The day that has begun counts until its first second is over.
      let found = own["days_left"]?.integer ?? -1
      #expect(own["state"]?.text == state && [left, left + 1].contains(found), "day \(day)")
      #expect(own["usage"] == ["seal", "archives"])
      #expect(errors.contains("warning:") == (state != "valid"))
      let words = try keys.status(day: day).output
      #expect(words.contains("\nkeys ") == (state != "valid"), "\(words)")
    }
  }

  @Test("Several recipients: an auditor's or escrow's key opens the same archive")
  func auditor() throws {
    let keys = try KeySite.ready()
    try keys.command([
      "keys", "new", "escrow", "--keys", keys.site.folder("escrow"), "--usage", "seal",
    ])
    try keys.add("escrow/escrow.card.json", to: "registry/keys")
    try keys.add("registry/keys/registry.card.json", to: "escrow")
    try keys.site.policy(
      (
        "streams",
        [
          "mts": [
            "recipients": ["mts", "escrow"],
            "fields": [
              "id", "name", "given_name", "addl_name", "family_name", "gender", "birthdate",
              "address", "phone", "email",
            ],
          ]
        ]
      ))
    #expect(try keys.job("a") == "accepted")
    for reader in ["mts", "escrow"] {
      let result = try keys.open("a-00000001", keys: reader)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("no receipt is made") == (reader == "escrow"))
    }
    let opened = ["mts", "escrow"].map { keys.site.folder.names("opened-\($0)-a-00000001-0") }
    #expect(opened[0] == opened[1] && !opened[0].isEmpty)
  }
}
