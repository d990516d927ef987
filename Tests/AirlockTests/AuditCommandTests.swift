import Fixtures
import Foundation
import JSONText
import Testing

/// The audit of what the program itself left in an outbox.
struct AuditCommandTests {
  /// Two jobs; the first archive was acknowledged, and left by retention.
  private func site() throws -> TestSite {
    let site = try LedgerCommandTests.site()
    try site.policy(("retention", ["outbox_days": 0]))
    try LedgerCommandTests.dropReceipt(site)
    try #require(site.run().status == 0)
    try site.drop(
      job: ("name", "second"), ("filter", [["is_registrant", "=", true]]),
      ("resend", ["rule": "always"]))
    try #require(site.run().status == 0)
    try #require(site.archives == ["second-00000002.sealed"])
    return site
  }

  private func audit(_ site: TestSite) throws -> (Int32, JSON) {
    let result = try TestSite.airlock(["audit", "--root", site.root, "--json"])
    return (result.status, try JSONDocument(parsing: result.output).root.json)
  }

  @Test("fault 60: what a site leaves is sound; what is taken, changed or added there is told")
  func audit() throws {
    let first = try site()
    let (status, report) = try audit(first)
    #expect(status == 0 && report["verdict"] == "sound", "\(report["details"] ?? .null)")
    let states = report["archives"]?.elements?.map { $0["state"]?.text }
    #expect(states == ["retired", "here"])
    let archive = "outbox/mts/second-00000002.sealed"
    let rows: [(Int32, String, (String) throws -> Void)] = [
      (11, "missing", { for end in ["", ".minisig"] { try Self.remove($0 + archive + end) } }),
      (3, "altered", { try Self.flip($0 + archive) }),
      (12, "extra", { try Data("x".utf8).write(to: URL(filePath: $0 + "outbox/mts/x.csv")) }),
      (15, "index", { try Self.flip($0 + "outbox/mts/INDEX.json") }),
      (16, "ledger", { try Self.flip($0 + "outbox/LEDGER/00000001.ndjson") }),
    ]
    for (status, name, harm) in rows {
      let site = try TestSite(copying: first)
      try harm(site.root + "/")
      let (found, report) = try audit(site)
      let kinds = report["findings"]?.elements?.map { $0["class"]?.text } ?? []
      #expect(found == status && kinds.first == name, "\(name): \(kinds)")
    }
  }

  private static func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
  }

  private static func flip(_ path: String) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: path))
  }
}
