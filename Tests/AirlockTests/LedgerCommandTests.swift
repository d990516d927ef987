import Archives
import Files
import Fixtures
import Foundation
import JSONText
import Keys
import Ledger
import Secrets
import Testing

/// The ledger, the index and receipts by way of the program itself.
struct LedgerCommandTests {
  private static let everyone: (String, JSON) = ("filter", [["is_registrant", "=", true]])

  static func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop(CrashTests.snapshot, as: "s.json")
    try site.drop(jobs: [everyone])
    try #require(site.run().status == 0)
    return site
  }

  /// Drops what the MTS side says of the first archive.
  static func dropReceipt(_ site: TestSite, as name: String = "r.json") throws {
    let card = try KeyFolder(path: site.root + "/keys").ownCard()
    let archive = try UnverifiedArchive(path: "\(site.root)/outbox/mts/vid-monthly-00000001.sealed")
      .verified(by: card)
    let mts = try KeyFolder(path: site.folder("mts")).identity()
    let document = try Receipt(
      for: archive, by: mts.name, state: .opened, at: archive.header.draft.created
    ).signed(by: mts)
    try site.drop(document.signature, as: name + ".minisig")
    try site.drop(String(decoding: document.text, as: UTF8.self), as: name)
  }

  @Test("Stock minisign verifies the index and the checkpoint")
  func minisign() throws {
    let site = try Self.site()
    for file in ["mts/INDEX.json", "LEDGER/CHECKPOINT.json"] {
      let verified = try Tool.run(
        "minisign",
        ["-Vm", "\(site.root)/outbox/\(file)", "-p", site.root + "/keys/registry.minisign.pub"])
      #expect(verified.status == 0, "\(file): \(verified.errors)")
    }
  }

  @Test("export gives an archive out again, and says what there is not")
  func export() throws {
    let site = try Self.site()
    try site.ok("export", "mts", "1", "--into", site.folder("stick"), "--root", site.root)
    for ending in ["", ".minisig"] {
      let name = "vid-monthly-00000001.sealed" + ending
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: site.folder("stick/" + name)))
          == Data(contentsOf: URL(fileURLWithPath: "\(site.root)/outbox/mts/\(name)")))
    }
    let rows: [(String, String, Int32, String)] = [
      ("mts", "1", 2, "is there already"), ("mts", "2", 2, "its newest is 1"),
      ("none", "1", 2, "airlock status"),
    ]
    for (stream, sequence, status, text) in rows {
      let result = try TestSite.airlock([
        "export", stream, sequence, "--into", site.folder("stick"), "--root", site.root,
      ])
      #expect(result.errors.contains(text), "\(stream) \(sequence): \(result.errors)")
      if text != "is there already" { #expect(result.status == status) }
    }
  }

  @Test("status tells what is acknowledged, and what is overdue")
  func status() throws {
    let site = try Self.site()
    func stream(days: Int = 0) throws -> JSON? {
      let later = [
        "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "CLOCK_SHIFT": "\(days * 86_400)",
      ]
      let result = try TestSite.airlock(
        ["status", "--root", site.root, "--json"], environment: later)
      return try JSONDocument(parsing: result.output).root.json["streams"]?.elements?.first
    }
    #expect(try stream()?["published"] == 1 && stream()?["overdue"] == 0)
    let late = try #require(try stream(days: 15))
    #expect(late["overdue"] == 1 && late["oldest_overdue"]?["sequence"] == 1)
    try Self.dropReceipt(site)
    let run = try site.run()
    #expect(run.output.contains("archive 1 of mts is collected: mts has opened it"))
    let collected = try #require(try stream(days: 15))
    #expect(collected["collected"] == 1 && collected["unacknowledged"] == 0)
    #expect(collected["overdue"] == 0 && collected["oldest_overdue"] == .null)
    #expect(try site.ok("status", "--root", site.root).contains("1 collected"))
  }

  @Test("fault 98: what operators do to held drops is told, and by the winner only")
  func acts() throws {
    let site = try Self.site()
    try site.drop("no drop", as: "bad.json")
    try site.drop("no drop either", as: "worse.json")
    try #require(site.run().status == 1)
    try site.ok("retry", "bad.json", "--root", site.root)
    let second = try TestSite.airlock(["retry", "bad.json", "--root", site.root])
    #expect(second.status == 2)
    try site.ok("reject", "worse.json", "--root", site.root)
    #expect(try site.run().status == 1)
    let ledger = try OutboxLedger(site)
    let digest = try site.verdict("worse.json")["digest"]
    #expect(
      ledger.told("retry").count == 1 && ledger.told("reject").map { $0["digest"] } == [digest])
  }

  @Test("A receipt and its archive's retirement survive being killed at any step")
  func killed() throws {
    let first = try Self.site()
    try first.policy(("retention", ["outbox_days": 0]))
    try #require(first.run().status == 0)
    try Self.dropReceipt(first)
    var kills = 0
    for step in stride(from: 1, through: 400, by: 2) {
      let site = try TestSite(copying: first)
      let killed = try site.run(environment: [
        "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "KILL_UNDER": site.root,
        "KILL_AT": "\(step)",
      ])
      if killed.status != -9 { break }
      kills += 1
      #expect(try site.run().status == 0, "step \(step)")
      try expectRetired(site, step)
    }
    #expect(kills > 15, "\(kills)")
  }

  private func expectRetired(_ site: TestSite, _ step: Int) throws {
    let ledger = try OutboxLedger(site)
    #expect(ledger.told("receipt").count == 1 && ledger.told("retired").count == 1, "step \(step)")
    #expect(site.archives.isEmpty, "step \(step)")
    #expect(site.folder.names("registry/outbox/mts").count == 2, "step \(step)")
    #expect(site.folder.names("registry/store/sent/mts").count == 2, "step \(step)")
    let index = try JSONDocument(parsing: site.folder.read("registry/outbox/mts/INDEX.json")).root
    #expect(index.json["retired"] == [[1, 1]] && index.json["archives"] == [], "step \(step)")
    try site.ok("export", "mts", "1", "--into", site.folder("stick"), "--root", site.root)
    try site.ok("audit", "--root", site.root)
    #expect(try site.verdict("r.json")["outcome"] == "accepted", "step \(step)")
    #expect(site.folder.names("registry/store/claimed").isEmpty, "step \(step)")
  }
}
