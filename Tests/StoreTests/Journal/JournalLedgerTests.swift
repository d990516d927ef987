import Faults
import Files
import Fixtures
import GRDB
import JSONText
import Ledger
import Testing

@testable import Store

/// The ledger within the journal, and how a journal of an earlier version comes to have one.
struct JournalLedgerTests {
  private let folder: TemporaryFolder
  private let store: Folder

  init() throws {
    folder = try TemporaryFolder()
    store = try Folder(path: folder.path)
  }

  private func journal() throws -> Journal {
    try Journal(in: store) { UTCTime(clamping: 1_750_000_000) }
  }

  private func database() throws -> DatabaseQueue {
    try DatabaseQueue(path: store.path(of: "journal.sqlite"))
  }

  private func entries(_ journal: Journal) throws -> [LedgerEntry] {
    guard let head = try journal.ledgerHead() else { return [] }
    return try journal.ledgerLines(1...head.entries).map {
      try LedgerEntry(parsing: Array($0.utf8))
    }
  }

  private func decide(_ journal: Journal, _ name: String, _ outcome: String) throws {
    let drop = try journal.claimed(name: name, claim: "0-" + name, objection: nil, at: "t")
    let code = outcome == "accepted" ? nil : "bad"
    _ = try journal.decided(
      drop, Decision(kind: "job", digest: "d", outcome: outcome, verdict: "no JSON", code: code))
  }

  @Test("fault 92: no entry can be changed, taken out, put in between or written over")
  func appendOnly() throws {
    let journal = try journal()
    for name in ["a", "b", "c"] { try decide(journal, name, "accepted") }
    let before = try entries(journal)
    let attacks = [
      "UPDATE ledger SET line = 'x'", "UPDATE ledger SET entry = 9 WHERE entry = 3",
      "DELETE FROM ledger", "DELETE FROM ledger WHERE entry = 3",
      "INSERT INTO ledger VALUES (2, 'x')", "INSERT OR REPLACE INTO ledger VALUES (3, 'x')",
      "INSERT INTO ledger VALUES (5, 'x')",
    ]
    for attack in attacks {
      #expect(throws: DatabaseError.self, "\(attack)") {
        try database().write { try $0.execute(sql: attack) }
      }
    }
    #expect(try entries(journal) == before && before.count == 3)
  }

  @Test("An entry is kept with what it records, or neither is")
  func together() throws {
    let journal = try journal()
    try decide(journal, "a", "rejected")
    try decide(journal, "a", "accepted")
    let told = try entries(journal)
    #expect(told.map(\.what).map { $0["outcome"] } == ["rejected"], "a decision stands once")
    #expect(told.first?.what["code"] == "bad")
    #expect(throws: (any Error).self) {
      try journal.change { database in
        try journal.append(.program, ["version": "1"], in: database)
        throw CancellationError()
      }
    }
    #expect(try entries(journal) == told)
    var chain = LedgerChain()
    for name in ["b", "c"] { try decide(journal, name, "accepted") }
    for entry in try entries(journal) { try chain.take(entry) }
  }

  private static func key(
    _ name: String, _ id: String, _ place: KnownKey.Place = .current, revoked: Bool = false,
    print: String? = nil
  ) -> KnownKey {
    KnownKey(
      name: name, keyID: id, fingerprint: print ?? "f\(id)", place: place, isRevoked: revoked)
  }

  private static let changes: [([KnownKey], [KnownKey], [String])] = [
    ([], [key("a", "1")], ["added a 1"]),
    ([key("a", "1")], [key("a", "1")], []),
    ([key("a", "1")], [], ["removed a 1"]),
    ([key("a", "1")], [key("a", "2")], ["changed a 2"]),
    ([key("a", "1")], [key("a", "1", print: "g")], ["changed a 1"]),
    ([key("a", "1")], [key("a", "1"), key("a", "2", .next)], ["added a 2"]),
    (
      [key("a", "1"), key("a", "2", .next)], [key("a", "1", .earlier), key("a", "2")],
      ["rotated a 2"]
    ),
    ([key("a", "1")], [key("a", "1", .earlier), key("a", "2")], ["rotated a 2"]),
    ([key("a", "1")], [key("a", "1", revoked: true)], ["revoked a 1"]),
    ([], [key("a", "1", revoked: true)], ["added a 1", "revoked a 1"]),
    ([key("a", "1")], [key("b", "1")], ["removed a 1", "added b 1"]),
  ]

  @Test("What became of keys is told by what lay there before", arguments: changes)
  func keys(before: [KnownKey], after: [KnownKey], told: [String]) {
    let changes = KeyChange.all(from: before, to: after)
    #expect(changes.map { "\($0.word) \($0.key.name) \($0.key.keyID)" } == told)
  }

  /// A journal as version 2 left it.
  private func old() throws {
    try FolderFixture.write(database())
  }

  @Test("fault 95: a journal of the version before keeps all that it knows, and its staged archive")
  func migrated() throws {
    try old()
    let journal = try journal()
    let old = try #require(try journal.unrecorded())
    #expect(old.map(\.entry.state) == [.published, .staged])
    #expect(old.first?.run?.sent == 3 && old.first?.time == 1_000)
    #expect(try journal.outstanding(on: "mts", at: 0).count == 1)
    #expect(try journal.recordsSent(on: "mts", since: 0) == 3)
    try journal.begin(
      site: "registry", keyID: "k", fingerprint: "f",
      before: old.map { old in
        ArchiveRecord(
          stream: "mts", sequence: old.entry.sequence, file: "f", kind: "mts-request",
          digest: old.entry.digest ?? "", previous: old.entry.previous, bytes: old.bytes,
          records: old.records, job: "j", created: UTCTime(clamping: old.time), keyID: "k")
      })
    #expect(try entries(journal).map(\.kind) == [.site, .run, .archive, .archive])
    #expect(try journal.unrecorded() == nil)
    #expect(try journal.shown(on: "mts").map(\.sequence) == [1])
    let drop = try #require(try journal.unfinished().first { $0.name == "b" })
    _ = try journal.published(
      drop, Decision(kind: "job", digest: "d", outcome: "accepted", verdict: "{}"))
    #expect(try journal.shown(on: "mts").map(\.sequence) == [1, 2])
  }

  @Test("fault 95: archives of before the ledger are told by stream and number")
  func orderOfOld() throws {
    try FolderFixture.write(database())
    try database().write {
      try $0.execute(
        sql: """
          INSERT INTO drops (id, name, claim, state, kind, digest, outcome, verdict, at) VALUES
            (3, 'c', '0-c', 'reported', 'job', 'd3', 'accepted', '{}', '2025-01-03T00:00:00Z');
          UPDATE archives SET drop_id = 3 WHERE sequence = 1;
          """)
    }
    let old = try #require(try journal().unrecorded())
    #expect(old.map(\.entry.sequence) == [1, 2])
  }

  @Test(
    "fault 95: a journal that does not know what an archive was is refused, and never told as empty",
    arguments: ["digest", "bytes", "records"])
  func unknownOld(column: String) throws {
    try FolderFixture.write(database())
    try database().write {
      try $0.execute(sql: "UPDATE archives SET \(column) = NULL WHERE sequence = 1")
    }
    let journal = try journal()
    let fault = #expect(throws: StoreFault.self) { try journal.unrecorded() }
    #expect(fault?.code == "store_corrupt")
  }

  @Test("fault 67: a key that was revoked never counts again, also when it was away in between")
  func revocationGone() throws {
    let journal = try journal()
    func key(_ isRevoked: Bool) -> KnownKey {
      KnownKey(
        name: "mts", keyID: "K", fingerprint: "F", place: .current, isRevoked: isRevoked)
    }
    try journal.notice(keys: [key(true)])
    for between in [[key(true)], []] {
      try journal.notice(keys: between)
      let fault = #expect(throws: StoreFault.self) { try journal.notice(keys: [key(false)]) }
      #expect(fault?.code == "revocations_rolled_back" && fault?.blame == .environment)
    }
    try journal.notice(keys: [key(true)])
  }

  @Test("fault 95: a journal of a newer version is refused, and left as it is")
  func newer() throws {
    _ = try journal()
    try database().write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('4: from the future')")
    }
    let fault = #expect(throws: StoreFault.self) { try journal() }
    #expect(fault?.code == "journal_is_newer" && fault?.blame == .environment)
  }
}

/// What version 2 wrote.
private enum FolderFixture {
  static func write(_ database: DatabaseQueue) throws {
    try JournalSchema.migrator.migrate(database, upTo: "2: jobs, runs and what was sent")
    try database.write { try $0.execute(sql: rows) }
  }

  private static let rows = """
    INSERT INTO drops (id, name, claim, state, kind, digest, outcome, verdict, at) VALUES
      (1, 'a', '0-a', 'reported', 'job', 'd1', 'accepted', '{}', '2025-01-01T00:00:00Z'),
      (2, 'b', '0-b', 'claimed', 'job', 'd2', 'accepted', '{}', '2025-01-02T00:00:00Z');
    INSERT INTO archives VALUES
      ('mts', 1, 1, 'j', 'published', NULL, 'x1', 10, 3, 9000),
      ('mts', 2, 2, 'j', 'staged', 'x1', 'x2', 10, 3, 9000);
    INSERT INTO runs VALUES
      (1, 'j', 1, 's', 'm', 'p', 'f', '[]', '["id"]', 3, 3, '{}', 'mts', 1, 1000);
    INSERT INTO sent_vids VALUES ('mts', 1, zeroblob(16), 7, NULL);
    """
}
