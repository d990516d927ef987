import Audit
import Files
import Fixtures
import Foundation
import Glibc
import JSONText
import Ledger
import Testing

/// The program in the hands of an auditor, under another account than the site's.
@Suite struct AuditorTests {
  private static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path
  private static let nobody = "65534"

  /// As an account that owns nothing here, where the tests may take one.
  private func airlock(_ arguments: [String], width: Int = 80) throws -> Tool.Result {
    let command = [Self.products + "/airlock"] + arguments
    let other = [
      "setpriv", "--reuid", Self.nobody, "--regid", Self.nobody, "--clear-groups", "--no-new-privs",
    ]
    let all = geteuid() == 0 ? other + command : command
    return try Tool.run("env", ["COLUMNS=\(width)"] + all)
  }

  private func outbox() throws -> Outbox {
    let outbox = try Outbox(archives: 3)
    let files = FileManager.default
    for name in ["store", "inbox"] {
      try files.createDirectory(atPath: outbox.place(name), withIntermediateDirectories: false)
      try outbox.place.write("VID-canary", as: "\(name)/secret")
      try files.setAttributes([.posixPermissions: 0], ofItemAtPath: outbox.place(name))
    }
    try files.setAttributes([.posixPermissions: 0o711], ofItemAtPath: outbox.place.path)
    return outbox
  }

  private func arguments(_ outbox: Outbox) -> [String] {
    ["audit", "--outbox", outbox.place("outbox"), "--keys", outbox.place("keys")]
  }

  @Test func `fault 97: an account without keys verifies all, and reads nothing`() throws {
    let outbox = try outbox()
    let before = try Tool.run("find", [outbox.place("outbox"), "-printf", "%p %m %T@ %s\\n"])
    let result = try airlock(arguments(outbox) + ["--json", "--overdue", "60000"])
    #expect(result.status == 0, "\(result.errors)")
    let report = try JSONDocument(parsing: result.output).root.json
    #expect(report["totals"]?["verified"] == 3 && report["verdict"] == "sound")
    #expect(!result.output.contains("canary"))
    let after = try Tool.run("find", [outbox.place("outbox"), "-printf", "%p %m %T@ %s\\n"])
    #expect(before.output == after.output)
    let archive = outbox.path("mts/monthly-00000001.sealed")
    let opened = try airlock(["open", archive, "--keys", outbox.place("keys")])
    #expect(opened.status != 0 && !opened.output.contains("canary"))
  }

  @Test(arguments: [24, 80, 200])
  func `The report fits its width, the verdict on top`(width: Int) throws {
    let outbox = try outbox()
    let text = try airlock(arguments(outbox) + ["--overdue", "60000"], width: width).output
    #expect(text.uppercased().prefix(40).contains("SOUND"))
    let long = text.split(separator: "\n").filter { line in
      line.count > width && line.split(separator: " ").count > 2
    }
    #expect(long.isEmpty, "\(text)")
    for word in ["mts", "given_name,", "monthly"] { #expect(text.contains(word), "\(text)") }
  }

  @Test func `Each class of findings has its own exit status`() throws {
    let harms: [(Int32, (Outbox) throws -> Void)] = [
      (3, { try $0.flip("mts/monthly-00000002.sealed") }),
      (11, { try $0.remove("mts/monthly-00000002.sealed") }),
      (12, { try $0.place.write("x", as: "outbox/mts/export.csv") }),
      (13, { try $0.swap("mts/monthly-00000001.sealed", "mts/monthly-00000002.sealed") }),
      (15, { try $0.remove("mts/INDEX.json") }), (16, { try $0.rewrite { $0.removeLast() } }),
    ]
    for (status, harm) in harms {
      let outbox = try outbox()
      try harm(outbox)
      let result = try airlock(arguments(outbox))
      #expect(result.status == status && result.output.contains("NOT SOUND"), "\(result)")
    }
  }

  @Test func `fault 55: a page and a text of hostile names steer neither browser nor terminal`()
    throws
  {
    let outbox = try outbox()
    try outbox.archive { $0.job = AuditPageTests.hostile }
    try outbox.checkpoint()
    let page = outbox.place("audit.html")
    let command = [Self.products + "/airlock"] + arguments(outbox) + ["--html", page]
    let result = try Tool.run("env", command)
    #expect(result.status == 16)
    #expect(result.output.contains("\\u{202e}\\u{1b}[2J") && !result.output.contains("\u{1B}"))
    #expect(try !outbox.place.read("audit.html").contains("<script>alert"))
  }

  @Test func `The kept checkpoint is asked for by name, and must be sound`() throws {
    let outbox = try outbox()
    let kept = outbox.path("LEDGER/CHECKPOINT.json")
    let days = ["--overdue", "60000"]
    #expect(try airlock(arguments(outbox) + days + ["--after", kept]).status == 0)
    #expect(
      try airlock(arguments(outbox) + days + ["--after", outbox.path("mts/INDEX.json")]).status == 3
    )
    #expect(
      try airlock(["audit", "--outbox", "/nowhere", "--keys", outbox.place("keys")]).status == 2)
    #expect(
      try airlock(["audit", "--outbox", outbox.place("outbox"), "--keys", "/nowhere"]).status == 2)
  }
}
