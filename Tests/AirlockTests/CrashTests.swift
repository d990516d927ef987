import Fixtures
import Foundation
import JSONText
import Testing

/// The process is killed, or the disk fails, before each change that it makes to its site.
struct CrashTests {
  private static func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop(Self.snapshot, as: "s.json")
    try #require(site.run().status == 0)
    try site.drop(job: ("filter", [["is_registrant", "=", true]]))
    return site
  }

  /// Three registrants, one without a VID.
  static let snapshot = """
    [{"id": 1, "is_registrant": true, "given_name": "A", "gender": "male", "birthdate": "1990-01-01",
      "active": true, "address": "Street 1", "phone": false, "email": false, "family_name": "Z",
      "reg_ids": [{"id": 5, "id_type": [1, "MOSIP VID"], "value": "111"}]},
     {"id": 2, "is_registrant": true, "given_name": "B", "gender": "male", "birthdate": "1990-01-01",
      "active": true, "address": "Street 1", "reg_ids": []},
     {"id": 3, "is_registrant": true, "given_name": "C", "gender": "male", "birthdate": "1990-01-01",
      "active": true, "address": "Street 1",
      "reg_ids": [{"id": 6, "id_type": [1, "MOSIP VID"], "value": "333"}]}]
    """

  private static func preload(_ settings: [String: String], _ site: TestSite) -> [String: String] {
    settings.merging([
      "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "KILL_UNDER": site.root,
    ]) { $1 }
  }

  /// How many changes one job makes.
  private static func changes() throws -> Int {
    let site = try site()
    let count = site.folder("count")
    #expect(try site.run(environment: preload(["KILL_COUNT_FILE": count], site)).status == 0)
    return try #require(
      Int(site.folder.read("count").trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  /// One archive that opens, one published row, one verdict, nothing left over.
  private static func expectDoneOnce(_ site: TestSite, _ step: Int) throws {
    #expect(site.archives == ["vid-monthly-00000001.sealed"], "step \(step)")
    #expect(site.folder.names("registry/outbox/mts").count == 4, "step \(step)")
    try expectToldOnce(site, step)
    let status = try JSONDocument(parsing: site.ok("status", "--root", site.root, "--json")).root
      .json
    #expect(status["streams"]?.elements?.first?["archives"]?.integer == 1, "step \(step)")
    #expect(status["drops"]?["accepted"]?.integer == 2, "step \(step)")
    #expect(status["unfinished"]?.integer == 0, "step \(step)")
    #expect(try site.verdict("job.json")["job"]?["sent"]?.integer == 2, "step \(step)")
    #expect(site.folder.names("registry/store/claimed").isEmpty, "step \(step)")
    #expect(site.folder.names("registry/inbox").count == 3, "step \(step)")
    try site.ok(
      "verify", "\(site.root)/outbox/mts/vid-monthly-00000001.sealed", "--root", site.root)
  }

  /// The outbox's ledger is whole, ends where its checkpoint says, and tells of the one archive; so
  /// does the index.
  private static func expectToldOnce(_ site: TestSite, _ step: Int) throws {
    let ledger = try OutboxLedger(site)
    #expect(ledger.checkpoint == ledger.entries.count, "step \(step)")
    #expect(ledger.kinds.count { $0 == "archive" } == 1, "step \(step)")
    #expect(ledger.kinds.count { $0 == "run" } == 1, "step \(step)")
    #expect(ledger.kinds.count { $0 == "drop" } == 2, "step \(step)")
    let index = try JSONDocument(parsing: site.folder.read("registry/outbox/mts/INDEX.json")).root
      .json
    #expect(index["head"]?["sequence"] == 1, "step \(step)")
    #expect(
      index["archives"]?.elements?.first?["digest"]
        == ledger.entries.first { entry in
          entry["kind"] == "archive"
        }?["what"]?["digest"], "step \(step)")
  }

  @Test("A job killed at any step and started again makes exactly one archive")
  func killed() throws {
    let steps = try Self.changes()
    #expect(steps > 30)
    let first = try Self.site()
    for step in 1...steps {
      let site = try TestSite(copying: first)
      let killed = try site.run(environment: Self.preload(["KILL_AT": "\(step)"], site))
      #expect(killed.status == -9, "step \(step)")
      #expect(try site.run().status == 0, "step \(step)")
      try Self.expectDoneOnce(site, step)
    }
  }

  @Test(
    "fault 150: a disk that fails from any step on loses nothing, makes nothing half, and rejects nothing",
    arguments: ["ENOSPC", "EIO"])
  func full(error: String) throws {
    let steps = try Self.changes()
    let first = try Self.site()
    for step in stride(from: 1, through: steps, by: 3) {
      let site = try TestSite(copying: first)
      let settings = ["FAIL_AT": "\(step)", "FAIL_ERRNO": error, "FAIL_STICKY": "1"]
      let failed = try site.run(environment: Self.preload(settings, site))
      #expect([0, 4].contains(failed.status), "step \(step): \(failed.errors)")
      let visible = site.archives
      for archive in visible {
        try site.ok("verify", "\(site.root)/outbox/mts/\(archive)", "--root", site.root)
      }
      let again = try site.run()
      #expect(again.status == 0, "step \(step): \(again.errors)")
      try Self.expectDoneOnce(site, step)
    }
  }

  @Test("A snapshot that is killed while loading leaves the one before in force")
  func snapshotKilled() throws {
    for step in [1, 4, 9, 16, 25, 36, 49] {
      let site = try Self.site()
      try FileManager.default.removeItem(atPath: site.root + "/inbox/job.json")
      try site.drop("[{\"id\": 9, \"is_registrant\": true}]", as: "next.json")
      let killed = try site.run(environment: Self.preload(["KILL_AT": "\(step)"], site))
      #expect([0, -9].contains(killed.status))
      let count = try site.ok("search", "[]", "--count", "--no-active-test", "--root", site.root)
      #expect(["3\n", "1\n"].contains(count), "step \(step)")
      #expect(try site.run().status == 0)
      #expect(try site.ok("search", "[]", "--root", site.root, "--no-active-test") == "9\n")
    }
  }

  @Test("A delta that is killed at any step leaves the snapshot before it, or makes the next one")
  func deltaKilled() throws {
    var kills = 0
    for step in [1, 2, 3, 5, 8, 13, 21, 34, 55, 60, 65, 70, 75, 80] {
      let site = try Self.site()
      try FileManager.default.removeItem(atPath: site.root + "/inbox/job.json")
      let base = try #require(try site.verdict("s.json")["snapshot"]?["digest"]?.text)
      let head =
        #"{"airlock": "snapshot", "version": 1, "kind": "delta", "follows": "\#(base)", "deleted": [{"model": "res.partner", "ids": [1]}]}"#
      try site.drop(head + "\n{\"id\": 4, \"name\": \"D\"}", as: "delta.ndjson")
      let killed = try site.run(environment: Self.preload(["KILL_AT": "\(step)"], site))
      #expect([0, -9].contains(killed.status))
      if killed.status == -9 { kills += 1 }
      let found = try site.ok("search", "[]", "--no-active-test", "--root", site.root)
      #expect(["1\n2\n3\n", "2\n3\n4\n"].contains(found), "step \(step)")
      _ = try site.run()
      #expect(
        try site.ok("search", "[]", "--root", site.root, "--no-active-test") == "2\n3\n4\n",
        "step \(step)")
      #expect(site.folder.names("registry/store/claimed").isEmpty, "step \(step)")
    }
    #expect(kills > 8, "\(kills)")
  }
}
