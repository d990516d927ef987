import Archives
import Audit
import Files
import Fixtures
import Foundation
import JSONText
import Keys
import Ledger
import Secrets
import Tarballs

/// An outbox as a site leaves it: archives, indexes, a ledger and its checkpoint. A test then does
/// it harm, and asks what the audit finds.
final class Outbox {
  let place: TemporaryFolder
  let registry: Identity
  let mts: Identity
  let folder: Folder
  private(set) var lines: [String] = []
  private(set) var head: LedgerHead?
  private var archives: [String: [LedgerArchive]] = [:]
  private var retired: [String: [Int64]] = [:]

  static let start = UTCTime(clamping: 1_767_268_800)  // 2026-01-01T12:00:00Z
  static func time(_ day: Int64) -> UTCTime {
    UTCTime(clamping: start.seconds + day * 86_400)
  }
  static let fields = ["given_name", "birthdate", "vid"]

  init() throws {
    place = try TemporaryFolder()
    registry = try Identity.generate(name: KeyName("registry"))
    mts = try Identity.generate(name: KeyName("mts"))
    folder = try Folder(path: place("outbox"), create: 0o755)
    let keys = try KeyFolder(Folder(path: place("keys"), create: 0o755))
    for card in [registry.card, mts.card] { try keys.add(card) }
    try record(
      .site,
      [
        "name": "registry", "key_id": .string(registry.card.keyID.hex),
        "fingerprint": .string(registry.card.fingerprint.digest.hex),
      ])
  }

  /// So many archives of a stream, published with index and checkpoint.
  convenience init(archives: Int, stream: String = "mts") throws {
    self.init(try Outbox())
    for number in 0..<archives { try archive(stream, day: Int64(number)) }
    try publish()
  }

  private init(_ empty: Outbox) {
    (place, registry, mts, folder) = (empty.place, empty.registry, empty.mts, empty.folder)
    (lines, head) = (empty.lines, empty.head)
  }

  var cards: [Card] { [registry.card, mts.card] }
  func path(_ name: String) -> String { place("outbox/" + name) }

  func record(_ kind: LedgerKind, _ what: JSON, day: Int64 = 0) throws {
    let entry = try LedgerEntry(kind, what, after: head, at: Outbox.time(day))
    lines.append(entry.lineText)
    head = entry.head
  }

  /// Seals the stream's next archive, records and shows it.
  @discardableResult
  func archive(
    _ stream: String = "mts", day: Int64 = 0, records: Int64 = 2, job: String = "monthly",
    signer: Identity? = nil, shown: Bool = true, recorded: Int64 = 0,
    edit: (inout LedgerArchive) -> Void = { _ in }
  ) throws -> LedgerArchive {
    let last = archives[stream]?.last
    let staged = try seal(
      stream, (last?.sequence ?? 0) + 1, last?.digest, day: day, records: records, job: job,
      signer: signer ?? registry)
    var said = LedgerArchive(staged)
    edit(&said)
    archives[stream, default: []].append(said)
    try record(.archive, said.json, day: recorded)
    if shown { try staged.publish() } else { try staged.discard() }
    return said
  }

  func seal(
    _ stream: String, _ sequence: Int64, _ previous: Digest?, day: Int64 = 0, records: Int64 = 2,
    job: String = "monthly", signer: Identity
  ) throws -> StagedArchive {
    let into = try folder.subfolder(EntryName(stream), create: 0o755)
    let any = try SaltedDigest.made(1)
    guard let label = ArchiveLabel(stream), let jobLabel = ArchiveLabel(job) else {
      throw Missing()
    }
    let draft = ArchiveDraft(
      kind: .mtsRequest, stream: label, sequence: sequence, previous: previous,
      created: UTCTime(clamping: Outbox.start.seconds + day * 86_400), job: jobLabel,
      fields: Outbox.fields, records: records, batches: 0,
      digests: .init(snapshot: any, manifest: any, policy: any))
    let spool = try PayloadSpool(in: into)
    let tar = try TarZstdWriter { try spool.write($0) }
    let manifest = #"{"airlock":"mts-request","note":"canary-\#(sequence)"}"#
    try tar.add("manifest.json", Array(manifest.utf8))
    try tar.finish()
    return try ArchiveWriter.seal(
      spool, draft, recipients: [mts.card], signer: signer, into: into,
      name: EntryName(draft.fileName))
  }

  func retire(_ stream: String, _ sequence: Int64, removing: Bool = true) throws {
    try record(
      .retired, ["stream": .string(stream), "sequence": .int(sequence), "to": "removed"])
    retired[stream, default: []].append(sequence)
    guard removing, let archive = archives[stream]?.first(where: { $0.sequence == sequence }) else {
      return
    }
    try remove("\(stream)/\(archive.file)")
  }

  func receipt(_ sequence: Int64, by: String = "mts", state: String = "opened") throws {
    try record(
      .receipt,
      [
        "stream": "mts", "sequence": .int(sequence), "state": .string(state), "by": .string(by),
        "digest": .string(Digest(of: []).hex),
      ])
  }

  // MARK: publishing

  func publish(signer: Identity? = nil) throws {
    for stream in archives.keys { try index(stream) }
    try checkpoint(signer: signer)
  }

  func index(_ stream: String, signer: Identity? = nil, more: [JSON.Member] = []) throws {
    let gone = (retired[stream] ?? []).sorted()
    let all = archives[stream] ?? []
    let here = all.filter { !gone.contains($0.sequence) }
    let ranges = gone.isEmpty ? [] : [JSON.array([.int(gone[0]), .int(gone[gone.count - 1])])]
    let head: JSON =
      all.last.map { ["sequence": .int($0.sequence), "digest": .string($0.digest.hex)] } ?? .null
    let into = try folder.subfolder(EntryName(stream), create: 0o755)
    try SignedDocument(
      .index,
      [
        .init("stream", .string(stream)), .init("head", head),
        .init("archives", .array(here.map { .object($0.indexed) })),
        .init("retired", .array(ranges)),
      ] + more, signer: signer ?? registry
    ).publish(as: "INDEX.json", in: into)
  }

  func checkpoint(signer: Identity? = nil, day: Int64 = 0) throws {
    guard let head else { throw Missing() }
    let ledger = LedgerFolder(try folder.subfolder(LedgerFolder.name, create: 0o755))
    try ledger.write(upTo: head, signer: signer ?? registry, at: Outbox.time(day)) { numbers in
      Array(lines[Int(numbers.lowerBound - 1)...Int(numbers.upperBound - 1)])
    }
  }

  /// The checkpoint that lies there now, as an auditor would keep it.
  func kept() throws -> Checkpoint {
    let ledger = LedgerFolder(try folder.subfolder(LedgerFolder.name))
    return try Checkpoint(ledger.checkpoint().verified(byOneOf: cards))
  }

  // MARK: harm

  func remove(_ name: String) throws {
    for ending in ["", ".minisig"] {
      try FileManager.default.removeItem(atPath: path(name) + ending)
    }
  }

  func swap(_ a: String, _ b: String) throws {
    for ending in ["", ".minisig"] {
      let files = FileManager.default
      try files.moveItem(atPath: path(a) + ending, toPath: path("held"))
      try files.moveItem(atPath: path(b) + ending, toPath: path(a) + ending)
      try files.moveItem(atPath: path("held"), toPath: path(b) + ending)
    }
  }

  func flip(_ name: String, at offset: Int = -1) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path(name))))
    bytes[offset < 0 ? bytes.count + offset : offset] ^= 1
    try Data(bytes).write(to: URL(filePath: path(name)))
  }

  /// Writes the ledger's lines as a forger would, whatever becomes of the chain.
  func rewrite(_ harm: (inout [String]) -> Void) throws {
    var lines = lines
    harm(&lines)
    try place.write(lines.map { $0 + "\n" }.joined(), as: "outbox/LEDGER/00000001.ndjson")
  }

  // MARK: asking

  func audit(
    after earlier: Checkpoint? = nil, stream: String? = nil, keyring: Keyring? = nil,
    days: Int64 = 9, wait: @escaping @Sendable () async -> Void = {}
  ) async throws -> AuditReport {
    try await Audit(
      folder, keyring: keyring ?? Keyring(cards), earlier: earlier, stream: stream,
      time: UTCTime(clamping: Outbox.start.seconds + days * 86_400), wait: wait
    ).run()
  }

  /// Class and code of each finding, in their order.
  func findings(after earlier: Checkpoint? = nil) async throws -> [String] {
    try await audit(after: earlier).findings.map { "\($0.kind.rawValue): \($0.code)" }
  }
}

struct Missing: Error {}

extension LedgerArchive {
  init(_ staged: StagedArchive) {
    let (header, draft) = (staged.header, staged.header.draft)
    self.init(
      stream: draft.stream.text, sequence: draft.sequence, file: staged.name.description,
      kind: draft.kind.rawValue, digest: staged.digest, previous: draft.previous,
      bytes: staged.size, records: draft.records, job: draft.job.text, created: draft.created,
      fields: draft.fields,
      recipients: header.recipients.map {
        .init(name: $0.name.text, fingerprint: $0.fingerprint.digest.hex)
      },
      snapshot: draft.digests.snapshot, manifest: draft.digests.manifest,
      policy: draft.digests.policy, keyID: header.sender.keyID.hex)
  }
}

extension SaltedDigest {
  /// One that no salt need be known of.
  static func made(_ byte: UInt8) throws -> SaltedDigest {
    guard let digest = SaltedDigest(hex: Digest(of: [byte]).hex) else { throw Missing() }
    return digest
  }
}
