import Faults
import Files
import Foundation
import JSONText
import Keys
import Secrets
import Testing

@testable import Archives

/// A receiver's folder, and a stream of archives to it.
@Suite struct ReceptionTests {
  let post: Post
  let keys: Folder

  init() throws {
    post = try Post()
    keys = try Folder(path: post.path + "/mts", create: 0o700)
  }

  /// Publishes an archive of the stream under the one name, verified.
  private func archive(
    _ number: Int64, after previous: VerifiedArchive? = nil, by sender: Identity? = nil,
    _ edit: (inout ArchiveDraft) -> Void = { _ in }
  ) throws -> VerifiedArchive {
    for ending in ["", ".minisig"] {
      try? FileManager.default.removeItem(atPath: post.archive + ending)
    }
    let draft = try post.draft {
      ($0.sequence, $0.previous) = (number, previous?.digest)
      edit(&$0)
    }
    let signer = sender ?? post.registry
    try ArchiveWriter.seal(
      post.spool(), draft, recipients: [post.mts.card], signer: signer, into: post.outbox,
      name: EntryName(Post.name)
    ).publish()
    return try UnverifiedArchive(path: post.archive).verified(by: signer.card)
  }

  /// Opens it, or gives the code of the fault; nothing may be left of a refusal.
  private func open(
    _ archive: VerifiedArchive, _ rule: OrderRule = .refuse, index: SenderIndex? = nil
  ) -> String? {
    let there = FileManager.default.fileExists(atPath: post.opened)
    let found = code {
      try Reception(archive, ReceivedFile(in: keys), index: index)
        .open(post.mts, into: post.opened, rule)
    }
    #expect(there || (found == nil) == FileManager.default.fileExists(atPath: post.opened))
    try? FileManager.default.removeItem(atPath: post.opened)
    return found
  }

  private var received: String {
    get throws { try String(contentsOfFile: post.path + "/mts/received.json", encoding: .utf8) }
  }

  @Test func `fault 59, fault 96: what was opened is not opened again, now or after a restart`()
    throws
  {
    let first = try archive(1)
    #expect(open(first) == nil)
    let before = try received
    #expect(open(first) == "replayed")
    #expect(open(first, .warn) == nil)
    #expect(try received == before)
  }

  @Test func `fault 96: 42 without 41 is refused, opens with a warning, and 41 may come late`()
    throws
  {
    let one = try archive(1)
    #expect(open(one) == nil)
    let two = try archive(2, after: one)
    let three = try archive(3, after: two)
    #expect(open(three) == "sequence_gap")
    #expect(open(three, .warn) == nil)
    #expect(open(two) == "reordered")
    #expect(open(two, .warn) == nil)
    #expect(open(try archive(4, after: three)) == nil)
  }

  @Test func `fault 60: two archives of one number, and one that continues another, are forks`()
    throws
  {
    let one = try archive(1)
    #expect(open(one) == nil)
    let other = try archive(1)
    #expect(open(other) == "forked")
    #expect(open(try archive(2, after: other)) == "forked")
    let reception = try Reception(other, ReceivedFile(in: keys), index: nil)
    #expect(!reception.isReceived, "and gets no receipt")
  }

  @Test
  func `fault 61: after a recovery, a stream begins anew, under another key of the same name`()
    throws
  {
    let one = try archive(1)
    #expect(open(one) == nil)
    #expect(open(try archive(1 << 53, after: one)) == "sequence_gap")
    let recovered = try Identity.generate(name: post.registry.name)
    let again = try archive(1, by: recovered)
    #expect(open(again) == "forked")
    #expect(open(again, .restart) == nil)
    #expect(open(try archive(2, after: again, by: recovered)) == nil)
    #expect(open(one) == "forked", "what the old key signed is out")
  }

  @Test func `fault 60: an index that ends too early, or has another archive, is a rollback`()
    throws
  {
    let one = try archive(1)
    let two = try archive(2, after: one)
    let other = Digest(of: [7])
    let rows: [(SenderIndex, String?)] = [
      (SenderIndex(head: two.arrival.position, archives: [1: one.digest, 2: two.digest]), nil),
      (SenderIndex(head: nil, archives: [:]), "rolled_back"),
      (SenderIndex(head: two.arrival.position, archives: [2: other]), nil),
      (SenderIndex(head: two.arrival.position, archives: [1: other]), "rolled_back"),
      (SenderIndex(head: StreamPosition(sequence: 2, digest: other), archives: [:]), "rolled_back"),
    ]
    #expect(open(one) == nil)
    for (index, expected) in rows {
      let reception = try Reception(two, ReceivedFile(in: keys), index: index)
      #expect(reception.findings.map(\.code) == (expected.map { [$0] } ?? []), "\(index)")
    }
    #expect(open(two, index: rows[1].0) == "rolled_back")
    #expect(open(two, index: rows[0].0) == nil)
  }

  @Test func `fault 60: only a sound index of this stream, by this sender, counts`() throws {
    let one = try archive(1)
    func beside(_ stream: String = "mts", by signer: Identity) throws -> SenderIndex? {
      let label = try #require(ArchiveLabel(stream))
      try StreamIndex(stream: label, head: nil, archives: [], retired: []).signed(by: signer)
        .publish(as: StreamIndex.fileName, in: post.outbox)
      return try SenderIndex.beside(
        one, at: post.archive, senders: [post.registry.card, post.stranger.card])
    }
    #expect(try SenderIndex.beside(one, at: post.archive, senders: []).map(\.archives) == nil)
    #expect(try beside(by: post.registry)?.archives.isEmpty == true)
    #expect(try beside("other", by: post.registry)?.archives == nil)
    #expect(code { try beside(by: post.stranger) } == "unknown_sender")
    _ = try beside(by: post.registry)
    try post.outbox.remove("INDEX.json.minisig")
    #expect(
      code { try SenderIndex.beside(one, at: post.archive, senders: [post.registry.card]) }
        == "signature_missing")
  }

  @Test func `fault 62: clocks decide nothing, and are warned of when they are far apart`() throws {
    var last: VerifiedArchive?
    for (number, time) in ["2025-03-01T12:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
      .enumerated()
    {
      let next = try archive(Int64(number + 1), after: last) {
        $0.created = UTCTime(text: time) ?? $0.created
      }
      #expect(open(next) == nil, "\(time)")
      let now = try #require(UTCTime(text: "2025-03-02T13:00:00Z"))
      #expect((next.header.clockDoubt(now: now) == nil) == (number == 0), "\(time)")
      last = next
    }
  }

  @Test func `sealed drops stand in no order; the same one twice is told by its digest`() throws {
    func drop(_ number: Int64) throws -> VerifiedArchive {
      try post.outbox.remove(EntryName(Post.name))
      let path = post.path + "/export.json"
      try Data("[]".utf8).write(to: URL(filePath: path))
      try SealedDrop.seal(
        OpenFile(path: path, rules: .named(limit: .max)), named: DropName("export.json"),
        kind: .snapshot, at: number, to: [post.mts.card], signer: post.registry, into: post.outbox,
        as: EntryName(Post.name), spool: post.outbox
      ).publish()
      return try post.verified()
    }
    _ = try archive(1)
    for number in [5_000, 7, 6_000] as [Int64] {
      let archive = try drop(number)
      #expect(open(archive) == nil)
      #expect(open(archive) == "replayed")
    }
  }

  @Test func `results come in any order, the same once, under the name that their header has`()
    throws
  {
    let (files, results) = try post.content(.mtsResults)
    for number in [3, 1] as [Int64] {
      var draft = results
      (draft.sequence, draft.previous) = (number, number == 1 ? nil : Digest(of: []))
      let name = try EntryName("results-monthly-0000000\(number).sealed")
      try ArchiveWriter.seal(
        post.spool(files), draft, recipients: [post.mts.card], signer: post.registry,
        into: post.outbox, name: name
      ).publish()
      let archive = try UnverifiedArchive(name, in: post.outbox).verified(by: post.registry.card)
      #expect(archive.warnings.isEmpty)
      #expect(open(archive) == nil)
      #expect(open(archive) == "replayed")
    }
  }

  @Test func `what was received is private, held by one, and a damaged file is not none`() throws {
    let one = try archive(1)
    #expect(open(one) == nil)
    let path = post.path + "/mts/received.json"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let streams = try whileHeld { open(one) }
    let text = Array(try received.utf8)
    var damaged = (0..<text.count).filter { $0 % 7 == 0 }.map { Array(text[..<$0]) }
    damaged += (0..<text.count).filter { $0 % 5 == 0 }.map { index in
      text.enumerated().map { $0.offset == index ? $0.element ^ 1 : $0.element }
    }
    #expect(damaged.count > 50)
    for bytes in damaged {
      let read = try? ReceivedStreams(parsing: bytes)
      #expect(read == nil || read == streams, "\(String(decoding: bytes, as: UTF8.self))")
    }
    try Data().write(to: URL(filePath: path))
    #expect(code { try ReceivedFile(in: keys) } == "received_damaged")
    chmod(path, 0o644)
    #expect(code { try ReceivedFile(in: keys) } == "exposed")
  }

  /// What was received, while an opening is tried beside the one who holds it.
  private func whileHeld(_ open: () -> String?) throws -> ReceivedStreams {
    let held = try ReceivedFile(in: keys)
    #expect(open() == "locked")
    return held.streams
  }

  @Test func `an opening that fails is not remembered`() throws {
    let one = try archive(1)
    try Data().write(to: URL(filePath: post.opened))
    #expect(open(one) == "destination_taken")
    try? FileManager.default.removeItem(atPath: post.opened)
    #expect(open(one) == nil)
  }
}
