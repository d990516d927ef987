import Fixtures
import Foundation
import JSONText
import Secrets
import Testing

/// What others can read of a site tells no digest that a guess could be tested against, and the site
/// can prove what it told.
struct OpenDigestTests {
  private static let filter: JSON = [["is_registrant", "=", true], ["phone", "!=", "0771234567"]]

  /// Digests in hex of everything that was dropped, and of what was made of it.
  private static func secret(_ site: TestSite) throws -> [String] {
    let query = """
      import sqlite3, sys
      journal = sqlite3.connect(sys.argv[1] + "/store/journal.sqlite")
      print(*[row[0] for row in journal.execute(
          "SELECT DISTINCT digest FROM drops WHERE digest NOT NULL AND kind <> 'receipt'")])
      snapshot = sqlite3.connect(sys.argv[1] + "/store/snapshot.sqlite")
      print(*[row[0] for row in snapshot.execute(
          "SELECT value FROM airlock_snapshot WHERE key IN ('digest', 'drop_digest', 'follows')")])
      """
    let known = try Tool.run("/usr/bin/python3", ["-c", query, site.root])
    try #require(known.status == 0, "\(known.errors)")
    let policies = try site.folder.names("registry/policies").filter { $0.hasSuffix(".json") }.map {
      Digest(of: Array(try site.folder.read("registry/policies/" + $0).utf8)).hex
    }
    let filters = [Self.filter, PruneSite.domain].map { Digest(of: $0.canonical()).hex }
    return known.output.split(whereSeparator: \.isWhitespace).map(String.init) + policies + filters
  }

  /// Each file below a folder, with its path.
  private static func files(_ folder: String) throws -> [(path: String, text: Data)] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap { path in
      FileManager.default.contents(atPath: folder + "/" + path).map { (path, $0) }
    }
  }

  @Test(
    "W8: no verdict, header, ledger, certificate, index or name shows a digest of what was dropped")
  func outbox() throws {
    let prune = try PruneSite()
    let site = prune.site
    try site.drop(jobs: [("filter", Self.filter), ("resend", ["rule": "always"])], as: "one.json")
    try site.drop(#"{"airlock": "job", "name": 7}"#, as: "faulty.json")
    #expect(try site.run().status == 1)
    try prune.policy()
    #expect(try prune.prune("--policy", "vids").status == 0)
    let secrets = try Self.secret(site)
    #expect(secrets.count > 8 && secrets.allSatisfy { $0.count == 64 }, "\(secrets)")
    var looked = 0
    for place in ["outbox", "inbox"] {
      for (path, text) in try Self.files(site.root + "/" + place) {
        looked += 1
        for secret in secrets {
          let start = Data(secret.prefix(12).utf8)
          #expect(text.range(of: start) == nil && !path.contains(secret.prefix(12)), "\(path)")
        }
      }
    }
    #expect(looked > 15)
    let kinds = Set(try OutboxLedger(site).kinds)
    #expect(kinds.isSuperset(of: ["drop", "run", "archive", "policy", "policy_run"]))
  }

  @Test(
    "W7: two drops of the same bytes show different digests: no guess can be dropped and compared")
  func twice() throws {
    let site = try TestSite(snapshot: "search_read")
    for name in ["a.json", "b.json"] {
      try site.drop(#"{"airlock": "job", "name": 7}"#, as: name)
      #expect(try site.run().status == 1)
    }
    let shown = try ["a.json", "b.json"].map { try site.verdict($0)["digest"]?.text }
    #expect(shown[0]?.count == 64 && shown[1]?.count == 64 && shown[0] != shown[1])
  }

  @Test("A sealed job's header shows no digest of it, and another copy another one")
  func sealed() throws {
    let office = try HeadOffice()
    try office.site.folder.write("[]", as: "plain.json")
    var shown: Set<String> = []
    for into in ["a", "b"] {
      try Tool.run("mkdir", [office.site.folder(into)])
      try office.site.ok(
        "seal", office.site.folder("plain.json"), "--kind", "job", "--to",
        office.site.folder("registry/keys/registry.card.json"), "--identity",
        office.site.folder("office/identity.json"), "--into", office.site.folder(into))
      let name = try #require(office.site.folder.names(into).first { $0.hasSuffix(".sealed") })
      let said = try office.site.ok("inspect", office.site.folder("\(into)/\(name)"), "--json")
      let digests = try JSONDocument(parsing: said).root.json["digests"]
      shown.insert(try #require(digests?["manifest"]?.text))
    }
    #expect(shown.count == 2 && !shown.contains(Digest(of: Array("[]".utf8)).hex))
  }

  @Test("The site proves which entries tell of a manifest; an auditor checks that without a secret")
  func proof() throws {
    let site = try TestSite(snapshot: "search_read")
    try site.drop(jobs: [("filter", Self.filter)], as: "one.json")
    let text = try site.folder.read("registry/inbox/one.json")
    #expect(try site.run().status == 0)
    try site.folder.write(text, as: "shown.json")
    try site.folder.write(text.replacing("0771234567", with: "0771234568"), as: "guess.json")
    let said = try site.ok(
      "prove", site.folder("shown.json"), "--root", site.root, "--proof",
      site.folder("proof.json"), "--json")
    let places = try JSONDocument(parsing: said).root.json["places"]?.elements ?? []
    let words = places.map { "\($0["kind"]?.text ?? "") \($0["member"]?.text ?? "")" }
    #expect(
      Set(words) == ["drop digest", "run manifest", "run filter", "archive manifest"], "\(words)")
    try Tool.run("cp", ["-r", site.root + "/outbox", site.folder("copy")])
    let check = ["--check", site.folder("proof.json"), "--outbox", site.folder("copy"), "--json"]
    let checked = try TestSite.airlock(["prove", site.folder("shown.json")] + check)
    #expect(checked.status == 0 && checked.output == said)
    let guessed = try TestSite.airlock(["prove", site.folder("guess.json")] + check)
    #expect(guessed.status == 3 && guessed.errors.contains("not of this file"))
    let unknown = try TestSite.airlock([
      "prove", site.folder("guess.json"), "--root", site.root, "--proof", site.folder("none.json"),
    ])
    #expect(unknown.status == 1 && !site.folder.names("").contains("none.json"))
    let proof = try site.folder.read("proof.json")
    #expect(try Schema("proof").accepts(JSONDocument(parsing: proof).root.json))
    let other = proof.replacing(#""word": "manifest""#, with: #""word": "drop""#)
    try site.folder.write(other, as: "other.json")
    let swapped = try TestSite.airlock([
      "prove", site.folder("shown.json"), "--check", site.folder("other.json"), "--outbox",
      site.folder("copy"),
    ])
    #expect(swapped.status == 3)
  }

  @Test("A snapshot and a policy are proven too; a delta may follow by the file's own digest")
  func snapshot() throws {
    let site = try TestSite()
    let lines = #"{"id": 1, "name": "Ada", "is_registrant": true}"# + "\n"
    try site.drop(lines, as: "s.ndjson")
    #expect(try site.run().status == 0)
    try site.folder.write(lines, as: "kept.ndjson")
    for (file, entry) in [
      ("kept.ndjson", "drop"), ("registry/policies/site.json", "policy"),
    ] {
      let said = try site.ok("prove", site.folder(file), "--root", site.root)
      #expect(said.contains(", \(entry): its digest"), "\(said)")
    }
    let follows = Digest(of: Array(lines.utf8)).hex
    let head = #"{"airlock": "snapshot", "version": 1, "kind": "delta", "follows": "\#(follows)"}"#
    try site.drop(
      head + "\n" + #"{"id": 1, "name": "Eda", "is_registrant": true}"# + "\n",
      as: "d.ndjson")
    #expect(try site.run().status == 0)
    let shown = try site.verdict("s.ndjson")["snapshot"]?["digest"]
    #expect(try site.verdict("d.ndjson")["snapshot"]?["follows"] == shown)
    #expect(shown?.text != follows)
  }
}
