import Fixtures
import Foundation
import JSONText
import Testing

/// Snapshots come in an order: an older one waits for the operator, a delta follows what is in force.
struct SnapshotOrderTests {
  private static func full(taken: String, name: String) -> String {
    #"{"airlock": "snapshot", "version": 1, "name": "\#(name)", "taken": "\#(taken)", "follows": null}"#
      + "\n" + #"{"id": 1, "name": "Ana"}"# + "\n" + #"{"id": 2, "name": "Ben"}"#
  }

  private static func delta(_ follows: String, _ rest: String) -> String {
    #"{"airlock": "snapshot", "version": 1, "kind": "delta", "follows": "\#(follows)", \#(rest)}"#
  }

  @Test("A snapshot older than the one in force is held, with the names of both")
  func older() throws {
    let site = try TestSite()
    try site.drop(Self.full(taken: "2026-11-22T10:00:00Z", name: "new"), as: "a.ndjson")
    #expect(try site.run().status == 0)
    try site.drop(Self.full(taken: "2026-11-21T10:00:00Z", name: "old"), as: "b.ndjson")
    #expect(try site.run().status == 1)
    let verdict = try site.verdict("b.ndjson")
    #expect(verdict["outcome"] == "quarantined")
    #expect(verdict["reason"]?["code"] == "older_snapshot")
    let message = try #require(verdict["reason"]?["message"]?.text)
    #expect(message.hasPrefix("old (taken 2026-11-21T10:00:00Z) is older"))
    #expect(message.contains("in force, new (taken 2026-11-22T10:00:00Z, digest "))
    #expect(site.folder.names("registry/inbox/rejected").contains("b.ndjson"))
  }

  @Test("Of a handful of partners, fewer than half as many are in force, with a warning")
  func smaller() throws {
    let site = try TestSite()
    let rows = [(4, nil), (3, nil), (1, "1 partner where the snapshot before had 3"), (4, nil)]
    for (count, warning) in rows as [(Int, String?)] {
      let lines = (1...count).map { #"{"id": \#($0), "is_registrant": true, "name": "\#(count)"}"# }
      try site.drop(lines.joined(separator: "\n"), as: "of-\(count).ndjson")
      #expect(try site.run().status == 0)
      let warnings = try site.verdict("of-\(count).ndjson")["warnings"]?.elements ?? []
      let found = warnings.first { $0["code"] == "much_smaller" }
      if warning != nil || count == 3 { #expect(found?["message"]?.text == warning, "\(count)") }
    }
  }

  @Test("An older snapshot that the operator releases is put in force, once")
  func released() throws {
    let site = try TestSite()
    let old = Self.full(taken: "2026-11-21T10:00:00Z", name: "old")
    try site.drop(Self.full(taken: "2026-11-22T10:00:00Z", name: "new"), as: "a.ndjson")
    try site.drop(old, as: "b.ndjson")
    #expect(try site.run().status == 1)
    try site.ok("release", "b.ndjson", "--root", site.root)
    #expect(try site.run().status == 0)
    #expect(try site.verdict("b.ndjson")["snapshot"]?["name"] == "old")
    try site.drop(Self.full(taken: "2026-11-22T11:00:00Z", name: "newer"), as: "c.ndjson")
    try #require(site.run().status == 0)
    try site.drop(old, as: "b.ndjson")
    #expect(try site.run().status == 1, "a release is used up")
    #expect(site.folder.names("registry/inbox/rejected").contains("b.ndjson"))
  }

  @Test("Without a head, the newest write_date says when a snapshot was taken")
  func writeDates() throws {
    let site = try TestSite()
    try site.drop(
      #"[{"id": 1, "is_registrant": true, "write_date": "2026-11-22 10:00:00.5"}]"#, as: "a.json")
    #expect(try site.run().status == 0)
    #expect(try site.verdict("a.json")["snapshot"]?["taken"] == "2026-11-22T10:00:00Z")
    try site.drop(
      #"[{"id": 1, "is_registrant": true, "write_date": "2026-11-22 09:59:59"}]"#, as: "b.json")
    #expect(try site.run().status == 1)
    #expect(try site.verdict("b.json")["reason"]?["code"] == "older_snapshot")
    try site.drop(#"[{"id": 1, "is_registrant": true}]"#, as: "c.json")
    #expect(try site.run().status == 0)
  }

  @Test("A delta follows the digest of the verdict before it; another is refused with both names")
  func deltas() throws {
    let site = try TestSite()
    try site.drop(Self.full(taken: "2026-11-22T10:00:00Z", name: "base"), as: "a.ndjson")
    #expect(try site.run().status == 0)
    let base = try #require(try site.verdict("a.ndjson")["snapshot"]?["digest"]?.text)
    let removal = Self.delta(base, #""deleted": [{"model": "res.partner", "ids": [2]}]"#)
    try site.drop(removal, as: "d1.ndjson")
    #expect(try site.run().status == 0)
    #expect(try site.ok("search", "[]", "--root", site.root) == "1\n")
    let next = try #require(try site.verdict("d1.ndjson")["snapshot"]?["digest"]?.text)
    #expect(try site.verdict("d1.ndjson")["snapshot"]?["follows"]?.text == base && next != base)
    try site.drop(Self.delta(base, #""name": "late""#) + "\n{\"id\": 3}", as: "d2.ndjson")
    #expect(try site.run().status == 1)
    let reason = try site.verdict("d2.ndjson")["reason"]
    #expect(reason?["code"] == "delta_does_not_follow")
    let message = try #require(reason?["message"]?.text)
    #expect(message.contains("the delta late follows") && !message.contains(base.prefix(12)))
    #expect(message.contains("d1.ndjson") && message.contains(next.prefix(12)))
  }

  @Test("A delta where nothing is in force is refused")
  func noBase() throws {
    let site = try TestSite()
    let follows = String(repeating: "ab", count: 32)
    try site.drop(Self.delta(follows, #""name": "first""#) + "\n{\"id\": 3}", as: "d.ndjson")
    #expect(try site.run().status == 1)
    #expect(try site.verdict("d.ndjson")["reason"]?["code"] == "delta_does_not_follow")
  }

  @Test("ODK submissions are taken in beside the registry, which stays")
  func odk() throws {
    let site = try TestSite()
    try site.drop(Self.full(taken: "2026-11-22T10:00:00Z", name: "base"), as: "a.ndjson")
    let path = Fixture.package + "/Tests/Fixtures/odk/submissions.json"
    try site.drop(String(contentsOfFile: path, encoding: .utf8), as: "form.json")
    #expect(try site.run().status == 0)
    let report = try site.verdict("form.json")["snapshot"]
    #expect(report?["form"] == "odk" && report?["records"]?["odk.submission"]?.integer == 4)
    #expect(try site.ok("search", "[]", "--count", "--root", site.root) == "2\n")
    #expect(site.folder.names("registry/store").contains("odk.sqlite"))
  }

  @Test(
    "A job over submissions sends the fields of its groups, and the VID that the form asked for")
  func odkJob() throws {
    let site = try TestSite()
    let path = Fixture.package + "/Tests/Fixtures/odk/submissions.json"
    try site.drop(String(contentsOfFile: path, encoding: .utf8), as: "form.json")
    let fields: [String] = ["fname", "gender", "dob", "vid", "address.street"]
    let policy: JSON = [
      "airlock": "policy", "version": 1,
      "streams": [
        "mts": [
          "recipients": ["mts"], "fields": .array(fields.map { .string("demo." + $0) }),
        ]
      ],
    ]
    try policy.pretty().write(
      toFile: site.root + "/policies/site.json", atomically: false, encoding: .utf8)
    let mapping: JSON = [
      "vid": "demo.vid", "name": "demo.fname", "gender": "demo.gender", "dob": "demo.dob",
      "fullAddress": "demo.address.street",
    ]
    try site.drop(
      job: (
        "input", ["type": "odk", "from": "2026-11-18T00:00:00Z", "to": "2026-11-20T00:00:00Z"]
      ),
      ("filter", [["demo.fname", "!=", false]]), ("fields", ["demo.fname"]),
      ("mts", ["mapping": mapping]))
    #expect(try site.run().status == 0)
    let verdict = try site.verdict("job.json")
    #expect(verdict["reason"] == nil)
    let report = verdict["job"]
    #expect(report?["matched"]?.integer == 2 && report?["sent"]?.integer == 1)
    let request = try site.folder.read(site.open() + "/requests/000001.json")
    #expect(
      request.contains(#""vid":"0071362945018823""#) && request.contains(#""dob":"1985/07/01""#))
    #expect(request.contains(#""fullAddress":"3 Hill Lane""#))
  }
}
