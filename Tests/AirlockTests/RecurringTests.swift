import Fixtures
import Foundation
import JSONText
import Testing

/// Jobs over time: the program is run at moments that the tests choose.
struct RecurringTests {
  private static let minute = 60
  private static let hourly: JSON = ["type": "recurring", "interval_minutes": 60]
  private static let always: JSON = ["rule": "always"]

  /// A site with three registrants in force, two of them with a VID.
  private static func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop(CrashTests.snapshot, as: "s.json")
    try #require(site.run().status == 0)
    return site
  }

  private static let filter: (String, JSON) = ("filter", [["is_registrant", "=", true]])

  /// A site with an hourly job, which had its first run.
  private static func hourlySite(_ more: (String, JSON)...) throws -> TestSite {
    let site = try site()
    try site.drop(jobs: [filter, ("schedule", hourly), ("resend", always)] + more)
    #expect(try site.run().status == 0)
    return site
  }

  @Test("A recurring job runs at once, then when its time comes and not before")
  func onTime() throws {
    let site = try Self.hourlySite()
    let taken = try site.verdict("job.json")["job"]
    #expect(taken?["state"] == "started" && taken?["interval_minutes"] == 60)
    #expect(site.archives.count == 1)
    for (minutes, archives) in [(30, 1), (59, 1), (61, 2), (62, 2), (121, 3)] {
      #expect(try site.run(after: minutes * Self.minute).status == 0)
      #expect(site.archives.count == archives, "after \(minutes) minutes")
    }
    let job = try site.job()
    #expect(job["state"] == "started" && job["runs"] == 3 && job["skipped"] == 0)
    let verdicts = site.folder.names("registry/inbox/accepted").filter {
      $0.hasPrefix("vid-monthly-2")
    }
    #expect(verdicts.count == 3, "each run has its verdict")
    #expect(site.folder.names("registry/store/jobs") == ["vid-monthly.1.json"])
  }

  @Test("After a pause there is one run, and its verdict counts the slots that were missed")
  func pause() throws {
    let site = try Self.hourlySite()
    #expect(try site.run(after: 10 * 3_600 + 60).status == 0)
    #expect(site.archives.count == 2)
    let last = try #require(
      site.folder.names("registry/inbox/accepted").last { $0.hasPrefix("vid-monthly-2") })
    let verdict = try site.verdict(String(last.dropLast(".verdict.json".count)))
    #expect(verdict["job"]?["skipped"] == 9)
    #expect(verdict["job"]?["runs"] == 2)
  }

  @Test(
    "faults 20, 62: a clock that jumps and comes back loses and doubles nothing",
    arguments: [-3_600, -86_400, -10 * 31_536_000, 10 * 31_536_000, -1_700_000_000])
  func jumps(by jump: Int) throws {
    let site = try Self.hourlySite()
    #expect(try site.run(after: jump).status == 0)
    let during = site.archives.count
    #expect((1...2).contains(during))
    #expect(try site.run(after: jump + 60).status == 0)
    #expect(site.archives.count == during, "one run at most")
    #expect(try site.run(after: 60).status == 0)
    #expect(site.archives.count == during, "the slot had its run")
    #expect(try site.run(after: 3_660).status == 0)
    #expect(site.archives.count == during + 1, "and the next one comes")
  }

  @Test("A stopped job runs no more, and the verdict says how many runs it had")
  func stop() throws {
    let site = try Self.hourlySite()
    #expect(try site.run(after: 3_700).status == 0)
    for name in ["stop.json", "stop-again.json"] {
      try site.drop(Self.stopping, as: name)
      #expect(try site.run(after: 3_800).status == 0)
      #expect(try site.verdict(name)["job"]?["runs"] == 2)
      #expect(try site.verdict(name)["job"]?["state"] == "completed")
    }
    #expect(try site.run(after: 90_000).status == 0)
    #expect(site.archives.count == 2)
    #expect(site.folder.names("registry/store/jobs").isEmpty, "the manifest is not kept")
    // The same bytes again start it again: they are no duplicate of what is not in force.
    try site.drop(jobs: [Self.filter, ("schedule", Self.hourly), ("resend", Self.always)])
    #expect(try site.run(after: 90_100).status == 0)
    #expect(site.archives.count == 3)
  }

  private static let stopping =
    #"{"airlock": "job", "version": 1, "name": "vid-monthly", "stop": true}"#

  @Test("A job that nobody knows cannot be stopped")
  func stopUnknown() throws {
    let site = try Self.site()
    try site.drop(Self.stopping, as: "stop.json")
    #expect(try site.run().status == 1)
    #expect(try site.verdict("stop.json")["reason"]?["code"] == "unknown_job")
  }

  @Test("fault 21: a new version replaces the schedule, and says so")
  func newVersion() throws {
    let site = try Self.hourlySite()
    let daily: JSON = ["type": "recurring", "interval_minutes": 1_440]
    try site.drop(
      jobs: [Self.filter, ("schedule", daily), ("resend", Self.always)], as: "next.json")
    #expect(try site.run(after: 60).status == 0)
    let verdict = try site.verdict("next.json")
    #expect(verdict["warnings"]?.elements?.first?["code"] == "new_version")
    #expect(verdict["job"]?["version"] == 2)
    #expect(site.archives.count == 2, "it runs at once")
    #expect(try site.run(after: 7_200).status == 0)
    #expect(site.archives.count == 2, "the hourly schedule is gone")
    #expect(site.folder.names("registry/store/jobs") == ["vid-monthly.2.json"])
  }

  @Test("A job that may not run yet waits as a draft, and is completed by its run")
  func notBefore() throws {
    let site = try Self.site()
    try site.drop(jobs: [Self.filter, ("not_before", Self.time(in: 3_600))])
    #expect(try site.run().status == 0)
    #expect(try site.job()["state"] == "draft")
    #expect(try site.run(after: 3_500).status == 0)
    #expect(site.archives.isEmpty)
    #expect(try site.run(after: 3_700).status == 0)
    #expect(site.archives.count == 1)
    #expect(try site.job()["state"] == "completed")
    #expect(site.folder.names("registry/store/jobs").isEmpty)
    #expect(try site.run(after: 90_000).output == "nothing to do\n")
  }

  @Test("A run of a one-time job that failed can be retried, once")
  func retriedRun() throws {
    let site = try Self.site()
    try site.drop(jobs: [Self.filter, ("not_before", Self.time(in: 3_600))])
    #expect(try site.run().status == 0)
    let policy = try site.folder.read("registry/policies/site.json")
    try site.folder.write("{}", as: "registry/policies/site.json")
    #expect(try site.run(after: 3_700).status == 1)
    try site.folder.write(policy, as: "registry/policies/site.json")
    #expect(try site.ok("status", "--root", site.root).contains("FAILED"))
    let held = try #require(
      site.folder.names("registry/inbox/rejected").first { !$0.hasSuffix(".verdict.json") })
    let bytes = try site.folder.read("registry/inbox/rejected/" + held)
    try site.ok("retry", held, "--root", site.root)
    #expect(try site.run(after: 3_800).status == 0)
    #expect(site.archives.count == 1)
    try site.drop(bytes, as: "again.json")
    #expect(try site.run(after: 3_900).status == 0)
    #expect(try site.verdict("again.json")["outcome"] == "duplicate")
    #expect(site.archives.count == 1)
  }

  @Test("A job that has expired is refused, also when it waited for its start")
  func expires() throws {
    let site = try Self.site()
    try site.drop(jobs: [Self.filter, ("expires", Self.time(in: -10))], as: "old.json")
    #expect(try site.run().status == 1)
    #expect(try site.verdict("old.json")["reason"]?["code"] == "expired")
    try site.drop(
      jobs: [
        Self.filter, ("not_before", Self.time(in: 3_600)), ("expires", Self.time(in: 7_200)),
      ])
    #expect(try site.run().status == 0)
    #expect(try site.run(after: 8_000).status == 1)
    #expect(site.archives.isEmpty)
    #expect(try site.job()["state"] == "completed")
  }

  @Test("A run that the policy no longer allows is rejected, and the job goes on")
  func failingRun() throws {
    let site = try Self.hourlySite()
    let policy = try site.folder.read("registry/policies/site.json")
    try site.folder.write("{}", as: "registry/policies/site.json")
    #expect(try site.run(after: 3_700).status == 1)
    #expect(try site.run(after: 7_300).status == 1)
    #expect(site.archives.count == 1)
    let held = site.folder.names("registry/inbox/rejected")
    #expect(
      held.count == 2 && held.allSatisfy { $0.hasSuffix(".verdict.json") }, "no copies pile up")
    try site.folder.write(policy, as: "registry/policies/site.json")
    #expect(try site.job()["state"] == "started")
    #expect(try site.job()["failed"] == 2)
    #expect(try site.run(after: 11_000).status == 0)
    #expect(site.archives.count == 2)
  }

  static func time(in seconds: Int) -> JSON {
    .string(Date(timeIntervalSinceNow: Double(seconds)).formatted(.iso8601))
  }
}

extension TestSite {
  /// One pass at a moment so many seconds from now.
  func run(after seconds: Int, _ environment: [String: String] = [:]) throws -> Tool.Result {
    try run(
      environment: environment.merging([
        "LD_PRELOAD": TestSite.products + "/libKillSwitch.so", "CLOCK_SHIFT": "\(seconds)",
      ]) { $1 })
  }

  /// The only job, as `status` shows it.
  func job() throws -> JSON {
    let status = try JSONDocument(parsing: ok("status", "--root", root, "--json")).root.json
    return try #require(status["jobs"]?.elements?.first)
  }
}
