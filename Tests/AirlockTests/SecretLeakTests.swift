import Fixtures
import Foundation
import JSONText
import Testing

/// A secret stands in its own file and nowhere else.
struct SecretLeakTests {
  private static let canary = "canary-8c1f-passphrase"

  private static func site() throws -> TestSite {
    let site = try TestSite()
    try FileManager.default.removeItem(atPath: site.root + "/keys")
    try site.folder.write(canary + "\n", as: "phrase")
    chmod(site.folder("phrase"), 0o600)
    try site.ok(
      "keys", "new", "registry", "--keys", site.root + "/keys", "--passphrase-file",
      site.folder("phrase"))
    try site.ok("keys", "add", site.folder("mts/mts.card.json"), "--root", site.root)
    return site
  }

  /// The secret of an identity without a passphrase: as it is written, and its 64 bytes.
  private static func secrets(of identity: String) throws -> [Data] {
    let text = try String(contentsOfFile: identity, encoding: .utf8)
    let start = try #require(text.range(of: "AIRLOCK-SECRET-")).upperBound
    let base64 = String(text[start...].prefix(88))
    let bytes = try #require(Data(base64Encoded: base64))
    return [Data(base64.utf8), bytes.prefix(32), bytes.suffix(32)]
  }

  /// The files below a folder that hold one of these.
  private static func files(under folder: String, with secrets: [Data]) throws -> [String] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return all.filter { path in
      guard let data = FileManager.default.contents(atPath: folder + "/" + path) else {
        return false
      }
      return secrets.contains { data.range(of: $0) != nil }
    }.sorted()
  }

  @Test("fault 69: no secret reaches arguments, environment, output, a core dump, or a file beside")
  func running() throws {
    let site = try Self.site()
    let watch = Process()
    watch.executableURL = URL(fileURLWithPath: TestSite.products + "/airlock")
    watch.arguments = [
      "watch", "--root", site.root, "--quiet", "0s", "--poll", "50ms", "--passphrase-file",
      site.folder("phrase"),
    ]
    let output = Pipe()
    (watch.standardOutput, watch.standardError) = (output, output)
    try watch.run()
    try site.drop(CrashTests.snapshot, as: "s.json")
    var said = output.fileHandleForReading.availableData
    let process = "/proc/\(watch.processIdentifier)"
    let shown = ["cmdline", "environ", "limits", "comm"].map {
      String(
        decoding: FileManager.default.contents(atPath: "\(process)/\($0)") ?? Data(), as: UTF8.self)
    }
    watch.terminate()
    said += output.fileHandleForReading.readDataToEndOfFile()
    watch.waitUntilExit()
    #expect(shown[0].contains("passphrase-file"), "the arguments were read")
    #expect(
      shown[2].contains { $0.isNumber }
        && shown[2].split(separator: "\n").contains {
          $0.hasPrefix("Max core file size") && $0.split(separator: " ").contains("0")
        })
    #expect(!shown.contains { $0.contains(Self.canary) })
    #expect(said.range(of: Data(Self.canary.utf8)) == nil && !said.isEmpty)
    let found = try Self.files(under: site.folder.path, with: [Data(Self.canary.utf8)])
    #expect(found == ["phrase"])
  }

  @Test("fault 69: after every command that uses it, a secret key lies in its own file alone")
  func files() throws {
    let keys = try KeySite.ready()
    let site = keys.site
    let secrets =
      try Self.secrets(of: site.root + "/keys/identity.json")
      + Self.secrets(of: site.folder("mts/identity.json"))
    #expect(try keys.job("a") == "accepted")
    #expect(try keys.open("a-00000001").status == 0)
    try keys.command(["keys", "rotate", "--root", site.root])
    try keys.command(["keys", "rotate", "--finish", "--root", site.root])
    try keys.command(["keys", "revoke", "mts", "--reason", "retired", "--root", site.root])
    let found = try Self.files(under: site.folder.path, with: secrets)
    #expect(found.count == 2 && found.allSatisfy { $0.contains("/identity.") }, "\(found)")
    for name in site.folder.names("registry/keys") where name.hasPrefix("identity.") {
      let path = site.root + "/keys/" + name
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(name)")
    }
  }

  @Test("fault 70: where no memory may be locked, all works, guarded and zeroed all the same")
  func unlocked() throws {
    let folder = try TemporaryFolder()
    func unlocked(_ arguments: String...) throws -> Tool.Result {
      try Tool.run(
        "setpriv",
        [
          "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock", "prlimit", "--memlock=0:0",
          TestSite.products + "/airlock",
        ] + arguments)
    }
    let made = try unlocked("keys", "new", "mts", "--keys", folder("mts"))
    #expect(made.status == 0, "\(made.errors)")
    #expect(try unlocked("keys", "list", "--keys", folder("mts")).status == 0)
    let rotated = try unlocked("keys", "rotate", "--keys", folder("mts"))
    #expect(rotated.status == 0, "\(rotated.errors)")
  }

  @Test("fault 68: a passphrase that is wrong, empty, huge, with NUL, or not there, is refused")
  func passphrases() throws {
    let site = try Self.site()
    for (text, status) in [
      ("wrong\n", 3), ("", 2), ("\n", 2), (String(repeating: "a", count: 10 << 20), 1),
      ("a\0b\n", 2),
    ] as [(String, Int32)] {
      try site.folder.write(text, as: "other")
      chmod(site.folder("other"), 0o600)
      let result = try TestSite.airlock([
        "run", "--root", site.root, "--passphrase-file", site.folder("other"),
      ])
      #expect(result.status != 0 && result.errors.hasPrefix("error: "), "\(result.errors)")
      #expect(result.status == status, "\(text.prefix(9)): \(result.errors)")
    }
    // Standard input is /dev/null here: closed, as under a service manager.
    let without = try TestSite.airlock(["run", "--root", site.root])
    #expect(without.status == 2 && without.errors.contains("needs its passphrase"))
  }

  @Test("fault 65: an identity that others may have read or put there is refused")
  func exposed() throws {
    let keys = try KeySite.ready()
    let path = keys.site.root + "/keys/identity.json"
    for (mode, folder) in [(0o644, 0o700), (0o640, 0o700), (0o600, 0o777), (0o600, 0o1777)] {
      chmod(path, mode_t(mode))
      chmod(keys.site.root + "/keys", mode_t(folder))
      let result = try keys.site.run()
      #expect(result.status == 4, "\(result.errors)")
      #expect(result.errors.contains("hint: "), "\(result.errors)")
    }
    chmod(keys.site.root + "/keys", 0o700)
    try FileManager.default.moveItem(atPath: path, toPath: keys.site.folder("real.json"))
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: keys.site.folder("real.json"))
    #expect(try keys.site.run().status == 4, "a link")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: keys.site.folder("real.json"), toPath: path)
    #expect(try keys.site.run().status == 0)
    guard geteuid() == 0 else { return }
    chown(path, 65_534, 65_534)
    #expect(try keys.site.run().status == 4, "another's file")
  }
}
