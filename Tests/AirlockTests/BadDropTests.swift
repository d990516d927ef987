import Fixtures
import Foundation
import JSONText
import Testing

/// Everything that is dropped gets a verdict; nothing is lost, nothing half-made goes out.
struct BadDropTests {
  @Test(
    "A job that cannot be run is rejected with its reason and place",
    arguments: [
      ("filter", [["brithdate", "=", false]], "unknown_field", "/filter/0"),
      ("filter", [], "everyone_needs_consent", "/filter"),
      ("filter", [["gender", "~", "x"]], "unknown_operator", "/filter/0/1"),
      ("filter", [["age", "=", 5]], "not_searchable", "/filter/0"),
      ("fields", ["given_name", "gendre", "birthdate", "address"], "mapping_incomplete", "/mts"),
      (
        "fields", ["given_name", "gender", "birthdate", "address", "vat"], "field_not_allowed",
        "/fields/4"
      ),
      ("recipient", "mst", "unknown_recipient", "/recipient"),
      ("surprise", 1, "unknown_key", "/surprise"),
      ("version", 9, "unknown_version", "/version"),
    ] as [(String, JSON, String, String)])
  func badJobs(key: String, value: JSON, code: String, pointer: String) throws {
    let site = try TestSite(snapshot: "extract")
    if code == "mapping_incomplete" {
      try site.drop(job: (key, value), ("mts", ["mapping": [:]]))
    } else {
      try site.drop(job: (key, value))
    }
    #expect(try site.run().status == 1)
    let verdict = try site.verdict("job.json")
    #expect(verdict["outcome"] == "rejected")
    #expect(verdict["reason"]?["code"]?.text == code)
    #expect(verdict["reason"]?["where"]?["pointer"]?.text == pointer)
    #expect(verdict["reason"]?["hint"]?.text?.isEmpty == false)
    #expect(site.archives.isEmpty)
    #expect(site.folder.names("registry/inbox/rejected") == ["job.json", "job.json.verdict.json"])
  }

  @Test(
    "A file that is no drop of any kind is rejected, and kept",
    arguments: [
      ("hello", "not_json"),
      ("{\"airlock\": \"job\", \"version\": 1,", "json_syntax"),
      ("{\"airlock\": \"card\", \"version\": 1}", "not_a_drop"),
      (
        "[{\"id\": 1, \"is_registrant\": true}, {\"id\": 1, \"is_registrant\": true}]",
        "duplicate_id"
      ),
      ("[{\"id\": 1, \"is_group\": false, \"gender\": 5}]", "wrong_type"),
      ("[{\"id\": 1, \"birthdate\": \"1976-13-01\"}]", "bad_date"),
      ("[{\"is_group\": false}]", "missing_id"),
      ("[{\"id\": 1, \"is_registrant\": true},", "cut_short"),
      ("{\"id\": 1, \"is_registrant\": true}\n{\"id\": 2", "cut_short"),
    ])
  func badFiles(text: String, code: String) throws {
    let site = try TestSite(snapshot: "search_read")
    let before = try site.ok("status", "--root", site.root, "--json")
    try site.drop(text, as: "odd.json")
    #expect(try site.run().status == 1)
    let verdict = try site.verdict("odd.json")
    #expect(verdict["outcome"] == "rejected")
    #expect(
      verdict["reason"]?["code"]?.text == code, "\(verdict["reason"]?["message"]?.text ?? "")")
    #expect(try site.folder.read("registry/inbox/rejected/odd.json") == text)
    let after = try site.ok("status", "--root", site.root, "--json")
    #expect(try snapshot(before) == snapshot(after), "the snapshot before stays in force")
  }

  @Test("fault 23: an empty file is answered")
  func empty() throws {
    let site = try TestSite()
    try site.drop("", as: "empty.json")
    #expect(try site.run().status == 1)
    #expect(try site.verdict("empty.json")["reason"]?["code"] == "empty_input")
  }

  @Test("fault 13: the longest name gets its verdict, and a second one of its name too")
  func longestName() throws {
    let site = try TestSite()
    let name = String(repeating: "x", count: 195) + ".json"
    for _ in 1...2 {
      try site.drop("no drop", as: name)
      #expect(try site.run().status == 1)
    }
    let kept = site.folder.names("registry/inbox/rejected")
    let all = ["", ".verdict.json", ".2", ".2.verdict.json"].map { name + $0 }
    #expect(kept == all.sorted())
  }

  @Test("fault 12: twins in case, and in the form of their accents, are drops of their own")
  func twins() throws {
    let site = try TestSite()
    let names = ["a.json", "A.json", "\u{E9}.json", "e\u{301}.json"]
    for name in names { try site.drop("no drop", as: name) }
    #expect(try site.run().status == 1)
    let kept = site.folder.names("registry/inbox/rejected")
    #expect(kept.count == 8)
    #expect(kept.contains("a.json") && kept.contains("A.json"))
    #expect(kept.filter { $0.hasPrefix("badname-") }.count == 4)
  }

  @Test(
    "fault 22: a manifest cannot name a file",
    arguments: [
      ("payload", "../../etc/passwd"), ("input", ["type": "registry", "file": "other.json"]),
    ] as [(String, JSON)])
  func namesAFile(key: String, value: JSON) throws {
    let site = try TestSite(snapshot: "search_read")
    try site.drop(job: (key, value))
    #expect(try site.run().status == 1)
    #expect(try site.verdict("job.json")["reason"]?["code"] == "unknown_key")
  }

  @Test("fault 94: a site can be laid out and worked on under any umask")
  func umask() throws {
    let folder = try TemporaryFolder()
    let script = "umask 0777; '\(TestSite.products)/airlock' init --root '\(folder("site"))'"
    #expect(try Tool.run("/bin/sh", ["-c", script]).status == 0)
    let modes = try Tool.run(
      "stat", ["-c", "%a", folder("site"), folder("site/inbox"), folder("site/store")])
    #expect(modes.output == "755\n770\n700\n")
  }

  private func snapshot(_ status: String) throws -> JSON? {
    try JSONDocument(parsing: status).root.json["snapshot"]
  }

  @Test(
    "fault 8, 9, 10: what is not a plain file is rejected unread, and moved aside",
    arguments: [
      ("symlink", "not_a_regular_file"), ("fifo", "not_a_regular_file"),
      ("folder", "not_a_regular_file"),
      ("hardlink", "hard_linked"), ("dangling", "not_a_regular_file"),
    ])
  func notAFile(kind: String, code: String) throws {
    let site = try TestSite()
    let path = site.root + "/inbox/odd.json"
    let manager = FileManager.default
    switch kind {
    case "symlink": try manager.createSymbolicLink(atPath: path, withDestinationPath: "/etc/passwd")
    case "dangling": try manager.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
    case "fifo": #expect(mkfifo(path, 0o600) == 0)
    case "hardlink":
      try site.folder.write("[]", as: "elsewhere")
      try manager.linkItem(atPath: site.folder("elsewhere"), toPath: path)
    default: try manager.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    #expect(try site.run().status == 1)
    #expect(
      ["symbolic_link", code].contains(try site.verdict("odd.json")["reason"]?["code"]?.text))
    #expect(site.folder.names("registry/inbox/rejected").contains("odd.json"))
  }

  @Test("fault 1: what is half uploaded is left alone for ever")
  func uploads() throws {
    let site = try TestSite()
    let names = ["a.json.part", "b.filepart", "c.tmp", "d.json~", ".e.json", "f.json.sha256"]
    for name in names { try site.drop("x", as: name) }
    #expect(try site.run().output == "nothing to do\n")
    #expect(
      site.folder.names("registry/inbox")
        == ([".airlock-inbox", "accepted", "rejected"] + names).sorted())
  }

  @Test("A .sha256 file beside a drop must match it", arguments: [true, false])
  func sidecar(matches: Bool) throws {
    let site = try TestSite()
    try site.drop("[{\"id\": 1, \"is_registrant\": true}]", as: "s.json")
    let sum = try Tool.run("sha256sum", ["s.json"], in: site.root + "/inbox").output
    try site.drop(
      matches ? sum : sum.replacingOccurrences(of: sum.prefix(4), with: "0000"), as: "s.json.sha256"
    )
    #expect(try site.run().status == (matches ? 0 : 1))
    let verdict = try site.verdict("s.json")
    #expect(verdict["reason"]?["code"]?.text == (matches ? nil : "sha256_differs"))
    #expect(site.folder.names("registry/store/claimed").isEmpty)
  }

  @Test("fault 12: a name that no drop may bear gets a verdict under a name that one may")
  func badName() throws {
    let site = try TestSite()
    try site.drop("[]", as: "a\u{1B}[2Jb\n.json")
    let result = try site.run()
    #expect(result.status == 1)
    #expect(!result.output.contains("\u{1B}"))
    let kept = site.folder.names("registry/inbox/rejected")
    #expect(kept.count == 2 && kept.allSatisfy { $0.hasPrefix("badname-") })
  }

  @Test("Without a policy that can be read, nothing leaves")
  func brokenPolicy() throws {
    let site = try TestSite(snapshot: "extract")
    try site.folder.write(
      "{\"airlock\": \"policy\", \"version\": 1}", as: "registry/policies/site.json")
    try site.drop(job: ("limit", 5))
    #expect(try site.run().status == 1)
    #expect(try site.verdict("job.json")["reason"]?["code"] == "no_policy")
    #expect(site.archives.isEmpty)
    #expect(try TestSite.airlock(["status", "--root", site.root]).status == 1)
  }

  @Test("No verdict, message or header holds a value of the registry")
  func noValues() throws {
    let site = try TestSite()
    try site.drop(
      "[{\"id\": 1, \"is_registrant\": true, \"name\": \"CanaryName\", \"birthdate\": \"CanaryDate\"}]",
      as: "s.json")
    let first = try site.run()
    try site.drop(job: ("filter", [["name", "CanaryOperator is long", "CanaryValue"]]))
    let second = try site.run()
    let said =
      [first.output, first.errors, second.output, second.errors]
      + (try site.folder.names("registry/inbox/rejected").filter { $0.hasSuffix(".verdict.json") }
        .map { try site.folder.read("registry/inbox/rejected/\($0)") })
    #expect(said.count == 6)
    #expect(said.allSatisfy { !$0.contains("Canary") })
  }
}
