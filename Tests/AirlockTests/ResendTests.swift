import Fixtures
import Foundation
import JSONText
import Testing

/// Who is sent again, and who is not.
struct ResendTests {
  private static func site(_ snapshot: String = CrashTests.snapshot) throws -> TestSite {
    let site = try TestSite()
    try site.drop(snapshot, as: "s.json")
    try #require(site.run().status == 0)
    return site
  }

  private static let filter: (String, JSON) = ("filter", [["is_registrant", "=", true]])

  @Test("A registrant whose VID is out and unanswered is not sent again before the deadline")
  func pending() throws {
    let site = try Self.site()
    try site.drop(jobs: [Self.filter, ("resend", ["rule": "pending", "after_hours": 24])])
    #expect(try site.run().status == 0)
    let again: [(Int, String, Int64, Int)] = [
      (60, "a", 0, 1), (86_000, "b", 0, 1), (86_500, "c", 2, 2), (86_600, "d", 0, 2),
    ]
    for (seconds, note, sent, archives) in again {
      // Other bytes, so that it is not a duplicate.
      try site.drop(
        jobs: [
          Self.filter, ("resend", ["rule": "pending", "after_hours": 24]), ("note", .string(note)),
        ], as: note)
      #expect(try site.run(after: seconds).status == 0)
      let verdict = try site.verdict(note)
      #expect(verdict["job"]?["sent"]?.integer == sent, "after \(seconds)")
      #expect(verdict["job"]?["left_out"]?["pending"]?.integer == (sent == 0 ? 2 : nil))
      #expect(site.archives.count == archives)
      let codes = verdict["warnings"]?.elements?.compactMap { $0["code"]?.text } ?? []
      #expect(codes.contains("nobody_to_send") == (sent == 0))
    }
  }

  @Test("With \"always\" everyone is sent again, as upstream does")
  func always() throws {
    let site = try Self.site()
    for note in ["a", "b"] {
      try site.drop(
        jobs: [Self.filter, ("resend", ["rule": "always"]), ("note", .string(note))],
        as: note)
      #expect(try site.run().status == 0)
      #expect(try site.verdict(note)["job"]?["sent"] == 2)
    }
    #expect(site.archives.count == 2)
  }

  @Test("A dry run counts who is pending, and notes nothing")
  func plan() throws {
    let site = try Self.site()
    try site.drop(jobs: [Self.filter])
    try FileManager.default.moveItem(
      atPath: site.root + "/inbox/job.json", toPath: site.folder("job.json"))
    func pending() throws -> JSON? {
      let text = try site.ok("plan", site.folder("job.json"), "--root", site.root, "--json")
      return try JSONDocument(parsing: text).root.json["job"]?["left_out"]?["pending"]
    }
    for _ in 1...2 { #expect(try pending() == nil) }
    try FileManager.default.copyItem(
      atPath: site.folder("job.json"), toPath: site.root + "/inbox/job.json")
    #expect(try site.run().status == 0)
    #expect(try pending() == 2)
  }

  @Test("fault 44: of more than a hundred, those who can never be sent do not stand in the way")
  func permanentFailures() throws {
    // The first hundred have no VID; two runs of eighty take all of the other hundred and fifty.
    let records = (1...250).map { id in
      let ids = id <= 100 ? "" : #"{"id": \#(id), "id_type": [1, "MOSIP VID"], "value": "V\#(id)"}"#
      return
        #"{"id": \#(id), "is_registrant": true, "active": true, "given_name": "A", "family_name": "B", "gender": "male", "birthdate": "1990-01-01", "address": "S", "phone": false, "email": false, "reg_ids": [\#(ids)]}"#
    }
    let site = try Self.site("[\(records.joined(separator: ","))]")
    for (note, sent) in [("a", 80), ("b", 70), ("c", 0)] as [(String, Int64)] {
      try site.drop(jobs: [Self.filter, ("limit", 80), ("note", .string(note))], as: note)
      #expect(try site.run().status == 0)
      #expect(try site.verdict(note)["job"]?["sent"]?.integer == sent)
    }
    #expect(site.archives.count == 2)
  }

  @Test("What is noted of a VID tells nothing to those who lack the key")
  func marks() throws {
    let site = try Self.site()
    try site.drop(jobs: [Self.filter])
    #expect(try site.run().status == 0)
    let rows = try Tool.run(
      "sqlite3",
      [
        site.root + "/store/journal.sqlite",
        "SELECT registrant, length(vid) FROM sent_vids ORDER BY 1",
      ])
    #expect(rows.output == "1|16\n3|16\n")
    for file in ["store/journal.sqlite", "store/journal.sqlite-wal"] {
      let bytes = FileManager.default.contents(atPath: site.root + "/" + file) ?? Data()
      #expect(bytes.range(of: Data("Street".utf8)) == nil)
    }
    #expect(site.folder.names("registry/store").contains("hash.key"))
  }
}
