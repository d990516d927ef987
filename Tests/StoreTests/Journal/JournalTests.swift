import Files
import Fixtures
import JSONText
import Testing

@testable import Store

/// What the journal remembers of drops, jobs and runs.
struct JournalTests {
  private let folder: TemporaryFolder
  private let journal: Journal

  init() throws {
    folder = try TemporaryFolder()
    journal = try Journal(in: Folder(path: folder.path))
  }

  private func drop(_ name: String) throws -> Drop {
    try journal.claimed(name: name, claim: "0-\(name)", objection: nil, at: "t")
  }

  private func decision(_ outcome: String, _ digest: String, kind: String = "job") -> Decision {
    Decision(kind: kind, digest: digest, outcome: outcome, verdict: "{}")
  }

  private func job(
    _ digest: String, _ kind: JobRecord.Kind = .onetime, version: Int = 1, next: Int64? = nil
  ) -> JobRecord {
    var job = JobRecord(
      name: "j", version: version, kind: kind, state: next == nil ? .running : .started,
      manifestDigest: digest, stream: "mts")
    (job.intervalMinutes, job.nextRun) = (kind == .recurring ? 60 : nil, next)
    return job
  }

  private func archive(_ sequence: Int64, records: Int64 = 1) -> ArchiveRecord {
    ArchiveRecord(
      stream: "mts", sequence: sequence, file: "j-1.sealed", kind: "mts-request", digest: "x",
      previous: nil, bytes: 1, records: records, job: "j", created: UTCTime(clamping: 0),
      keyID: "k")
  }

  @Test("fault 21: only an accepted drop of these bytes makes the next one a duplicate")
  func accepted() throws {
    _ = try journal.decided(drop("a"), decision("rejected", "d1"))
    #expect(try journal.accepted(kind: "job", digest: "d1") == nil)
    _ = try journal.decided(drop("b"), decision("accepted", "d1"), job: job("d1"))
    #expect(try journal.accepted(kind: "job", digest: "d1")?.name == "b")
    #expect(try journal.accepted(kind: "snapshot", digest: "d1") == nil)
    #expect(try journal.accepted(kind: "job", digest: "d2") == nil)
  }

  @Test("fault 21: a recurring job's manifest is a duplicate only while it is in force")
  func acceptedRecurring() throws {
    _ = try journal.decided(
      drop("a"), decision("accepted", "d1"), job: job("d1", .recurring, next: 9))
    #expect(try journal.accepted(kind: "job", digest: "d1") != nil)
    let second = job("d2", .recurring, version: 2, next: 9)
    _ = try journal.decided(drop("b"), decision("accepted", "d2"), job: second)
    #expect(try journal.accepted(kind: "job", digest: "d1") == nil, "going back is no duplicate")
    var stopped = second
    (stopped.state, stopped.nextRun) = (.completed, nil)
    _ = try journal.decided(drop("stop"), decision("accepted", "s"), stopped: stopped)
    #expect(try journal.accepted(kind: "job", digest: "d2") == nil, "starting again is none")
    #expect(try journal.accepted(kind: "job", digest: "s") == nil, "stopping twice is none")
  }

  @Test("A release lets bytes through once")
  func releases() throws {
    #expect(try !journal.isReleased("d"))
    try journal.release(digest: "d", shown: "s", name: "a", at: "t")
    #expect(try journal.isReleased("d"))
    _ = try journal.decided(drop("a"), decision("rejected", "d", kind: "snapshot"))
    #expect(try journal.isReleased("d"))
    _ = try journal.decided(drop("b"), decision("accepted", "d", kind: "snapshot"))
    #expect(try !journal.isReleased("d"))
  }

  @Test("A slot of a job is a drop once, and the job goes on however its run ends")
  func slots() throws {
    var job = job("d", .recurring, next: 100)
    (job.state, job.nextRun) = (.running, 200)
    let run = DueRun(name: "j-100", claim: "scheduled-j-100", due: 100, skipped: 2)
    let drop = try #require(try journal.begin(run, of: job, at: "t"))
    #expect(drop.origin == .schedule && drop.due == 100 && drop.skipped == 2 && drop.version == 1)
    #expect(try journal.begin(run, of: job, at: "t") == nil)
    _ = try journal.decided(drop, decision("rejected", "d"))
    let after = try #require(try journal.job(named: "j"))
    #expect(after.state == .started && after.runs == 0 && after.failed == 1)
    #expect(try journal.accepted(kind: "job", digest: "d") == nil, "a run is no dropped manifest")
  }

  @Test("A decision that is made twice counts one run")
  func decidedTwice() throws {
    let drop = try drop("a")
    for _ in 1...2 { _ = try journal.decided(drop, decision("accepted", "d"), job: job("d")) }
    #expect(try journal.job(named: "j")?.runs == 1)
  }

  @Test("Lineage comes back as it was noted, and the records of a day are counted")
  func lineage() throws {
    let record = RunRecord(
      job: "j", version: 1, snapshot: "s", manifest: "m", policy: "p", filter: "f",
      conditions: [["gender", "="], ["a.b", "not in"]], fields: ["id", "name"], matched: 5, sent: 3,
      leftOut: ["no_vid": 2], stream: "mts", sequence: 1, at: 1_000)
    _ = try journal.decided(drop("a"), decision("accepted", "d"), run: record)
    #expect(try journal.runs(of: "j") == [record])
    #expect(try journal.runs(of: "k") == [])
    #expect(try journal.recordsSent(on: "mts", since: 1_000) == 3)
    #expect(try journal.recordsSent(on: "mts", since: 1_001) == 0)
    #expect(try journal.recordsSent(on: "other", since: 0) == 0)
  }

  @Test("VIDs are out from their archive on, until they are answered or their deadline has passed")
  func sentVIDs() throws {
    let drop = try drop("a")
    let entry = try journal.reserve(drop, stream: "mts", job: "j")
    var sent = SentVIDs(stream: "mts", sequence: entry.sequence, deadline: 1_000)
    let marks = (0..<500).map { VIDMark(high: .random(in: 0...(.max)), low: UInt64($0)) }
    for (id, mark) in marks.enumerated() { sent.append(mark, of: Int64(id)) }
    try journal.staged(
      drop, archive(1, records: 500), decision("accepted", "d"), job: job("d"), sent: sent)
    let rows: [(String, Int64, Int)] = [
      ("mts", 0, 500), ("mts", 999, 500), ("mts", 1_000, 0), ("other", 0, 0),
      // A clock that was put back by years sends nobody twice.
      ("mts", -100_000_000, 500),
    ]
    for (stream, time, count) in rows {
      let out = try journal.outstanding(on: stream, at: time)
      #expect(out == (count > 0 ? Set(marks) : []), "\(stream) at \(time)")
    }
  }

  @Test("The key of marks is made once, is private, and marks are those of its key")
  func hashKey() throws {
    func mark(_ store: Folder) throws -> VIDMark {
      let text = Array("12345".utf8)
      let hasher = try VIDHasher(in: store)
      return text.withUnsafeBufferPointer { hasher.mark($0) }
    }
    let (store, other) = (try Folder(path: folder.path), try TemporaryFolder())
    let first = try mark(store)
    #expect(try mark(store) == first)
    #expect(try mark(Folder(path: other.path)) != first)
    #expect(try store.status(of: "hash.key")?.mode == 0o600)
    try folder.write("short", as: "hash.key")
    #expect(throws: StoreFault.self) { try mark(store) }
  }
}
