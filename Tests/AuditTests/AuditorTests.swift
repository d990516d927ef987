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
  static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
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
    try outbox.archive { $0.fields = [AuditPageTests.hostile] }
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

  @Test func `A stream that is not there is wrong use`() throws {
    let outbox = try outbox()
    let result = try airlock(arguments(outbox) + ["--stream", "typo"])
    #expect(result.status == 2 && result.errors.contains("there are \"mts\""), "\(result)")
  }

  @Test func `A kept checkpoint that is no file is wrong use`() throws {
    let outbox = try outbox()
    for path in ["/dev/null", outbox.path("LEDGER"), "/nowhere"] {
      let result = try airlock(arguments(outbox) + ["--after", path])
      #expect(result.status == 2, "\(path): \(result)")
    }
  }

  @Test func `fault 97: a folder that may not be read makes no archive missing`() throws {
    let outbox = try outbox()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: outbox.path("mts"))
    let result = try airlock(arguments(outbox) + ["--json"])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: outbox.path("mts"))
    #expect(result.status == 4, "\(result)")
    let report = try JSONDocument(parsing: result.output).root.json
    #expect(report["verdict"] == "incomplete")
    #expect(report["details"]?.elements?.first?["archives"]?.elements?.count == 3)
  }

  @Test func `A page is written beside the outbox only, and over a page only`() throws {
    let outbox = try outbox()
    func page(_ path: String) throws -> Tool.Result {
      let command = [Self.products + "/airlock"] + arguments(outbox)
      return try Tool.run("env", command + ["--overdue", "60000", "--html", path])
    }
    #expect(try page(outbox.path("mts/audit.html")).status == 2)
    try outbox.place.write("mine", as: "notes.html")
    #expect(try page(outbox.place("notes.html")).status == 2)
    #expect(try outbox.place.read("notes.html") == "mine")
    for _ in 0..<2 {
      let result = try page(outbox.place("audit.html"))
      let last = result.output.split(separator: "\n").last ?? ""
      #expect(result.status == 0 && last.hasPrefix("page "), "\(result)")
    }
  }

  @Test func `A folder that is no outbox is wrong use, with a hint`() throws {
    let outbox = try outbox()
    let other = ["audit", "--outbox", outbox.place("keys"), "--keys", outbox.place("keys")]
    #expect(try airlock(other).status == 2)
    let command = [Self.products + "/airlock", "audit", "--outbox", outbox.place.path]
    let result = try Tool.run("env", command + ["--keys", outbox.place("keys")])
    #expect(result.status == 2 && result.errors.contains("did you mean"), "\(result)")
  }
}
