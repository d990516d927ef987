import Fixtures
import Foundation
import JSONText
import Testing

/// A site that runs under a user of its own, and files that another user made: the program is started as
/// the user "nobody", who may not read what is not opened to it.
struct ForeignFileTests {
  private static let user: uid_t = 65_534

  /// The site belongs to that user, with a copy of the program that it may start.
  private static func site() throws -> TestSite {
    let site = try TestSite()
    try Tool.run("cp", [TestSite.products + "/airlock", site.folder("airlock")])
    try Tool.run("chmod", ["755", site.folder.path, site.folder("airlock")])
    if geteuid() == 0 { try Tool.run("chown", ["-R", "\(user):\(user)", site.root]) }
    return site
  }

  private func run(_ site: TestSite, _ words: String...) throws -> Tool.Result {
    let command = [site.folder("airlock")] + words
    guard geteuid() == 0 else { return try Tool.run(command[0], Array(command.dropFirst())) }
    let ids = ["--reuid", "\(Self.user)", "--regid", "\(Self.user)", "--clear-groups"]
    return try Tool.run("setpriv", ids + command)
  }

  private func pass(_ site: TestSite) throws -> Tool.Result {
    try run(site, "run", "--root", site.root, "--quiet", "0s")
  }

  /// Drops a file that only its owner may read. Where the tests are not root's, nobody may.
  private func dropUnreadable(_ text: String, as name: String, in site: TestSite) throws {
    try site.drop(text, as: name)
    chmod(site.root + "/inbox/" + name, geteuid() == 0 ? 0o600 : 0)
  }

  @Test(
    "fault 146: a drop that airlock's user may not read is answered with what its owner must type")
  func unreadableDrop() throws {
    let site = try Self.site()
    try dropUnreadable("[{\"id\": 1, \"is_registrant\": true}]", as: "s.json", in: site)
    #expect(try pass(site).status == 1)
    let reason = try site.verdict("s.json")["reason"]
    #expect(reason?["code"] == "not_readable")
    #expect(reason?["message"]?.text?.contains("user id \(Self.user)") == true || geteuid() != 0)
    #expect(reason?["hint"]?.text?.contains("chmod a+r inbox/rejected/s.json") == true)
    chmod(site.root + "/inbox/rejected/s.json", 0o644)
    #expect(try run(site, "retry", "s.json", "--root", site.root).status == 0)
    #expect(try pass(site).status == 0)
  }

  @Test("fault 146: a sidecar that may not be read answers its drop, and strands neither")
  func unreadableSidecar() throws {
    let site = try Self.site()
    try site.drop("[{\"id\": 1, \"is_registrant\": true}]", as: "s.json")
    try dropUnreadable("00", as: "s.json.sha256", in: site)
    #expect(try pass(site).status == 1)
    #expect(try site.verdict("s.json")["reason"]?["code"] == "sidecar_unreadable")
    try site.drop("[{\"id\": 2, \"is_registrant\": true}]", as: "t.json")
    #expect(try pass(site).status == 0, "the next drop is taken in")
  }

  @Test(
    "fault 145: a folder that airlock's user may not move is told of, and everything else goes on")
  func unmovable() throws {
    try #require(geteuid() == 0, "who is not root makes no folders of others")
    let site = try Self.site()
    let inbox = site.root + "/inbox"
    try Tool.run("mkdir", [inbox + "/sub", inbox + "/lost+found"])
    // Sticky: what others put there stays theirs.
    try Tool.run("chown", ["root", inbox])
    try Tool.run("chmod", ["1777", inbox])
    try site.drop("[{\"id\": 1, \"is_registrant\": true}]", as: "s.json")
    chmod(inbox + "/s.json", 0o644)
    try Tool.run("chown", ["\(Self.user)", inbox + "/s.json"])
    let result = try pass(site)
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.output.contains("accepted    s.json"))
    #expect(result.errors.contains("inbox/sub cannot be taken in"))
    #expect(!result.errors.contains("lost+found"))
  }

  @Test("fault 147: what the MTS side's receipt says can be read by whoever carries it")
  func receipt() throws {
    let site = try TestSite(snapshot: "extract")
    try site.drop(job: ("name", "monthly"))
    #expect(try site.run().status == 0)
    _ = try site.open()
    let receipts = site.folder.names().filter { $0.contains("receipt.json") }
    #expect(receipts.count == 2)
    for name in receipts {
      let modes = try Tool.run("stat", ["-c", "%a", site.folder(name)])
      #expect(modes.output == "644\n", "\(name)")
    }
  }
}
