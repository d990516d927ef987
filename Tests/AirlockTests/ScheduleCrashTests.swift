import Fixtures
import Foundation
import JSONText
import Testing

/// The process is killed before each change that it makes while a job of the schedule is taken in
/// or run.
struct ScheduleCrashTests {
  private static let changes: [(String, JSON)] = [
    ("filter", [["is_registrant", "=", true]]), ("resend", ["rule": "always"]),
    ("schedule", ["type": "recurring", "interval_minutes": 60]),
  ]

  private static func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop(CrashTests.snapshot, as: "s.json")
    try #require(site.run().status == 0)
    try site.drop(jobs: changes)
    return site
  }

  private static func count(_ site: TestSite, after seconds: Int) throws -> Int {
    let count = site.folder("count")
    let settings = ["KILL_COUNT_FILE": count, "KILL_UNDER": site.root]
    #expect(try site.run(after: seconds, settings).status == 0)
    return try #require(
      Int(site.folder.read("count").trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  /// One archive, one verdict, one row of lineage and one mark of each VID for each of the runs.
  private static func expect(runs: Int, _ site: TestSite, _ step: Int) throws {
    #expect(site.archives.count == runs, "step \(step)")
    let verdicts = site.folder.names("registry/inbox/accepted")
      .filter { $0.hasPrefix("vid-monthly-2") }
    #expect(verdicts.count == runs, "step \(step)")
    let job = try site.job()
    #expect(job["runs"]?.integer == Int64(runs) && job["state"] == "started", "step \(step)")
    #expect(job["version"] == 1 && job["failed"] == 0 && job["skipped"] == 0, "step \(step)")
    let sql = """
      SELECT (SELECT count(*) FROM sent_vids), (SELECT count(*) FROM runs),
        (SELECT count(*) FROM archives WHERE state = 'published'),
        (SELECT count(*) FROM drops WHERE origin = 'schedule' AND state = 'reported')
      """
    let rows = try Tool.run("sqlite3", [site.root + "/store/journal.sqlite", sql])
    #expect(rows.output == "\(2 * runs)|\(runs)|\(runs)|\(runs)\n", "step \(step)")
    #expect(site.folder.names("registry/store/claimed").isEmpty, "step \(step)")
    #expect(site.folder.names("registry/store/jobs") == ["vid-monthly.1.json"], "step \(step)")
    for archive in site.archives {
      try site.ok("verify", "\(site.root)/outbox/mts/\(archive)", "--root", site.root)
    }
  }

  @Test("A scheduled run that is killed at any step makes exactly one archive, and one row a VID")
  func scheduledRun() throws {
    let first = try Self.site()
    try #require(first.run().status == 0)
    let steps = try Self.count(TestSite(copying: first), after: 3_700)
    #expect(steps > 30)
    for step in 1...steps {
      let site = try TestSite(copying: first)
      let killed = try site.run(after: 3_700, ["KILL_AT": "\(step)", "KILL_UNDER": site.root])
      #expect(killed.status == -9, "step \(step)")
      #expect(try site.run(after: 3_710).status == 0, "step \(step)")
      try Self.expect(runs: 2, site, step)
    }
  }

  @Test("A recurring manifest that is killed at any step of its intake becomes one job")
  func intake() throws {
    let first = try Self.site()
    let steps = try Self.count(TestSite(copying: first), after: 0)
    // The later half is the first run, which is the same as any.
    for step in 1...(steps / 2) {
      let site = try TestSite(copying: first)
      let killed = try site.run(after: 0, ["KILL_AT": "\(step)", "KILL_UNDER": site.root])
      #expect(killed.status == -9, "step \(step)")
      #expect(try site.run(after: 10).status == 0, "step \(step)")
      try Self.expect(runs: 1, site, step)
    }
  }

  @Test("A disk that is full when a run is due costs a delay or a rejected run, never a double one")
  func full() throws {
    let first = try Self.site()
    try #require(first.run().status == 0)
    let steps = try Self.count(TestSite(copying: first), after: 3_700)
    for step in stride(from: 1, through: steps, by: 4) {
      let site = try TestSite(copying: first)
      let settings = [
        "FAIL_AT": "\(step)", "FAIL_ERRNO": "ENOSPC", "FAIL_STICKY": "1", "KILL_UNDER": site.root,
      ]
      #expect([0, 1, 4].contains(try site.run(after: 3_700, settings).status), "step \(step)")
      #expect([0, 1].contains(try site.run(after: 3_710).status), "step \(step)")
      let job = try site.job()
      #expect(job["state"] == "started", "step \(step)")
      let failed = job["failed"]?.integer ?? 0
      #expect(job["runs"]?.integer == 2 - failed, "step \(step)")
      #expect(site.archives.count == 2 - Int(failed), "step \(step)")
    }
  }
}
