import Audit
import Files
import Fixtures
import Foundation
import JSONText
import Keys
import Ledger
import Secrets
import Testing

/// What somebody with access to an outbox, or with an old key, tries.
@Suite struct AttackTests {
  private func rotated(_ outbox: Outbox, day: Int64) throws -> Identity {
    let next = try Identity.generate(name: KeyName("registry"))
    try outbox.record(
      .keys,
      [
        "change": "rotated", "name": "registry", "key_id": .string(next.card.keyID.hex),
        "fingerprint": .string(next.card.fingerprint.digest.hex),
      ], day: day)
    return next
  }

  private func keyring(_ outbox: Outbox, _ next: Identity, until day: Int64) -> Keyring {
    Keyring([
      .init(next.card, .current),
      .init(outbox.registry.card, .earlier, until: Outbox.time(day)),
      .init(outbox.mts.card, .current),
    ])
  }

  private func drop(_ outbox: Outbox, day: Int64 = 0) throws {
    try outbox.record(
      .drop,
      [
        "drop": 1, "kind": "job", "outcome": "accepted", "code": .null, "digest": .null,
        "origin": "local", "released": false,
      ], day: day)
  }

  private func codes(_ report: AuditReport) -> [String] {
    report.findings.map { "\($0.kind.rawValue): \($0.code)" }
  }

  @Test func `fault 66: an old key that signs a checkpoint and an index after its end is told`()
    async throws
  {
    let outbox = try Outbox(archives: 2)
    let next = try rotated(outbox, day: 1)
    try outbox.checkpoint(signer: next, day: 1)
    try outbox.index("mts", signer: next)
    let keyring = keyring(outbox, next, until: 5)
    let sound = try await outbox.audit(keyring: keyring)
    #expect(sound.findings.isEmpty, "\(sound.findings)")
    // The thief takes an archive away, in the time that was the key's own.
    try outbox.retire("mts", 1)
    try outbox.checkpoint(day: 1)
    try outbox.index("mts")
    let report = try await outbox.audit(keyring: keyring)
    #expect(codes(report) == ["key: key_retired", "key: key_retired"])
    #expect(report.exitStatus == 17)
    let overlap = try await outbox.audit(keyring: keyring, days: 4)
    #expect(overlap.findings.isEmpty, "\(overlap.findings)")
  }

  @Test func `fault 66: what an old key recorded as its own after its end is told`() async throws {
    let outbox = try Outbox(archives: 1)
    let next = try rotated(outbox, day: 1)
    try drop(outbox, day: 6)
    try outbox.archive()
    try outbox.checkpoint(signer: next, day: 6)
    try outbox.index("mts", signer: next)
    let late = try await outbox.audit(keyring: Keyring([next.card] + outbox.cards))
    #expect(codes(late).contains("remark: time_goes_back"))
    let other = try Outbox(archives: 2)
    let third = try rotated(other, day: 1)
    try other.checkpoint(signer: third, day: 6)
    try other.index("mts")
    let report = try await other.audit(keyring: keyring(other, third, until: 5))
    #expect(codes(report) == ["key: key_retired"])
    #expect(report.findings.first?.subject == "mts/INDEX.json")
  }

  @Test func `fault 92: a checkpoint older than its entries or than the kept one is told`()
    async throws
  {
    let outbox = try Outbox(archives: 1)
    try drop(outbox, day: 3)
    try outbox.checkpoint(day: 2)
    #expect(try await outbox.findings() == ["ledger: checkpoint_time"])
    try drop(outbox, day: 3)
    try outbox.checkpoint(day: 5)
    #expect(try await outbox.findings() == [])
    let kept = try outbox.kept()
    try drop(outbox, day: 3)
    try outbox.checkpoint(day: 4)
    #expect(try await outbox.findings(after: kept) == ["ledger: checkpoint_time"])
    try drop(outbox, day: 3)
    try outbox.checkpoint(day: 11)
    #expect(try await outbox.findings() == ["ledger: checkpoint_time"])
  }

  @Test func `fault 66: an archive sealed to a key that the ledger says is revoked is told`()
    async throws
  {
    let outbox = try Outbox(archives: 1)
    try outbox.record(
      .keys,
      [
        "change": "revoked", "name": "mts", "key_id": .string(outbox.mts.card.keyID.hex),
        "fingerprint": .string(outbox.mts.card.fingerprint.digest.hex),
      ])
    try outbox.publish()
    #expect(try await outbox.findings() == [])
    try outbox.archive()
    try outbox.publish()
    let report = try await outbox.audit()
    #expect(codes(report) == ["key: recipient_revoked"] && report.exitStatus == 17)
    #expect(report.archives.map(\.state) == [.here, .doubtful] && report.verified == 1)
  }

  @Test func `fault 60: a stream's last archive, deleted with its index set back, is missing`()
    async throws
  {
    let outbox = try Outbox(archives: 1)
    let names = ["", ".minisig"].map { "mts/INDEX.json" + $0 }
    let old = try names.map { try Data(contentsOf: URL(filePath: outbox.path($0))) }
    try outbox.archive(shown: false)
    try outbox.checkpoint()
    #expect(try await outbox.findings() == ["remark: not_visible_yet"])
    #expect(try await outbox.findings(after: outbox.kept()).first == "missing: missing")
    try drop(outbox)
    try outbox.checkpoint()
    for (name, data) in zip(names, old) { try data.write(to: URL(filePath: outbox.path(name))) }
    let report = try await outbox.audit()
    #expect(codes(report).first == "missing: missing" && report.exitStatus == 11)
  }

  @Test(arguments: [
    "README.md", "mts/README.md", "mts/.gitkeep", "LEDGER/.gitkeep", ".gitkeep", "LEDGER/x~",
    "LEDGER/.x", "mts/x.csv.minisig",
  ])
  func `fault 60: a file of a harmless name hides nothing`(name: String) async throws {
    let outbox = try Outbox(archives: 1)
    if name.hasSuffix("x.csv.minisig") { try outbox.place.write("x", as: "outbox/mts/x.csv") }
    try outbox.place.write("=cmd()", as: "outbox/" + name)
    let report = try await outbox.audit()
    let subjects = report.findings.map(\.subject)
    #expect(report.exitStatus == 12 && subjects.contains(name), "\(report.findings)")
  }

  @Test(arguments: [
    "README.md", ".gitkeep", "mts/.gitkeep", "mts/INDEX.json.minisig", ".x.01234567.tmp",
    "mts/.x.01234567.tmp", "LEDGER/.x.01234567.tmp", ".hidden",
  ])
  func `fault 60: a folder of a harmless name hides nothing`(name: String) async throws {
    let outbox = try Outbox(archives: 1)
    let path = outbox.path(name)
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try outbox.place.write("=cmd()", as: "outbox/\(name)/export.csv")
    let report = try await outbox.audit()
    #expect(report.findings.contains { $0.kind == .extra }, "\(report.findings)")
  }

  @Test func `An empty .gitkeep at the root is fine`() async throws {
    let outbox = try Outbox(archives: 1)
    try outbox.place.write("", as: "outbox/.gitkeep")
    #expect(try await outbox.findings() == [])
  }

  @Test func `fault 92: lines behind the checkpoint that are no entries are told`() async throws {
    let outbox = try Outbox(archives: 1)
    try outbox.rewrite { $0.append("VID,birthdate") }
    #expect(try await outbox.findings() == ["ledger: ledger_format"])
    let forged = try LedgerEntry(
      .retired, ["stream": "mts", "sequence": 1, "to": "removed"],
      after: LedgerHead(entries: 2, hash: Digest(of: [7])), at: Outbox.start)
    try outbox.rewrite { $0.append(forged.lineText) }
    #expect(try await outbox.findings() == ["ledger: ledger_chain"])
  }

  @Test func `fault 92: a ledger that is no folder, or whose files are none, is told`()
    async throws
  {
    let files = FileManager.default
    let outbox = try Outbox(archives: 1)
    let segment = outbox.path("LEDGER/00000001.ndjson")
    try files.removeItem(atPath: segment)
    try #require(Tool.run("mkfifo", [segment]).status == 0)
    let fifo = try await outbox.audit()
    #expect(fifo.exitStatus == 16 && fifo.findings.contains { $0.subject.hasSuffix(".ndjson") })
    try files.removeItem(atPath: segment)
    try #require(Tool.run("truncate", ["-s", "3G", segment]).status == 0)
    #expect(try await outbox.audit().exitStatus == 16)
    try files.removeItem(atPath: segment)
    try files.moveItem(atPath: outbox.path("LEDGER"), toPath: outbox.place("moved"))
    try files.createSymbolicLink(
      atPath: outbox.path("LEDGER"), withDestinationPath: outbox.place("moved"))
    let link = try await outbox.audit()
    #expect(link.exitStatus == 16 && link.findings.contains { $0.kind == .extra })
  }

  @Test func `Only what was found good is counted as verified, and the history is told of`()
    async throws
  {
    let outbox = try Outbox(archives: 3)
    try outbox.flip("mts/monthly-00000001.sealed")
    let report = try await outbox.audit()
    #expect(report.verified == 2 && report.history?.contains("--after") == true)
    #expect(report.json["ledger"]?["history"] == "not_compared")
    #expect(try await outbox.audit(after: outbox.kept()).history == nil)
  }

  @Test func `The verdict on one stream says so`() async throws {
    let outbox = try Outbox(archives: 1)
    let report = try await outbox.audit(stream: "mts")
    #expect(report.sentence.hasSuffix("Only the stream mts was looked at."))
    #expect(report.streams == ["mts"] && report.json["stream"] == "mts")
  }
}
