import Files
import Fixtures
import Foundation
import JSONText
import Testing

struct CommandTests {
  @Test("Exit statuses are those of the design")
  func statuses() throws {
    let site = try TestSite(snapshot: "search_read")
    let missing = site.folder("missing")
    let rows: [([String], Int32)] = [
      (["--help"], 0), (["search", "--help"], 0), (["--version"], 0), (["bogus"], 2),
      (["search"], 2),
      (["run", "--root", missing], 2),
      (["search", "[[\"nmae\",\"=\",1]]", "--root", site.root], 2),
      (["search", "[", "--root", site.root], 2), (["check", site.root + "/policies/site.json"], 0),
      (["check", site.root + "/keys/registry.card.json"], 1), (["check", missing], 4),
      (["inspect", site.root + "/keys/registry.card.json"], 3),
      (["verify", site.root + "/keys/registry.card.json", "--root", site.root], 3),
      (["keys", "new", "Bad Name", "--keys", missing], 2), (["status", "--root", site.root], 0),
      (["keys", "list", "--root", site.root], 0),
    ]
    for (arguments, status) in rows {
      let result = try TestSite.airlock(arguments)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      if status != 0 { #expect(result.errors.contains("error: "), "\(arguments)") }
    }
  }

  @Test("Every command explains itself with an example")
  func help() throws {
    let commands = [
      "init", "run", "watch", "check", "plan", "search", "inspect", "verify", "open", "status",
      "keys new", "keys card", "keys add", "keys list", "seal", "retry", "release", "reject",
      "receipt", "split", "join",
    ]
    for command in commands {
      let text = try TestSite.airlock(command.split(separator: " ").map(String.init) + ["--help"])
        .output
      #expect(text.contains("airlock \(command)"), "\(command)")
      #expect(text.contains("Example"), "\(command)")
      #expect(text.contains("--json"), "\(command)")
    }
  }

  @Test("fault 19: a second process on one site is refused with status 4")
  func locked() throws {
    let site = try TestSite()
    let lock = try FolderLock("lock", in: Folder(path: site.root + "/store"))
    let second = try site.run()
    withExtendedLifetime(lock) {}
    #expect(second.status == 4)
    #expect(second.errors.contains("error: "))
  }

  @Test("fault 15: an inbox without its marker is taken for an unmounted one")
  func unmounted() throws {
    let site = try TestSite()
    try FileManager.default.removeItem(atPath: site.root + "/inbox/.airlock-inbox")
    try site.drop("[]", as: "s.json")
    #expect(try site.run().status == 4)
    #expect(site.folder.names("registry/inbox").contains("s.json"))
  }

  @Test("fault 15: a missing or empty inbox is unmounted, and not a reason to make a new one")
  func emptyMountPoint() throws {
    let site = try TestSite(snapshot: "search_read")
    let inbox = site.root + "/inbox"
    try FileManager.default.moveItem(atPath: inbox, toPath: site.folder("away"))
    let job = Fixture.package + "/docs/examples/vid-monthly.json"
    for isThere in [false, true] {
      if isThere {
        try FileManager.default.createDirectory(
          atPath: inbox, withIntermediateDirectories: false)
      }
      for words in [
        ["run"], ["watch"], ["status"], ["init"], ["retry", "x"], ["release", "x"],
        ["reject", "x"],
        ["check", job],
      ] {
        let result = try TestSite.airlock(words + ["--root", site.root])
        #expect(result.status == 4 && result.errors.contains("mounted?"), "\(words), \(result)")
      }
      try site.ok("search", "[]", "--count", "--root", site.root)
      try site.ok("plan", job, "--root", site.root)
      #expect(!isThere || site.folder.names("registry/inbox").isEmpty)
    }
  }

  @Test("A plan of a manifest that stops a job says so")
  func planOfStop() throws {
    let site = try TestSite()
    try site.folder.write(
      #"{"airlock": "job", "version": 1, "name": "monthly", "stop": true}"#, as: "stop.json")
    let said = try site.ok("plan", site.folder("stop.json"), "--root", site.root)
    #expect(said.contains("stops the job monthly"))
  }

  @Test("fault 15: an inbox that bears another site's marker is not worked on")
  func foreignInbox() throws {
    let (site, other) = (try TestSite(), try TestSite())
    let marker = "/inbox/.airlock-inbox"
    try FileManager.default.removeItem(atPath: site.root + marker)
    try FileManager.default.copyItem(atPath: other.root + marker, toPath: site.root + marker)
    try site.drop("[]", as: "s.json")
    #expect(try site.run().status == 4)
    #expect(site.folder.names("registry/inbox").contains("s.json"))
    let status = try TestSite.airlock(["status", "--root", site.root])
    #expect(status.status == 4 && status.output.contains("OF ANOTHER SITE"))
  }

  @Test("fault 15: an emptied inbox deletes nothing")
  func absence() throws {
    let site = try TestSite(snapshot: "search_read")
    let before = try site.ok("search", "[]", "--count", "--root", site.root)
    for box in ["accepted", "rejected"] {
      for name in site.folder.names("registry/inbox/" + box) {
        try FileManager.default.removeItem(atPath: "\(site.root)/inbox/\(box)/\(name)")
      }
    }
    #expect(try site.run().status == 0)
    #expect(try site.ok("search", "[]", "--count", "--root", site.root) == before)
  }

  @Test(
    "fault 16: inbox and outbox may lie on other file systems than the store",
    .enabled(if: CommandTests.canMount))
  func otherFileSystems() throws {
    let site = try TestSite()
    try site.drop("[{\"id\": 1, \"is_registrant\": true}]", as: "s.json")
    try site.drop("no drop", as: "bad.json")
    let script = """
      set -e; cd '\(site.root)'; cp -a inbox keep; mount -t tmpfs x inbox; cp -a keep/. inbox/
      '\(TestSite.products)/airlock' run --root . --quiet 0s || [ $? = 1 ]
      ls inbox inbox/accepted inbox/rejected store/claimed
      """
    let result = try Tool.run("unshare", ["-rm", "bash", "-c", script])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("accepted    s.json"), "\(result.output)")
    #expect(result.output.contains("inbox/rejected:\nbad.json\nbad.json.verdict.json\n"))
    #expect(result.output.hasSuffix("store/claimed:\n"))
  }

  @Test("fault 141: without /proc a command is understood all the same, and fails as it should")
  func withoutProc() throws {
    let site = try TestSite()
    let card = site.root + "/keys/registry.card.json"
    let rows: [([String], Int32)] = [
      (["verify", card, "--sender", card], 3), (["status", "--root", site.root], 0),
      (["bogus"], 2), (["search"], 2), (["check", site.folder("missing")], 4), (["--help"], 0),
      (["run", "--root", site.root, "--quiet", "0s"], 0),
    ]
    for (arguments, status) in rows {
      let words = arguments.map { "'\($0)'" }.joined(separator: " ")
      let script = "mount -t tmpfs none /proc && exec '\(TestSite.products)/airlock' \(words)"
      let result = try Tool.run("unshare", ["-rm", "bash", "-c", script])
      #expect(result.status == status, "\(arguments): \(result.output) \(result.errors)")
    }
  }

  static let canMount =
    (try? Tool.run("unshare", ["-rm", "mount", "-t", "tmpfs", "x", "/mnt"]))?.status == 0

  @Test("An identity that others can read is refused, and nothing is taken in")
  func exposedIdentity() throws {
    let site = try TestSite()
    chmod(site.root + "/keys/identity.json", 0o644)
    try site.drop("[]", as: "s.json")
    #expect(try site.run().status != 0)
    #expect(site.folder.names("registry/inbox").contains("s.json"))
  }

  @Test("A passphrase locks an identity")
  func passphrase() throws {
    let folder = try TemporaryFolder()
    try folder.write("a long passphrase\n", as: "phrase")
    chmod(folder("phrase"), 0o600)
    let site = folder("site")
    #expect(
      try TestSite.airlock(["init", "--root", site, "--passphrase-file", folder("phrase")]).status
        == 0)
    #expect(try TestSite.airlock(["run", "--root", site, "--quiet", "0s"]).status != 0)
    let opened = try TestSite.airlock([
      "run", "--root", site, "--quiet", "0s", "--passphrase-file", folder("phrase"),
    ])
    #expect(opened.status == 0, "\(opened.errors)")
  }

  @Test("Search prints ids, records and tables; the SQL holds no value")
  func search() throws {
    let site = try TestSite(snapshot: "extract")
    let domain = "[[\"given_name\",\"=\",\"Lien\"]]"
    let ids = try site.ok("search", domain, "--root", site.root)
    let count = try site.ok("search", domain, "--count", "--root", site.root)
    #expect(ids.split(separator: "\n").count == Int(count.dropLast()))
    let table = try site.ok(
      "search", domain, "--format", "table", "--fields", "given_name", "--root", site.root)
    #expect(table.hasPrefix("id\tgiven_name\n"))
    let sql = try site.ok("search", domain, "--sql", "--root", site.root)
    #expect(sql.contains("<text>"))
    #expect(!sql.contains("Lien"))
  }

  @Test("Watch takes a drop in, and ends cleanly when it is told to")
  func watch() throws {
    let site = try TestSite()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TestSite.products + "/airlock")
    process.arguments = ["watch", "--root", site.root, "--poll", "50ms", "--quiet", "0s", "--json"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    try site.drop("[{\"id\": 1, \"is_registrant\": true}]", as: "s.json")
    let line = output.fileHandleForReading.availableData
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
    let verdict = try JSONDocument(parsing: [UInt8](line)).root.json
    #expect(verdict["outcome"] == "accepted")
  }
}
