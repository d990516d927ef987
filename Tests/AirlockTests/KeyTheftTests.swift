import Fixtures
import Foundation
import JSONText
import Testing

/// A key that was stolen, and its replacement, on both sides.
struct KeyTheftTests {
  private static func stolen(_ keys: KeySite) throws {
    let card = try JSONDocument(parsing: keys.site.folder.read("registry/keys/registry.card.json"))
    let id = try #require(card.root.json["key_id"]?.text)
    try keys.command([
      "keys", "revoke", id, "--reason", "compromised", "--yes", "--root", keys.site.root,
    ])
  }

  private static func replaced(_ keys: KeySite, status: Int32 = 0) throws {
    try keys.command(
      ["keys", "new", "registry", "--replace-revoked", "--root", keys.site.root], status: status)
  }

  @Test("fault 67: after a theft the site gets new keys by one command, and works again")
  func site() throws {
    let keys = try KeySite.ready()
    #expect(try keys.job("a") == "accepted")
    try Self.replaced(keys, status: 4)
    _ = try keys.command(
      ["keys", "rotate", "--announce", "--root", keys.site.root])
    try Self.stolen(keys)
    #expect(try keys.job("b") == "rejected own_key_revoked")
    try Self.replaced(keys)
    try Self.replaced(keys, status: 4)
    #expect(try keys.job("c") == "accepted")
    #expect(try keys.verify("a-00000001").status != 0, "the stolen key vouches for nothing")
    let new = try keys.verify("c-00000002")
    #expect(new.status == 0, "\(new.errors)")
    let list = try TestSite.airlock(["keys", "list", "--root", keys.site.root])
    #expect(list.status == 0 && list.output.contains("REVOKED as compromised, since 20"))
  }

  @Test("fault 67: after a theft the others take the new card, once the old one is revoked")
  func others() throws {
    for byList in [true, false] {
      let keys = try KeySite.ready()
      let (mts, card) = (keys.site.folder("mts"), keys.site.root + "/keys/registry.card.json")
      try Self.stolen(keys)
      if byList { try keys.add("registry/keys/REVOKED.json", to: "mts") }
      try Self.replaced(keys)
      if !byList {
        try keys.command(["keys", "add", card, "--keys", mts], status: 2)
        try keys.command(["keys", "revoke", "registry", "--reason", "compromised", "--keys", mts])
      }
      try keys.add("registry/keys/registry.card.json", to: "mts")
      try keys.add("registry/keys/REVOKED.json", to: "mts")
      #expect(try keys.job("a") == "accepted")
      let opened = try keys.open("a-00000001")
      #expect(opened.status == 0, "\(opened.errors)")
    }
  }

  @Test("fault 67: the own key in force is revoked only with --yes")
  func yes() throws {
    let keys = try KeySite()
    let asked = try keys.command(
      ["keys", "revoke", "registry", "--reason", "retired", "--root", keys.site.root], status: 2)
    #expect(asked.errors.contains("the own key in force") && asked.errors.contains("rotate"))
    #expect(!FileManager.default.fileExists(atPath: keys.site.root + "/keys/REVOKED.json"))
  }

  @Test("fault 67: with --sender both keys of a party count whose rotation is filed")
  func sender() throws {
    let keys = try KeySite.ready()
    #expect(try keys.job("a") == "accepted")
    try keys.command(["keys", "rotate", "--root", keys.site.root])
    try keys.command(["keys", "rotate", "--finish", "--root", keys.site.root])
    #expect(try keys.job("b") == "accepted")
    let cards = keys.site.folder.names("registry/keys").filter {
      $0.hasPrefix("registry.") && $0.hasSuffix(".card.json")
    }
    #expect(cards.count == 2)
    for card in cards {
      for archive in ["a-00000001", "b-00000002"] {
        let path = "\(keys.site.root)/keys/\(card)"
        let result = try keys.verify(archive, ["--sender", path])
        #expect(result.status == 0, "\(archive) by \(card): \(result.errors)")
      }
    }
  }

  @Test("fault 67: after a rotation the index of a stream that sent nothing since is no finding")
  func auditor() throws {
    let keys = try KeySite.ready()
    #expect(try keys.job("a") == "accepted")
    try keys.command(["keys", "rotate", "--announce", "--root", keys.site.root], day: 1)
    let auditor = keys.site.folder("mts")
    try keys.add("registry/keys/registry.rotation.json", to: "mts", day: 1)
    try keys.command(["keys", "rotate", "--finish", "--root", keys.site.root], day: 2)
    _ = try keys.site.run(environment: KeySite.clock(2))
    try keys.site.drop(CrashTests.snapshot + " ", as: "t.json")
    _ = try keys.site.run(environment: KeySite.clock(2))
    let index = try keys.site.folder.read("registry/outbox/mts/INDEX.json.minisig")
    try #require(!index.isEmpty)
    let audit = try keys.command(
      ["audit", "--outbox", keys.site.root + "/outbox", "--keys", auditor], day: 3)
    #expect(!audit.output.contains("not valid before"), "\(audit.output)")
  }

  @Test("fault 66: a key that would have expired already is not made, and one is warned of")
  func past() throws {
    let keys = try KeySite(mts: ["--days", "10"])
    let past = try keys.command(
      [
        "keys", "new", "k", "--keys", keys.site.folder("k"), "--days", "1", "--from", "2020-01-01",
      ], status: 2)
    #expect(past.errors.contains("expired on 2020-01-02"), "\(past.errors)")
    let late = try keys.command(
      ["keys", "add", keys.site.folder("mts/mts.card.json"), "--keys", keys.site.folder("l")],
      day: 11)
    #expect(late.errors.contains("expired on"), "\(late.errors)")
  }

  @Test("A wrong file in the place of an identity or a card is told by name")
  func wrongFiles() throws {
    let keys = try KeySite.ready()
    #expect(try keys.job("a") == "accepted")
    let archive = keys.site.root + "/outbox/mts/a-00000001.sealed"
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: keys.site.folder("mts/mts.card.json"))
    for (identity, words) in [
      ("mts/mts.card.json", "a card, which is public; the identity is identity.json"),
      ("mts/none.json", "there is no identity"), ("none/identity.json", "there is no identity"),
    ] {
      let result = try TestSite.airlock([
        "open", archive, "--into", keys.site.folder("out"), "--identity",
        keys.site.folder(identity), "--sender", keys.site.root + "/keys/registry.card.json",
      ])
      #expect(result.status != 0 && result.errors.contains(words), "\(result.errors)")
    }
    let result = try keys.verify(
      "a-00000001", ["--sender", keys.site.root + "/keys/registry.minisign.pub"])
    #expect(result.errors.contains("a key of the stock minisign"), "\(result.errors)")
  }
}
