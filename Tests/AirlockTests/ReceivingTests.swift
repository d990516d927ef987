import Fixtures
import Foundation
import JSONText
import Testing

/// What the MTS operator does with archives: open in order, receipt, split and join.
struct ReceivingTests {
  let site: TestSite

  init() throws {
    site = try TestSite()
    try site.drop(CrashTests.snapshot, as: "s.json")
    try #require(site.run().status == 0)
    for (name, id) in [("first", 1), ("second", 3)] as [(String, Int64)] {
      try site.drop(
        job: ("name", .string(name)), ("filter", [["id", "=", .int(id)]]), as: "\(name).json")
      try #require(site.run().status == 0)
    }
    try #require(site.archives.count == 2)
  }

  private func path(_ index: Int) -> String { "\(site.root)/outbox/mts/\(site.archives[index])" }

  private func open(_ index: Int, _ into: String, _ more: String...) throws -> Tool.Result {
    try TestSite.airlock(
      [
        "open", path(index), "--into", site.folder(into), "--identity",
        site.folder("mts/identity.json"), "--json",
      ] + more)
  }

  private func receipt(_ index: Int, _ more: String...) throws -> Tool.Result {
    try TestSite.airlock(
      [
        "receipt", path(index), "--identity", site.folder("mts/identity.json"), "--into",
        site.folder("stick"),
      ] + more)
  }

  @Test("fault 59, fault 96: an archive opened twice is refused as replayed, with status 3")
  func twice() throws {
    #expect(try open(0, "one").status == 0)
    let again = try open(0, "again")
    #expect(again.status == 3 && again.errors.contains("error: replayed: archive 1 of stream mts"))
    #expect(again.errors.contains("--order warn"))
    let warned = try open(0, "again", "--order", "warn")
    #expect(warned.status == 0 && warned.errors.contains("warning: replayed"))
    #expect(try JSONDocument(parsing: warned.output).root.json["findings"] == ["replayed"])
  }

  @Test(
    "fault 60, fault 96: the second without the first is a gap; the stream goes on after a restart")
  func gap() throws {
    let early = try open(1, "two")
    #expect(early.status == 3 && early.errors.contains("sequence_gap"))
    #expect(early.errors.contains("1 was not received"))
    #expect(!site.folder.names().contains("two"))
    #expect(try open(1, "two", "--order", "restart").status == 0)
    #expect(try open(0, "one").errors.contains("replayed"))
  }

  @Test("A receipt lies beside the opened folder, and the stock minisign verifies it")
  func receiptBeside() throws {
    #expect(try open(0, "one").status == 0)
    let name = "mts-00000001.opened.receipt.json"
    let receipt = try JSONDocument(parsing: site.folder.read(name)).root.json
    #expect(receipt["airlock"] == "receipt" && receipt["to"] == "registry")
    #expect(receipt["state"] == "opened" && receipt["sender"]?["name"] == "mts")
    let stock = try Tool.run(
      "minisign", ["-Vm", site.folder(name), "-p", site.folder("mts/mts.minisign.pub")])
    #expect(stock.status == 0)
    #expect(stock.output.contains("airlock receipt sender=mts"))
    #expect(try open(1, "two", "--no-receipt").status == 0)
    #expect(!site.folder.names().contains("mts-00000002.opened.receipt.json"))
  }

  @Test("fault 96: a lost receipt is made again; what was never opened gets none")
  func lostReceipt() throws {
    try FileManager.default.createDirectory(
      atPath: site.folder("stick"), withIntermediateDirectories: false)
    #expect(try open(0, "one", "--receipt", site.folder("stick")).status == 0)
    let names = site.folder.names("stick")
    for name in names { try FileManager.default.removeItem(atPath: site.folder("stick/\(name)")) }
    #expect(try receipt(0, "--state", "opened").status == 0)
    #expect(site.folder.names("stick") == names && names.count == 2)
    #expect(try receipt(0, "--state", "tokenised", "--answered", "1", "--failed", "0").status == 0)
    #expect(try receipt(0, "--state", "tokenised").status == 2)
    #expect(try receipt(0, "--state", "opened", "--answered", "1").status == 2)
    let never = try receipt(1, "--state", "opened")
    #expect(never.status == 3 && never.errors.contains("not opened here"))
  }

  @Test("Only an mts-request is opened, unless another kind is expected")
  func kinds() throws {
    let other = try open(0, "one", "--kind", "registry-patch")
    #expect(other.status == 3 && other.errors.contains("where a registry-patch is expected"))
    #expect(other.errors.contains("--kind mts-request"))
    #expect(!site.folder.names().contains("one"))
    #expect(try open(0, "one", "--kind", "mts-request").status == 0)
  }

  @Test("A recipient is known by its keys, not its name, and the order is asked before them")
  func recipients() throws {
    try site.ok("keys", "new", "mts", "--keys", site.folder("other"))
    func open(_ index: Int) throws -> Tool.Result {
      try TestSite.airlock([
        "open", path(index), "--into", site.folder("x"), "--identity",
        site.folder("other/identity.json"), "--sender", "\(site.root)/keys/registry.card.json",
      ])
    }
    #expect(try open(1).errors.contains("sequence_gap"))
    let first = try open(0)
    #expect(first.status == 3 && first.errors.contains("not for mts (these keys)"))
  }

  @Test("What is no file gets the same exit status from verify and open")
  func pipe() throws {
    try Tool.run("mkfifo", [site.folder("pipe")])
    let sender = "\(site.root)/keys/registry.card.json"
    for command in [
      ["verify", site.folder("pipe"), "--sender", sender],
      [
        "open", site.folder("pipe"), "--into", site.folder("x"), "--identity",
        site.folder("mts/identity.json"), "--sender", sender,
      ],
    ] {
      let refused = try TestSite.airlock(command)
      #expect(refused.status == 3 && refused.errors.contains("named pipe"), "\(command[0])")
    }
  }

  @Test("A receipt of another archive is not overwritten, and nothing is opened then")
  func receiptTaken() throws {
    try site.folder.write("{}", as: "mts-00000001.opened.receipt.json")
    let refused = try open(0, "one")
    #expect(refused.status == 2 && refused.errors.contains("receipt"))
    #expect(!site.folder.names().contains("one"))
  }

  @Test("fault 81: an archive crosses in parts, without a key, and opens")
  func parts() throws {
    let (stick, home) = (site.folder("stick"), site.folder("home"))
    for folder in [stick, home] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }
    try site.ok("split", path(0), "--size", "1KiB", "--into", stick)
    let list = "\(stick)/\(site.archives[0]).parts.json"
    let second = "\(stick)/\(site.archives[0]).002"
    try Tool.run("mv", [second, "\(stick)/aside"])
    let refused = try TestSite.airlock(["join", list, "--into", home])
    #expect(refused.status == 3 && refused.errors.contains(".sealed.002 is missing"))
    #expect(site.folder.names("home").isEmpty)
    try Tool.run("mv", ["\(stick)/aside", second])
    try site.ok("join", list, "--into", home)
    try site.ok(
      "open", "\(home)/\(site.archives[0])", "--into", site.folder("one"), "--identity",
      site.folder("mts/identity.json"))
    #expect(try TestSite.airlock(["split", path(0), "--size", "0", "--into", stick]).status == 2)
  }

  @Test("Killed at any step, an opening is done again or was done once, and never lost")
  func killed() throws {
    let count = site.folder("count")
    let settings = [
      "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "KILL_UNDER": site.folder.path,
    ]
    func opening(_ into: String, _ more: [String: String]) throws -> Tool.Result {
      try TestSite.airlock(
        [
          "open", path(0), "--into", site.folder(into), "--identity",
          site.folder("mts/identity.json"),
        ], environment: settings.merging(more) { $1 })
    }
    #expect(try opening("w0", ["KILL_COUNT_FILE": count]).status == 0)
    let steps = try #require(
      Int(site.folder.read("count").trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(steps > 10)
    for step in 1...steps {
      try? FileManager.default.removeItem(atPath: site.folder("mts/received.json"))
      let into = "w\(step)"
      #expect(try opening(into, ["KILL_AT": "\(step)"]).status == -9, "step \(step)")
      let isRemembered = site.folder.names("mts").contains("received.json")
      let isThere = site.folder.names().contains(into)
      #expect(!isRemembered || isThere, "step \(step)")
      let again = try opening("again\(step)", [:])
      #expect(again.status == (isRemembered ? 3 : 0), "step \(step): \(again.errors)")
    }
  }
}
