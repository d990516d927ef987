import Fixtures
import Foundation
import JSONText
import Testing

/// What only looks at a site makes nothing there, and what changes it is done as its owner.
struct ReadingTests {
  private static let commands = [
    ["status"], ["search", "[]", "--count"], ["frozen"], ["prune", "--verify"], ["keys", "list"],
    ["plan", Fixture.package + "/docs/examples/vid-monthly.json"],
  ]

  /// Names and owners of all that lies in the store and the keys.
  private func listing(_ site: TestSite) throws -> String {
    try Tool.run("find", [site.root, "-printf", "%P %U %m %s\\n"]).output.split(separator: "\n")
      .sorted().joined(separator: "\n")
  }

  @Test("fault 151: reading commands make and change nothing, also before the first pass")
  func readsOnly() throws {
    for snapshot in [nil, "extract"] {
      let site = try TestSite(snapshot: snapshot)
      let before = try listing(site)
      for words in Self.commands {
        let result = try TestSite.airlock(words + ["--root", site.root])
        #expect(snapshot == nil || result.status == 0, "\(words): \(result.errors)")
        #expect(try listing(site) == before, "\(words)")
      }
    }
  }

  @Test(
    "fault 151: a site on a medium that cannot be written is looked at as usual",
    .enabled(if: CommandTests.canMount))
  func readOnlyMedium() throws {
    let site = try TestSite(snapshot: "extract")
    try site.drop(job: ("name", "monthly"))
    #expect(try site.run().status == 0)
    let mount =
      "mount --bind '\(site.root)' '\(site.root)' && mount -o remount,ro,bind '\(site.root)'"
    for words in Self.commands {
      let command = (words + ["--root", site.root]).map { "'\($0)'" }.joined(separator: " ")
      let result = try Tool.run(
        "unshare", ["-rm", "bash", "-c", "\(mount) && '\(TestSite.products)/airlock' \(command)"])
      #expect(result.status == 0, "\(words): \(result.output) \(result.errors)")
    }
  }

  @Test("fault 151: who is not the owner changes nothing, and is told as whom to come")
  func notTheOwner() throws {
    try #require(geteuid() == 0, "only root can give a site away")
    let site = try TestSite()
    try Tool.run("chown", ["-R", "65534", site.root + "/store"])
    for words in [["run"], ["watch"], ["retry", "x"], ["reject", "x"], ["prune"]] {
      let result = try TestSite.airlock(words + ["--root", site.root])
      #expect(result.status == 4, "\(words): \(result.errors)")
      #expect(result.errors.contains("sudo -u '#65534' airlock"), "\(words)")
    }
    #expect(try TestSite.airlock(["status", "--root", site.root]).status == 0)
  }

  @Test("fault 152: a passphrase comes from a credential of root's, and from standard input")
  func credentials() throws {
    let folder = try TemporaryFolder()
    try folder.write("a long passphrase\n", as: "phrase")
    let rows: [(mode: mode_t, isTaken: Bool)] = [
      (0o400, true), (0o600, true), (0o440, geteuid() == 0), (0o640, geteuid() == 0),
      (0o644, false), (0o660, false),
    ]
    for (number, row) in rows.enumerated() {
      chmod(folder("phrase"), row.mode)
      let result = try TestSite.airlock([
        "init", "--root", folder("site\(number)"), "--passphrase-file", folder("phrase"),
      ])
      #expect(
        (result.status == 0) == row.isTaken, "\(String(row.mode, radix: 8)): \(result.errors)")
    }
    let script = """
      '\(TestSite.products)/airlock' run --root '\(folder("site0"))' --quiet 0s \
        --passphrase-file /dev/stdin < '\(folder("phrase"))'
      """
    #expect(try Tool.run("bash", ["-c", script]).status == 0)
  }
}
