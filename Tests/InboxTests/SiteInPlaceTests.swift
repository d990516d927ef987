import Faults
import Files
import Fixtures
import Foundation
import Jobs
import Keys
import Testing

@testable import Inbox

/// A running watcher works with what the site's paths lead to now, not with what they led to once.
struct SiteInPlaceTests {
  private let folder: TemporaryFolder
  private let watcher: Watcher
  private let said = Said()

  init() throws {
    folder = try TemporaryFolder()
    let site = try Site.layOut(root: folder("site"))
    let signer = try KeyFolder(site.keys).createIdentity(named: KeyName("registry"))
    try Self.writePolicy(dropsPerPass: 7, in: folder, as: "site/policies")
    let said = said
    watcher = try Watcher(
      site, signer: signer, clock: .system, quiet: .zero,
      report: { said.verdicts.append($0.verdict) }, complain: { said.faults.append($0) })
  }

  private final class Said {
    var verdicts: [String] = []
    var faults: [any Fault] = []
  }

  private static func writePolicy(
    dropsPerPass: Int, in folder: TemporaryFolder, as path: String
  ) throws {
    try folder.write(
      """
      {"airlock": "policy", "version": 1, "streams": {},
       "intake": {"drops_per_pass": \(dropsPerPass)}}
      """, as: path + "/site.json")
    chmod(folder(path + "/site.json"), 0o640)
  }

  private func pass() throws { _ = try watcher.pass(AtOnce()) }

  private func replace(_ name: String) throws {
    try #require(rename(folder("site/" + name), folder("old-" + name)) == 0)
  }

  @Test(
    "fault 142: a policy folder that was put in the place of another is the policy from then on")
  func policies() throws {
    try replace("policies")
    try #require(mkdir(folder("site/policies"), 0o750) == 0)
    try folder.write("{}", as: "site/policies/site.json")
    chmod(folder("site/policies/site.json"), 0o640)
    try folder.write("[{\"id\": 1, \"is_registrant\": true}]", as: "site/inbox/s.json")
    try pass()
    #expect(said.verdicts.count == 1)
    #expect(said.verdicts.first?.contains("no_policy") == true, "the old policy lets it in")
  }

  @Test(
    "fault 142: a folder that is moved away stops everything, until it is back",
    arguments: ["policies", "keys", "outbox"])
  func emergencyStop(name: String) throws {
    try replace(name)
    try folder.write("[{\"id\": 1, \"is_registrant\": true}]", as: "site/inbox/s.json")
    let thrown = #expect(throws: SiteFault.self) { try pass() }
    #expect(thrown?.code == "folder_gone")
    #expect(thrown?.message.contains("\(name)/") == true)
    #expect(folder.names("site/inbox").contains("s.json"))
    try #require(rename(folder("old-" + name), folder("site/" + name)) == 0)
    try pass()
    #expect(said.verdicts.count == 1)
  }

  @Test("fault 142: keys of another identity, and another store, end the watcher")
  func final() throws {
    let other = try Site.layOut(root: folder("other"))
    try KeyFolder(other.keys).createIdentity(named: KeyName("registry"))
    try replace("keys")
    try #require(rename(folder("other/keys"), folder("site/keys")) == 0)
    let keys = #expect(throws: SiteFault.self) { try pass() }
    #expect(keys?.code == "identity_replaced" && keys?.isFinal == true)
    try #require(rename(folder("site/keys"), folder("other/keys")) == 0)
    try #require(rename(folder("old-keys"), folder("site/keys")) == 0)
    try replace("store")
    try #require(rename(folder("other/store"), folder("site/store")) == 0)
    let store = #expect(throws: SiteFault.self) { try pass() }
    #expect(store?.code == "store_replaced" && store?.isFinal == true)
    let service = #expect(throws: SiteFault.self) { try watcher.watch(AtOnce(), poll: .zero) }
    #expect(service?.code == "store_replaced", "a watcher ends rather than complain for ever")
  }

  @Test("fault 143: an inbox that somebody cleaned, boxes and all, is worked on again")
  func cleaned() throws {
    for box in ["accepted", "rejected"] {
      try FileManager.default.removeItem(atPath: folder("site/inbox/" + box))
    }
    try folder.write("[{\"id\": 1, \"is_registrant\": true}]", as: "site/inbox/s.json")
    try pass()
    #expect(folder.names("site/inbox/accepted") == ["s.json.verdict.json"])
    #expect(said.faults.isEmpty)
  }

  @Test("fault 144: a drop that was moved and not noted is noted in the next pass")
  func movedAndNotNoted() throws {
    try folder.write(
      "[{\"id\": 1, \"is_registrant\": true}]",
      as: "site/store/claimed/0123456789abcdef-s.json")
    try pass()
    #expect(folder.names("site/inbox/accepted") == ["s.json.verdict.json"])
    #expect(folder.names("site/store/claimed").isEmpty)
  }

  @Test("fault 145: what cannot be taken out of the inbox is told of, and the rest goes on")
  func unclaimable() throws {
    // A folder cannot be copied onto another file system, nor can a name be moved that is a mount.
    try folder.write("[{\"id\": 1, \"is_registrant\": true}]", as: "site/inbox/s.json")
    let fault = Unclaimable("lost", FileFault(.notPermitted, "cannot rename"))
    #expect(fault.blame == .input && fault.code == "not_claimable")
    try pass()
    #expect(said.verdicts.count == 1)
  }
}

/// What kills leave behind.
struct LeftoverTests {
  @Test(
    "fault 149: what a dead process left, folders and journals of databases too, never stops a start"
  )
  func leftovers() throws {
    let folder = try TemporaryFolder()
    let site = try Site.layOut(root: folder("site"))
    let signer = try KeyFolder(site.keys).createIdentity(named: KeyName("registry"))
    let names = [
      "store/.snapshot.sqlite.0123abcd.tmp-journal", "store/.snapshot.sqlite.0123abcd.tmp",
      "keys/.registry.next.json.0123abcd.tmp",
    ]
    for name in names { try folder.write("x", as: "site/" + name) }
    let opened = "site/store/claimed/.0123456789abcdef-r.sealed.opened.tmp.0123abcd.tmp"
    try #require(mkdir(folder(opened), 0o700) == 0)
    try folder.write("x", as: opened + "/result.json")
    try #require(
      mkdir(folder("site/store/claimed/0123456789abcdef-r.sealed.opened.tmp"), 0o700) == 0)
    let later = WallClock { WallClock.system.milliseconds() + 2 * 3_600_000 }
    _ = try Watcher(
      site, signer: signer, clock: later, quiet: .zero, report: { _ in }, complain: { _ in })
    #expect(folder.names("site/store/claimed").isEmpty)
    for name in names { #expect(!FileManager.default.fileExists(atPath: folder("site/" + name))) }
  }
}

/// Never waits, and stops when asked to.
private struct AtOnce: Pacing {
  var now: ContinuousClock.Instant { ContinuousClock.now }
  func wait(upTo limit: Duration) -> Bool { false }
}
