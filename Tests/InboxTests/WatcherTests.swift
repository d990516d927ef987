import Files
import Fixtures
import Foundation
import Inbox
import Jobs
import JSONText
import Keys
import Policies
import Testing

/// The watcher with a clock and a pace of our own.
struct WatcherTests {
  private let folder: TemporaryFolder
  private let site: Site
  private let signer: Identity

  init() throws {
    folder = try TemporaryFolder()
    site = try Site.layOut(root: folder("site"))
    signer = try Identity.generate(name: KeyName("registry"))
    try policy("")
  }

  private func policy(_ blocks: String) throws {
    try folder.write(
      "{\"airlock\": \"policy\", \"version\": 1, \"streams\": {}\(blocks)}",
      as: "site/policies/site.json")
    chmod(folder("site/policies/site.json"), 0o640)
  }

  /// One pass, so many hours from now.
  private func pass(hours: Int64 = 0) throws {
    let clock = WallClock { WallClock.system.milliseconds() + hours * 3_600_000 }
    let watcher = try Watcher(
      site, signer: signer, clock: clock, quiet: .zero, report: { _ in }, complain: { _ in })
    _ = try watcher.pass(AtOnce())
  }

  private func names(_ box: String) -> [String] { folder.names("site/inbox/" + box) }

  @Test("A file that an operator is writing beside a starting pass stays; after an hour it goes")
  func otherWriters() throws {
    let name = ".b.verdict.json.01234abc.tmp"
    try folder.write("", as: "site/inbox/rejected/" + name)
    try pass()
    #expect(names("rejected") == [name])
    try pass(hours: 2)
    #expect(names("rejected").isEmpty)
  }

  @Test("fault 2: a sidecar whose file never comes is told of after the deadline, and not before")
  func orphan() throws {
    try folder.write("x", as: "site/inbox/late.json.sha256")
    try folder.write("x", as: "site/inbox/slow.tar.sha256")
    try folder.write("x", as: "site/inbox/slow.tar.part")
    try pass(hours: 23)
    #expect(names("rejected").isEmpty)
    try pass(hours: 25)
    #expect(names("rejected") == ["late.json.sha256", "late.json.sha256.verdict.json"])
    let verdict = try folder.read("site/inbox/rejected/late.json.sha256.verdict.json")
    #expect(verdict.contains("orphan_sidecar"))
    #expect(names("").contains("slow.tar.sha256"), "its file is still on the way")
  }

  @Test("Held files and verdicts go when they are older than the policy keeps them")
  func expiry() throws {
    try policy(", \"retention\": {\"rejected_days\": 2, \"verdict_days\": 5}")
    try folder.write("no drop", as: "site/inbox/bad.json")
    try folder.write("[{\"id\": 1, \"is_registrant\": true}]", as: "site/inbox/good.json")
    try pass()
    #expect(names("rejected") == ["bad.json", "bad.json.verdict.json"])
    try pass(hours: 47)
    #expect(names("rejected").count == 2)
    try pass(hours: 49)
    #expect(names("rejected") == ["bad.json.verdict.json"])
    try pass(hours: 121)
    #expect(names("rejected").isEmpty && names("accepted").isEmpty)
  }

  @Test("Without days in the policy nothing ever goes")
  func noExpiry() throws {
    try folder.write("no drop", as: "site/inbox/bad.json")
    try pass()
    try pass(hours: 876_000)
    #expect(names("rejected").count == 2)
  }

  @Test("fault 15: an inbox that is swapped while the watcher runs is not worked on")
  func swapped() throws {
    let watcher = try Watcher(
      site, signer: signer, clock: .system, quiet: .zero, report: { _ in }, complain: { _ in })
    #expect(rename(folder("site/inbox"), folder("moved")) == 0)
    #expect(symlink(folder("moved"), folder("site/inbox")) == 0)
    #expect(throws: Never.self) { try folder.write("[]", as: "moved/s.json") }
    let thrown = #expect(throws: InboxFault.self) { try watcher.pass(AtOnce()) }
    // The path leads to the same folder again, but through a link that somebody else could turn.
    #expect(thrown?.code == "inbox_unmounted")
  }
}

/// Never waits, and stops when asked to.
private struct AtOnce: Pacing {
  var now: ContinuousClock.Instant { ContinuousClock.now }
  func wait(upTo limit: Duration) -> Bool { false }
}
