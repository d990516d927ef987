import Archives
import Files
import Fixtures
import Foundation
import JSONText
import Jobs
import Keys
import Ledger
import Secrets
import Store
import Testing

/// What a site tells of itself in its outbox.
struct LedgerPassTests {
  private let office: PostOffice

  init() throws { office = try PostOffice() }

  @Test("The ledger begins with the site, and tells of all that happened, in order")
  func story() throws {
    try office.send("a")
    try office.drop("no drop", as: "bad.json")
    try office.pass()
    let kinds = try office.ledger().map(\.kind.rawValue)
    #expect(
      kinds == [
        "site", "program", "policy", "keys", "keys", "drop", "run", "archive", "drop", "drop",
      ])
    let site = try #require(try office.told(.site).first)
    #expect(site["key_id"]?.text == office.signer.card.keyID.hex)
    #expect(try office.told(.keys).map { $0["name"] } == ["mts", "registry"])
    let run = try #require(try office.told(.run).first)
    #expect(
      run["sent"] == 2 && run["sequence"] == 1 && run["conditions"] == [["is_registrant", "="]])
    let drops = try office.told(.drop)
    #expect(drops.map { $0["outcome"] } == ["accepted", "accepted", "rejected"])
    #expect(drops.allSatisfy { $0["origin"] == "inbox" && $0["released"] == false })
    let names = try office.ledger().map(\.lineText).joined()
    #expect(!names.contains("bad.json"), "names of drops may be personal")
  }

  @Test("What an archive's header says stands in the ledger, and in a checkpoint, before it shows")
  func archive() throws {
    try office.send("a")
    let told = try #require(try office.told(.archive).first)
    let archive = try office.archive("a", 1)
    let draft = archive.header.draft
    #expect(told["digest"]?.text == archive.digest.hex && told["bytes"] == .int(archive.size))
    #expect(told["file"] == "a-00000001.sealed" && told["previous"] == .null)
    #expect(told["created"]?.text == draft.created.text && told["kind"] == "mts-request")
    #expect(told["snapshot"]?.text == draft.digests.snapshot?.hex)
    #expect(told["recipients"]?.elements?.first?["name"] == "mts")
    #expect(
      told["recipients"]?.elements?.first?["fingerprint"]?.text
        == office.mts.card.fingerprint.digest.hex)
    // The ledger cannot be written: the archive is staged, and nothing shows.
    try office.folder.write("x", as: "site/blocked")
    let ledger = office.folder("site/outbox/LEDGER")
    try FileManager.default.moveItem(atPath: ledger, toPath: office.folder("away"))
    try FileManager.default.copyItem(atPath: office.folder("site/blocked"), toPath: ledger)
    try office.send("b")
    #expect(!office.folder.names("site/outbox/mts").contains("b-00000002.sealed"))
    #expect(!office.complaints.isEmpty)
    try FileManager.default.removeItem(atPath: ledger)
    try FileManager.default.moveItem(atPath: office.folder("away"), toPath: ledger)
    try office.pass()
    #expect(try office.archive("b", 2).header.draft.previous == archive.digest)
    #expect(try office.told(.archive).count == 2)
  }

  @Test("fault 99: a policy or key that was changed by hand shows, whoever did it")
  func handEdits() throws {
    let before = try office.told(.policy).last?["digest"]
    try office.policy(retention: "{\"overdue_days\": 3}")
    _ = try KeyFolder(office.site.keys).add(office.stranger.card)
    try office.pass()
    let change = try #require(try office.told(.policy).last)
    #expect(change["previous"] == before && change["digest"] != before)
    let key = try #require(try office.told(.keys).last)
    #expect(key["change"] == "added" && key["name"] == "stranger")
    let count = try office.ledger().count
    try office.pass()
    #expect(try office.ledger().count == count, "what has not changed is not told")
    try FileManager.default.removeItem(
      atPath: office.folder("site/keys/stranger.card.json"))
    try? FileManager.default.removeItem(
      atPath: office.folder("site/keys/stranger.minisign.pub"))
    try office.pass()
    #expect(try office.told(.keys).last?["change"] == "removed")
    #expect(try office.told(.program).count == 1)
  }

  @Test("An index lists what lies in the outbox, and is not written again when nothing changed")
  func index() throws {
    try office.send("a")
    try office.send("b")
    let index = try office.index()
    #expect(index.archives.map(\.sequence) == [1, 2] && index.retired.isEmpty)
    let second = try office.archive("b", 2)
    #expect(index.head == StreamPosition(sequence: 2, digest: second.digest))
    #expect(index.archives.last?.bytes == second.size)
    let folder = try office.site.outbox.subfolder("mts")
    let before = try folder.status(of: StreamIndex.fileName)?.stamp
    #expect(try office.answer(office.receipt(second)) == "accepted")
    #expect(try folder.status(of: StreamIndex.fileName)?.stamp == before)
    for damage in ["INDEX.json", "INDEX.json.minisig"] {
      try office.folder.write("nonsense", as: "site/outbox/mts/" + damage)
      try office.pass()
      #expect(try office.index() == index, "\(damage)")
    }
  }

  @Test("What lies in the way in one stream's folder is in the way of no other stream")
  func strays() throws {
    try office.send("a")
    try FileManager.default.createDirectory(
      atPath: office.folder("site/outbox/other/INDEX.json"), withIntermediateDirectories: true)
    try office.folder.write("x", as: "site/outbox/other/zzz-99999999.sealed")
    try office.folder.write("x", as: "site/outbox/other/INDEX.json/in-the-way")
    try office.send("b", on: "other")
    #expect(office.complaints.contains("journal_behind"))
    try office.send("c")
    #expect(try office.archive("c", 2).header.draft.sequence == 2)
    #expect(try office.index().head?.sequence == 2)
  }

  @Test(
    "fault 92: a ledger in the outbox that says other than the journal stops what would be shown")
  func replaced() throws {
    try office.send("a")
    let other = try LedgerFolder(office.site.outbox.subfolder(LedgerFolder.name))
    let site = try #require(try office.ledger().first)
    let forged = try LedgerEntry(
      .program, ["version": "9"], after: site.head, at: UTCTime(clamping: 5))
    try FileManager.default.removeItem(atPath: office.folder("site/outbox/LEDGER/CHECKPOINT.json"))
    try other.write(upTo: forged.head, signer: office.signer, at: forged.at) { _ in
      [site.lineText, forged.lineText]
    }
    try office.send("b")
    #expect(office.complaints.contains("journal_behind"))
    #expect(office.folder.names("site/outbox/mts").count == 4)
  }

  @Test(
    "fault 92: while the outbox's checkpoint cannot be read, nothing leaves, and the reason is said"
  )
  func unreadable() throws {
    try office.send("a")
    try office.folder.write("{", as: "site/outbox/LEDGER/CHECKPOINT.json")
    try office.send("b")
    #expect(office.complaints.contains("checkpoint_format"))
    #expect(!office.folder.names("site/outbox/mts").contains("b-00000002.sealed"))
    #expect(try office.folder.read("site/outbox/LEDGER/CHECKPOINT.json") == "{")
  }

  @Test("A stream whose first archive cannot be told is in nobody's way")
  func emptyStream() throws {
    try office.send("a")
    let hidden = try Tool.run(
      "sqlite3",
      [office.folder("site/store/journal.sqlite"), "UPDATE archives SET kind = NULL"])
    try #require(hidden.status == 0)
    try office.pass()
    #expect(office.complaints.isEmpty)
  }

  @Test("fault 67: a revocation that has disappeared stops what would leave")
  func revocationGone() throws {
    let keys = try KeyFolder(office.site.keys)
    _ = try keys.add(office.stranger.card)
    _ = try keys.revoke(
      "stranger", .compromised, since: WallClock.system.now, signer: office.signer)
    try office.pass()
    for name in office.folder.names("site/keys")
    where name.hasPrefix("REVOKED") || name.hasPrefix("revoked") {
      try FileManager.default.removeItem(atPath: office.folder("site/keys/" + name))
    }
    let fault = #expect(throws: StoreFault.self) { try office.send("a") }
    #expect(fault?.code == "revocations_rolled_back")
    #expect(!office.folder.names("site/outbox").contains("mts"))
  }
}
