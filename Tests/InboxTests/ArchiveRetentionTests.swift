import Archives
import Faults
import Files
import Fixtures
import Foundation
import JSONText
import Jobs
import Keys
import Ledger
import Secrets
import Store
import Testing

/// How archives leave the outbox, and when they are missed.
struct ArchiveRetentionTests {
  private let office: PostOffice

  init() throws {
    office = try PostOffice(retention: #"{"outbox_days": 2, "sent_days": 3, "overdue_days": 5}"#)
    for job in ["a", "b", "c"] { try office.send(job) }
  }

  private func collect(_ job: String, _ sequence: Int64) throws {
    let document = try office.receipt(office.archive(job, sequence))
    #expect(try office.answer(document, as: "\(job)-r.json") == "accepted")
  }

  private func names(_ folder: String) -> [String] {
    office.folder.names("site/" + folder).filter { $0.contains("sealed") }
  }

  private func export(_ sequence: Int64) throws -> [UInt8] {
    let target = try Folder(path: office.folder("again\(sequence)"), create: 0o755)
    let (_, name) = try ArchiveExport(office.site).write("mts", sequence, into: target)
    let archive = try UnverifiedArchive(name, in: target).verified(by: office.signer.card)
    #expect(archive.header.draft.sequence == sequence)
    return try OpenFile(name, in: target, rules: .drop(limit: .max)).readAll()
  }

  private func code(_ body: () throws -> Void) -> String? {
    do { try body() } catch let fault as any Fault { return fault.code } catch { return "\(error)" }
    return nil
  }

  @Test("An archive stays in the outbox until all of its recipients have sent a receipt")
  func severalRecipients() throws {
    let escrow = try Identity.generate(name: KeyName("escrow"))
    _ = try KeyFolder(office.site.keys).add(escrow.card)
    try office.policy(retention: #"{"outbox_days": 0}"#, recipients: #""mts", "escrow""#)
    try office.send("d")
    let archive = try office.archive("d", 4)
    let first = try office.receipt(archive, by: escrow)
    #expect(try office.answer(first, as: "e.json") == "accepted")
    try office.pass(days: 1)
    #expect(names("outbox/mts").count == 8)
    #expect(try office.answer(office.receipt(archive), as: "m.json") == "accepted")
    try office.pass(days: 1)
    #expect(names("outbox/mts").count == 6 && names("store/sent/mts").count == 2)
  }

  @Test(
    "What was collected leaves the outbox for store/sent, and later for good; nothing else does")
  func leaves() throws {
    try collect("b", 2)
    try office.pass(days: 1)
    #expect(names("outbox/mts").count == 6)
    try office.pass(days: 2)
    #expect(names("outbox/mts").count == 4 && names("store/sent/mts").count == 2)
    #expect(try office.index().retired == [2...2])
    #expect(try office.index().archives.map(\.sequence) == [1, 3])
    try office.pass(days: 4)
    #expect(names("store/sent/mts").count == 2)
    try office.pass(days: 5)
    #expect(names("store/sent/mts").isEmpty)
    #expect(try office.told(.retired).map { $0["to"] } == ["kept", "removed"])
    try office.pass(days: 36_000)
    #expect(names("outbox/mts").count == 4, "what nobody acknowledged stays")
    #expect(try office.state?.collected == 1)
  }

  @Test(
    "An archive is given out again byte by byte, from the outbox or store/sent, until it is removed"
  )
  func exported() throws {
    let path = "site/outbox/mts/a-00000001.sealed"
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: office.folder(path))))
    #expect(try export(1) == bytes)
    try collect("a", 1)
    try office.pass(days: 2)
    try FileManager.default.removeItem(atPath: office.folder("again1"))
    #expect(try export(1) == bytes)
    #expect(code { _ = try export(1) } == "already_there")
    try office.pass(days: 6)
    #expect(code { _ = try export(1) } == "archive_removed")
    #expect(code { _ = try export(4) } == "archive_unknown")
    #expect(
      code { _ = try ArchiveExport(office.site).write("none", 1, into: office.site.root) }
        == "archive_unknown")
  }

  @Test("An archive that was replaced or taken away is not given out as the one that it was")
  func exportRefused() throws {
    let box = office.folder("site/outbox/mts/")
    for ending in ["", ".minisig"] {
      try FileManager.default.removeItem(atPath: box + "b-00000002.sealed" + ending)
      try FileManager.default.copyItem(
        atPath: box + "a-00000001.sealed" + ending, toPath: box + "b-00000002.sealed" + ending)
    }
    #expect(code { _ = try export(2) } == "archive_altered")
    #expect(office.folder.names("again2").isEmpty)
    try FileManager.default.removeItem(atPath: box + "c-00000003.sealed")
    #expect(code { _ = try export(3) } == "archive_missing")
  }

  @Test("A move that was cut short is finished, and another file of that name is not taken for it")
  func recovered() throws {
    try collect("a", 1)
    let journal = try Journal(in: office.site.store)
    try journal.retire([try #require(try journal.shown(on: "mts", 1))], to: .kept)
    let (box, sent) = ("site/outbox/mts/a-00000001.sealed", "site/store/sent/mts/a-00000001.sealed")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: office.folder(box)))
    try office.pass()
    #expect(names("store/sent/mts").count == 2 && names("outbox/mts").count == 4)
    #expect(try office.index().retired == [1...1])
    // As after a copy to another file system, whose original still stands.
    try bytes.write(to: URL(fileURLWithPath: office.folder(box)))
    try office.pass()
    #expect(names("outbox/mts").count == 4)
    try office.folder.write("another", as: box)
    try office.pass()
    #expect(try office.folder.read(box) == "another")
    #expect(try Data(contentsOf: URL(fileURLWithPath: office.folder(sent))) == bytes)
  }

  @Test("A file of the name of an archive that was removed is told, and left alone")
  func foreign() throws {
    try collect("a", 1)
    try office.pass(days: 2)
    try office.pass(days: 6)
    let box = "site/outbox/mts/a-00000001.sealed"
    for ending in ["", ".minisig"] { try office.folder.write("another", as: box + ending) }
    try office.pass(days: 6)
    #expect(office.complaints == ["archive_altered"])
    #expect(
      try office.folder.read(box) == "another" && office.folder.read(box + ".minisig") == "another")
  }

  @Test("An outbox that may not be read is told as that, and not as a missing archive")
  func exportNotPermitted() throws {
    let box = office.folder("site/outbox/mts")
    try FileManager.default.moveItem(atPath: box, toPath: box + ".away")
    #expect(code { _ = try export(1) } == "archive_missing")
    try office.folder.write("x", as: "site/outbox/mts")
    #expect(code { _ = try export(1) } == "not_a_folder")
  }

  @Test("An archive without a receipt is overdue after its days, and never before")
  func overdue() throws {
    try collect("a", 1)
    let rows: [(Int64, Int, Int64?)] = [(0, 0, nil), (4, 0, nil), (6, 2, 2), (400, 2, 2)]
    for (days, count, oldest) in rows {
      let stream = try #require(try office.status(days: days).streams.first)
      #expect(stream.overdue == count && stream.oldestOverdue == oldest, "\(days)")
      #expect(stream.published == 2 && stream.collected == 1)
    }
    try collect("b", 2)
    try collect("c", 3)
    #expect(try office.status(days: 400).streams.first?.overdue == 0)
  }

  @Test(
    "fault 62: a clock that jumps ahead removes nothing at once, and one set back nothing at all")
  func clock() throws {
    try collect("a", 1)
    try office.pass(days: 3_650)
    #expect(names("store/sent/mts").count == 2, "kept, not removed")
    try office.pass(days: -3_650)
    #expect(names("store/sent/mts").count == 2 && names("outbox/mts").count == 4)
  }

  @Test("fault 59: a receipt for an archive that was removed is still answered")
  func receiptOfRemoved() throws {
    let archive = try office.archive("a", 1)
    let answered = try office.receipt(archive, .tokenised(answered: 2, failed: 0))
    try collect("a", 1)
    try office.pass(days: 2)
    try office.pass(days: 6)
    #expect(try office.answer(answered) == "accepted")
    #expect(try office.state?.answered == 1)
    #expect(names("store/sent/mts").isEmpty)
  }
}
