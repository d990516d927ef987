import Files
import Fixtures
import Foundation
import JSONText
import Testing

/// A site that an earlier version left, with work in flight.
struct UpgradeTests {
  /// Takes out of a journal what its third version added.
  private static let downgrade = """
    DROP TABLE ledger; DROP TABLE receipts; DROP TABLE known; DROP TABLE known_keys;
    CREATE TABLE archives_2 (
      stream TEXT NOT NULL, sequence INTEGER NOT NULL CHECK (sequence > 0),
      drop_id INTEGER NOT NULL UNIQUE REFERENCES drops(id), job TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('reserved', 'staged', 'published')), previous TEXT,
      digest TEXT, bytes INTEGER, records INTEGER, deadline INTEGER,
      PRIMARY KEY (stream, sequence)) STRICT, WITHOUT ROWID;
    INSERT INTO archives_2 SELECT stream, sequence, drop_id, job, state, previous, digest, bytes,
      records, deadline FROM archives;
    DROP TABLE archives; ALTER TABLE archives_2 RENAME TO archives;
    DELETE FROM grdb_migrations WHERE identifier LIKE '3:%';
    """

  private func sql(_ text: String, _ site: TestSite) throws -> String {
    let result = try Tool.run("sqlite3", [site.root + "/store/journal.sqlite", text])
    try #require(result.status == 0, "\(result.errors)")
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// One archive published, and a second one staged: what shows it stands in the way.
  private func inFlight() throws -> TestSite {
    let site = try LedgerCommandTests.site()
    let ledger = site.root + "/outbox/LEDGER"
    try FileManager.default.removeItem(atPath: ledger)
    let inTheWay = ledger + "/00000001.ndjson/in-the-way"
    try FileManager.default.createDirectory(atPath: inTheWay, withIntermediateDirectories: true)
    try site.drop(
      job: ("filter", [["is_registrant", "=", true]]), ("resend", ["rule": "always"]),
      as: "second.json")
    #expect(try site.run().status == 4)
    #expect(site.archives.count == 1)
    #expect(try sql("SELECT group_concat(state) FROM archives", site) == "published,staged")
    try FileManager.default.removeItem(atPath: ledger)
    return site
  }

  @Test(
    "fault 95: a journal of the version before, with a staged archive, is migrated and finished")
  func upgrade() throws {
    let site = try inFlight()
    for name in ["INDEX.json", "INDEX.json.minisig"] {
      try FileManager.default.removeItem(atPath: "\(site.root)/outbox/mts/\(name)")
    }
    _ = try sql(Self.downgrade, site)
    #expect(try site.run().status == 0)
    #expect(site.archives == [1, 2].map { "vid-monthly-0000000\($0).sealed" })
    for archive in site.archives {
      try site.ok("verify", "\(site.root)/outbox/mts/\(archive)", "--root", site.root)
    }
    let ledger = try OutboxLedger(site)
    #expect(ledger.kinds.prefix(5) == ["site", "run", "run", "archive", "archive"])
    let told = ledger.told("archive")
    #expect(told.map { $0["sequence"] } == [1, 2])
    #expect(told.allSatisfy { $0["recipients"]?.elements?.first?["name"] == "mts" })
    #expect(told.last?["previous"] == told.first?["digest"])
    let index = try JSONDocument(parsing: site.folder.read("registry/outbox/mts/INDEX.json")).root
    #expect(index.json["archives"]?.elements?.map { $0["digest"] } == told.map { $0["digest"] })
  }

  @Test("An archive that was staged when its disk failed is shown later, and its number not lost")
  func kept() throws {
    let site = try inFlight()
    #expect(try site.run().status == 0)
    #expect(site.archives.count == 2)
    #expect(try site.verdict("second.json")["outcome"] == "accepted")
  }

  @Test("fault 95: a journal that is newer than the program is refused, and nothing is touched")
  func downgrade() throws {
    let site = try LedgerCommandTests.site()
    _ = try sql("INSERT INTO grdb_migrations VALUES ('4: from the future')", site)
    try site.drop(CrashTests.snapshot, as: "t.json")
    let result = try site.run()
    #expect(result.status == 4 && result.errors.contains("newer version"))
    #expect(site.folder.names("registry/inbox").contains("t.json"))
  }

  @Test("A journal of the version before whose archives were collected is told by what it knows")
  func collected() throws {
    let site = try LedgerCommandTests.site()
    try FileManager.default.removeItem(atPath: site.root + "/outbox/LEDGER")
    let box = site.root + "/outbox/mts/"
    for name in try FileManager.default.contentsOfDirectory(atPath: box) {
      try FileManager.default.removeItem(atPath: box + name)
    }
    _ = try sql(Self.downgrade, site)
    #expect(try site.run().status == 0)
    let told = try #require(try OutboxLedger(site).told("archive").first)
    #expect(told["records"] == 2 && told["recipients"] == [] && told["snapshot"]?.text != nil)
    #expect(site.folder.names("registry/outbox/mts") == ["INDEX.json", "INDEX.json.minisig"])
  }
}
