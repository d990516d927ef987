import Fixtures
import Foundation
import JSONText
import Testing

/// The bounds of a site policy, at the job that goes beyond them.
struct PolicyLimitTests {
  /// Three registrants, two of them with VIDs, and the policy's stream with one member more.
  private static func site(_ bound: (String, JSON)) throws -> TestSite {
    let site = try TestSite()
    try site.drop(CrashTests.snapshot, as: "s.json")
    try #require(site.run().status == 0)
    let text = try site.folder.read("registry/policies/site.json")
    let policy = try JSONDocument(parsing: text).root.json
    guard case .object(var stream) = try #require(policy["streams"]?["mts"]) else { return site }
    stream.append(JSON.Member(bound.0, bound.1))
    try site.policy(("streams", ["mts": .object(stream)]))
    return site
  }

  private static let everyRegistrant: (String, JSON) = ("filter", [["is_registrant", "=", true]])

  private func reason(_ site: TestSite, _ name: String = "job.json") throws -> String? {
    try site.verdict(name)["reason"]?["code"]?.text
  }

  @Test("A job that matches fewer than the smallest group is refused, and the number is not said")
  func smallestGroup() throws {
    for (bound, status) in [(3, 0), (4, 1)] as [(Int64, Int32)] {
      let site = try Self.site(("smallest_group", .int(bound)))
      try site.drop(jobs: [Self.everyRegistrant])
      #expect(try site.run().status == status, "\(bound)")
      #expect(site.archives.count == (status == 0 ? 1 : 0))
      guard status == 1 else { continue }
      #expect(try reason(site) == "group_too_small")
      #expect(try site.verdict("job.json")["job"] == nil)
    }
  }

  @Test("The group is all who match, and not how many the job's limit lets out")
  func groupBeyondLimit() throws {
    let site = try Self.site(("smallest_group", 3))
    try site.drop(jobs: [Self.everyRegistrant, ("limit", 1)])
    #expect(try site.run().status == 0)
    #expect(try site.verdict("job.json")["job"]?["sent"] == 1)
  }

  @Test("What left in the last day counts against the day's bound")
  func recordsPerDay() throws {
    let site = try Self.site(("records_per_day", 3))
    let always: (String, JSON) = ("resend", ["rule": "always"])
    try site.drop(jobs: [Self.everyRegistrant, always])
    #expect(try site.run().status == 0)
    try site.drop(jobs: [Self.everyRegistrant, always, ("note", "again")], as: "b.json")
    #expect(try site.run().status == 1)
    #expect(try reason(site, "b.json") == "too_many_records_today")
    #expect(site.archives.count == 1)
    try site.drop(jobs: [Self.everyRegistrant, always, ("note", "tomorrow")], as: "c.json")
    #expect(try site.run(after: 86_500).status == 0)
    #expect(site.archives.count == 2)
  }

  @Test("One record more than a job may send is refused whole")
  func recordsPerJob() throws {
    let site = try Self.site(("records_per_job", 1))
    try site.drop(jobs: [Self.everyRegistrant])
    #expect(try site.run().status == 1)
    #expect(try reason(site) == "too_many_records")
    #expect(site.archives.isEmpty)
  }

  @Test("A stream that takes registrants only sends no submissions")
  func input() throws {
    let site = try Self.site(("input", ["registry"]))
    let mapping: JSON = [
      "vid": "demo.vid", "name": ["demo.name"], "gender": "demo.gender", "dob": "demo.dob",
      "fullAddress": ["demo.town"],
    ]
    try site.drop(jobs: [
      ("input", ["type": "odk"]), ("fields", ["demo.name"]), ("mts", ["mapping": mapping]),
    ])
    #expect(try site.run().status == 1)
    let codes = try site.verdict("job.json")["faults"]?.elements?.compactMap { $0["code"]?.text }
    #expect(codes?.contains("input_not_allowed") == true)
    #expect(codes?.filter { $0 == "field_not_allowed" }.count == 5, "all are told at once")
  }

  @Test("A nested record beyond the depth, and a line beyond its bytes, are refused")
  func intake() throws {
    let site = try TestSite()
    try site.policy(("intake", ["depth": 4, "line_bytes": 1024, "quiet_milliseconds": 0]))
    try site.drop(#"[{"id": 1, "is_registrant": true, "x": [[[[1]]]]}]"#, as: "deep.json")
    try site.drop(
      "{\"id\": 1, \"is_group\": false, \"name\": \"\(String(repeating: "a", count: 1100))\"}",
      as: "long.json")
    #expect(try site.run().status == 1)
    #expect(try reason(site, "deep.json") == "too_deep")
    #expect(try reason(site, "long.json") == "too_large")
  }
}
