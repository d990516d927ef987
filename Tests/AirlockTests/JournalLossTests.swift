import Fixtures
import Foundation
import JSONText
import Testing

/// A journal that was lost or restored, after its archives were collected.
struct JournalLossTests {
  private static let everyone: (String, JSON) = ("filter", [["is_registrant", "=", true]])

  private static func site() throws -> TestSite {
    let site = try TestSite()
    try site.drop(CrashTests.snapshot, as: "s.json")
    try site.drop(jobs: [everyone], as: "a.json")
    try #require(site.run().status == 0)
    return site
  }

  private func collect(_ site: TestSite) throws {
    for name in site.folder.names("registry/outbox/mts") {
      try FileManager.default.removeItem(atPath: site.root + "/outbox/mts/" + name)
    }
  }

  private func journal(_ site: TestSite, _ body: (URL) throws -> Void) rethrows {
    for ending in ["", "-wal", "-shm"] {
      try body(URL(fileURLWithPath: site.root + "/store/journal.sqlite" + ending))
    }
  }

  @Test("fault 77: a journal that is gone stops the site, and no number is given again")
  func lost() throws {
    let site = try Self.site()
    try collect(site)
    journal(site) { try? FileManager.default.removeItem(at: $0) }
    try site.drop(jobs: [Self.everyone, ("note", "again")], as: "b.json")
    let result = try site.run()
    #expect(result.status == 4 && result.errors.contains("journal.sqlite is gone"))
    #expect(site.archives.isEmpty)
  }

  @Test("fault 77: a journal from a backup stops jobs, also when the outbox is empty")
  func restored() throws {
    let site = try Self.site()
    let backup = site.folder("backup")
    try FileManager.default.createDirectory(atPath: backup, withIntermediateDirectories: true)
    func copy(_ from: URL, _ to: URL) {
      try? FileManager.default.removeItem(at: to)
      try? FileManager.default.copyItem(at: from, to: to)
    }
    journal(site) { copy($0, URL(fileURLWithPath: backup + "/" + $0.lastPathComponent)) }
    try site.drop(
      jobs: [Self.everyone, ("resend", ["rule": "always"]), ("note", "second")], as: "b.json")
    try #require(site.run().status == 0 && site.archives.count == 2)
    try collect(site)
    journal(site) { copy(URL(fileURLWithPath: backup + "/" + $0.lastPathComponent), $0) }
    try site.drop(
      jobs: [Self.everyone, ("resend", ["rule": "always"]), ("note", "third")], as: "c.json")
    let result = try site.run()
    #expect(result.status == 4 && result.errors.contains("knows only 1"))
    #expect(site.archives.isEmpty)
  }

  @Test("fault 63: a machine set back to an earlier day is told by the outbox's own ledger")
  func setBack() throws {
    let site = try Self.site()
    let (store, backup) = (site.root + "/store", site.folder("backup"))
    try Tool.run("cp", ["-a", store, backup])
    try site.drop(
      jobs: [Self.everyone, ("resend", ["rule": "always"]), ("note", "second")], as: "b.json")
    try #require(site.run().status == 0 && site.archives.count == 2)
    try collect(site)
    // The journal and all that lies beside it, the marks of numbers among them.
    try FileManager.default.removeItem(atPath: store)
    try Tool.run("cp", ["-a", backup, store])
    try site.drop(
      jobs: [Self.everyone, ("resend", ["rule": "always"]), ("note", "third")], as: "c.json")
    let result = try site.run()
    #expect(result.status == 4 && result.errors.contains("restored or lost"))
    #expect(site.archives.isEmpty, "no number is given twice")
  }

  @Test("fault 60: a stream cannot begin anew at 1, whatever of the store is lost")
  func restarted() throws {
    let losses: [(String, [String])] = [
      ("journal", ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"]),
      (
        "store",
        [
          "journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "streams",
          "snapshot.sqlite", "hash.key", "sent",
        ]
      ),
    ]
    for (what, names) in losses {
      let site = try Self.site()
      try collect(site)
      for name in names {
        try? FileManager.default.removeItem(atPath: "\(site.root)/store/\(name)")
      }
      try site.drop(CrashTests.snapshot.replacing("Street 1", with: "Street 2"), as: "t.json")
      try site.drop(jobs: [Self.everyone, ("note", "again")], as: "b.json")
      let result = try site.run()
      #expect(result.status == 4, "\(what): \(result.errors)")
      #expect(site.archives.isEmpty, "\(what)")
    }
  }

  @Test("fault 43: a VID with white space, or with what nobody sees, is sent for nobody")
  func oddVIDs() throws {
    let site = try TestSite()
    let odd = ["333 ", " 333", "33\\u200b3", "333\\n", "３３３"]
    for (number, vid) in odd.enumerated() {
      let text = CrashTests.snapshot.replacing("\"333\"", with: "\"\(vid)\"")
      try site.drop(text, as: "s\(number).json")
      try #require(site.run().status == 0, "\(number)")
      try site.drop(
        jobs: [Self.everyone, ("resend", ["rule": "always"]), ("note", .string("\(number)"))],
        as: "j\(number).json")
      #expect(try site.run().status == 0)
      let job = try site.verdict("j\(number).json")["job"]
      #expect(job?["sent"] == 1 && job?["left_out"]?["odd_vid"] == 1, "\(number)")
    }
  }
}
