import Audit
import Fixtures
import Foundation
import JSONText
import Ledger
import Testing

/// The page in a real browser; `chromium` must be there, as `scripts/setup` installs it.
@Suite(.serialized) struct AuditPageTests {
  private static func report() async throws -> AuditReport {
    let outbox = try Outbox(archives: 3)
    try outbox.archive("clinic", day: 4, records: 40, job: "weekly")
    try outbox.retire("mts", 1)
    try outbox.publish()
    return try await outbox.audit()
  }

  private func rows(_ dom: String) -> [(text: String, isHidden: Bool)] {
    dom.components(separatedBy: "<tr role=\"row\" data-to").dropFirst().map { part in
      (part, part.prefix { $0 != ">" }.contains("hidden"))
    }
  }

  @Test func `The script shows the filter, and all rows`() async throws {
    let dom = try Browser(await Self.report()).dom()
    #expect(rows(dom).count == 4 && rows(dom).allSatisfy { !$0.isHidden })
    #expect(dom.contains("4 archives, 46 records</p>"))
    #expect(!dom.contains("<form id=\"filter\" hidden"))
  }

  @Test(arguments: [
    ("#job=weekly", 1, "1 of 4 archives, 40 records"),
    ("#from=2026-01-02&until=2026-01-03", 2, "2 of 4 archives, 4 records"),
    ("#to=mts&job=monthly", 3, "3 of 4 archives, 6 records"),
    ("#to=nobody", 4, "4 archives, 46 records"),
  ])
  func `The filter in the address shows what it asks for`(
    fragment: String, count: Int, words: String
  ) async throws {
    let dom = try Browser(await Self.report()).dom(fragment)
    #expect(rows(dom).filter { !$0.isHidden }.count == count)
    #expect(dom.contains(words))
  }

  @Test func `The page tells what was deleted, and filters it by date`() async throws {
    let outbox = try Outbox(archives: 3)
    for day in 1...3 { try outbox.erase(day: Int64(day), vids: 10 * day) }
    try outbox.checkpoint(day: 3)
    let browser = try Browser(await outbox.audit())
    let dom = try browser.dom("#from=2026-01-03")
    #expect(dom.contains("2 of 3 runs, 50 VIDs</p>") && dom.contains("1 of 3 archives"))
    #expect(dom.components(separatedBy: "data-vids").dropFirst().count == 3)
    #expect(try browser.dom().contains("3 runs, 60 VIDs</p>"))
    #expect(try browser.dom("#job=none").contains("3 runs, 60 VIDs</p>"))
  }

  @Test func `Where nothing left, deletions are filtered all the same`() async throws {
    let outbox = try Outbox(archives: 0)
    for day in 1...2 { try outbox.erase(day: Int64(day), vids: 10 * day) }
    try outbox.checkpoint(day: 2)
    let dom = try Browser(await outbox.audit()).dom("#until=2026-01-02")
    #expect(dom.contains("1 of 2 runs, 10 VIDs</p>") && !dom.contains("<form id=\"filter\" hidden"))
  }

  @Test func `Without its script the page shows all rows`() async throws {
    let html = try Browser(await Self.report()).html
    #expect(rows(html).count == 4 && rows(html).allSatisfy { !$0.isHidden })
    #expect(html.contains("<form id=\"filter\" hidden"))
  }

  @Test func `The page asks for nothing but itself`() async throws {
    let browser = try Browser(await Self.report())
    #expect(browser.html.contains("content=\"default-src 'none'; style-src 'sha256-"))
    for word in ["http:", "https:", "src=", "href=", "url(", "@import", "style=\"", "onclick"] {
      #expect(!browser.html.contains(word), "\(word)")
    }
    #expect(try browser.requests().isEmpty)
    // The control: a page that asks for something is caught.
    let other = try Browser(html: "<!doctype html><img src=\"http://page.invalid/x.png\">")
    #expect(try other.requests().contains("http://page.invalid/x.png"))
  }

  @Test func `The picture of the page is not empty`() async throws {
    let picture = try Browser(await Self.report()).picture()
    #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]) && picture.count > 20_000)
  }

  static let hostile = "<script>alert(1)</script>\"'=cmd()&\u{202E}\u{1B}[2J"

  @Test func `fault 55: what a forger writes into a ledger stays text in the page`() async throws {
    let outbox = try Outbox(archives: 1)
    try outbox.archive(records: 9) {
      // All else has a form that leaves no room for it.
      ($0.fields, $0.file) = ([Self.hostile], Self.hostile)
    }
    try outbox.checkpoint()
    let browser = try Browser(await outbox.audit())
    let dom = try browser.dom()
    #expect(browser.html.components(separatedBy: "<script>").count == 2)
    #expect(dom.components(separatedBy: "<script>").count == 2)
    #expect(dom.contains("&lt;script&gt;alert(1)&lt;/script&gt;\"'=cmd()&amp;\\u{202e}\\u{1b}[2J"))
    #expect(rows(dom).count == 2)
  }

  @Test func `A page without archives is whole`() async throws {
    let empty = try Browser(await Outbox(archives: 0).audit())
    #expect(try empty.dom().contains("<h1>Sound</h1>"))
    #expect(empty.html.hasSuffix("</html>\n"))
  }

  @Test func `The report as JSON is what its schema says`() async throws {
    let (schema, outbox) = (try Schema("audit"), try Outbox(archives: 2))
    #expect(try schema.accepts(await outbox.audit().json))
    try outbox.flip("mts/monthly-00000001.sealed")
    let json = try await outbox.audit(days: 90).json
    #expect(try schema.accepts(json), "\(json.pretty())")
    #expect(json["verdict"] == "not_sound" && json["exit_status"] == 3)
    #expect(try !schema.accepts(["airlock": "audit", "version": 1]))
  }
}
