import Fixtures
import Foundation
import JSONText
import Testing

/// Old signed files in the hands of whoever can write to the inbox.
struct ReplayTests {
  private static let stop =
    #"{"airlock": "job", "version": 1, "name": "vid-monthly", "stop": true}"#

  /// A site with registrants in force, where a job must be signed by the head office.
  private static func office() throws -> HeadOffice {
    let office = try HeadOffice()
    try office.site.drop(CrashTests.snapshot, as: "s.json")
    try #require(office.site.run().status == 0)
    try office.trust("job", ["head-office"])
    return office
  }

  private static func job(_ minutes: Int?, in office: HeadOffice, as name: String) throws -> String
  {
    let filter: (String, JSON) = ("filter", [["is_registrant", "=", true]])
    let schedule: JSON = ["type": "recurring", "interval_minutes": .count(minutes ?? 0)]
    let always: (String, JSON) = ("resend", ["rule": "always"])
    try office.site.drop(
      jobs: [filter, always] + (minutes == nil ? [] : [("schedule", schedule)]), as: name)
    try office.sign(name)
    return try office.site.folder.read("registry/inbox/" + name)
  }

  @Test(
    "An old version of a recurring job, and of a one-time job, is held, and runs when released",
    arguments: [60, nil])
  func oldVersion(minutes: Int?) throws {
    let office = try Self.office()
    let old = try Self.job(minutes, in: office, as: "a.json")
    #expect(try office.site.run().status == 0)
    _ = try Self.job(1_440, in: office, as: "b.json")
    #expect(try office.site.run().status == 0)
    let before = office.site.archives
    try office.drop(old, signed: true, as: "c.json")
    #expect(try office.site.run().status == 1)
    #expect(try office.outcome("c.json") == "quarantined replayed")
    #expect(office.site.archives == before)
    #expect(try office.site.job()["version"] == 2)
    try office.site.ok("release", "c.json", "--root", office.site.root)
    #expect(try office.site.run().status == 0)
    #expect(try office.site.job()["version"] == 3)
  }

  @Test("A job that was stopped is not started by its old manifest, nor stopped by an old stop")
  func stopped() throws {
    let office = try Self.office()
    let old = try Self.job(60, in: office, as: "a.json")
    #expect(try office.site.run().status == 0)
    try office.drop(Self.stop, signed: true, as: "stop.json")
    #expect(try office.site.run().status == 0)
    try office.drop(old, signed: true, as: "b.json")
    #expect(try office.site.run().status == 1)
    #expect(try office.outcome("b.json") == "quarantined replayed")
    _ = try Self.job(120, in: office, as: "c.json")
    #expect(try office.site.run().status == 0)
    try office.drop(Self.stop, signed: true, as: "stop2.json")
    #expect(try office.site.run().status == 1)
    #expect(try office.outcome("stop2.json") == "quarantined replayed")
    #expect(try office.site.job()["state"] == "started")
  }

  @Test("An older snapshot without a time is held where a signature is required, and only there")
  func snapshot() throws {
    for (need, outcome) in [("required", "quarantined replayed"), ("optional", "accepted ")] {
      let office = try HeadOffice()
      try office.trust("snapshot", ["head-office"], need: need)
      for (name, id) in [("a.json", 1), ("b.json", 2), ("c.json", 1)] {
        try office.drop("[{\"id\": \(id), \"is_registrant\": true}]", signed: true, as: name)
        _ = try office.site.run()
      }
      #expect(try office.outcome("c.json") == outcome)
      let inForce = try office.site.ok("search", "[]", "--root", office.site.root)
      #expect(inForce == (need == "required" ? "2\n" : "1\n"))
    }
  }

  @Test("The bytes that are in force are answered as a duplicate, signed as they are")
  func current() throws {
    let office = try Self.office()
    let text = try Self.job(60, in: office, as: "a.json")
    #expect(try office.site.run().status == 0)
    try office.drop(text, signed: true, as: "b.json")
    #expect(try office.site.run().status == 0)
    #expect(try office.outcome("b.json") == "duplicate duplicate")
  }
}
