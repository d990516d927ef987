import Audit
import Files
import Fixtures
import Foundation
import JSONText
import Keys
import Ledger
import Secrets
import Testing

@Suite struct LedgerFaultTests {
  enum Harm: String, CaseIterable {
    case deleted, edited, reordered, truncated, garbled, emptied

    func befall(_ lines: inout [String]) {
      switch self {
      case .deleted: lines.remove(at: 2)
      case .edited:
        lines[2] = lines[2].replacingOccurrences(of: "\"records\":2", with: "\"records\":1")
      case .reordered: lines.swapAt(1, 2)
      case .truncated: lines.removeLast()
      case .garbled: lines[2] = "no entry"
      case .emptied: lines = []
      }
    }

    var code: String {
      switch self {
      case .deleted, .reordered: "ledger_order"
      case .edited: "ledger_hash"
      case .truncated, .emptied: "ledger_truncated"
      case .garbled: "ledger_format"
      }
    }
  }

  @Test(arguments: Harm.allCases)
  func `fault 92: a ledger whose lines were changed is broken`(harm: Harm) async throws {
    let outbox = try Outbox(archives: 4)
    try outbox.rewrite(harm.befall)
    let report = try await outbox.audit()
    #expect(report.classes.map(\.kind).contains(.ledger) && report.exitStatus == 16)
    #expect(report.findings.first { $0.kind == .ledger }?.code == harm.code, "\(report.findings)")
  }

  @Test func `fault 92: an edited line touches what stood before it, and hides nothing`()
    async throws
  {
    let outbox = try Outbox(archives: 4)
    try outbox.rewrite(Harm.edited.befall)
    let report = try await outbox.audit()
    let ledger = try #require(report.classes.first { $0.kind == .ledger })
    #expect(ledger.archives == 1)
    #expect(report.classes.map(\.kind) == [.ledger, .extra, .missing, .index])
  }

  @Test func `fault 92: entries that nobody signed for are not believed`() async throws {
    let outbox = try Outbox(archives: 3)
    try outbox.retire("mts", 1)
    try outbox.rewrite { _ in }
    #expect(try await outbox.findings() == ["missing: missing", "remark: not_signed_yet"])
  }

  @Test func `fault 92: an entry that breaks the chain retires nothing`() async throws {
    let outbox = try Outbox(archives: 3)
    try outbox.remove("mts/monthly-00000001.sealed")
    let forged = try LedgerEntry(
      .retired, ["stream": "mts", "sequence": 1, "to": "removed"],
      after: LedgerHead(entries: 3, hash: Digest(of: [7])), at: Outbox.start)
    try outbox.rewrite { $0[3] = forged.lineText }
    let findings = try await outbox.findings()
    #expect(findings.contains("ledger: ledger_chain"))
    #expect(findings.contains("missing: missing"), "\(findings)")
  }

  @Test func `fault 92: a file of the ledger that is larger than any is not read`() async throws {
    let outbox = try Outbox(archives: 1)
    let lines = Data(repeating: 0x0A, count: Int(LedgerFolder.maxBytes) + 1)
    try lines.write(to: URL(filePath: outbox.path("LEDGER/00000001.ndjson")))
    let findings = try await outbox.findings().filter { $0.hasPrefix("ledger") }
    #expect(findings.first == "ledger: ledger_line_too_long" && findings.count < 4)
  }

  @Test func `fault 92: another history under the same name is forked`() async throws {
    let outbox = try Outbox(archives: 2)
    let other = try Outbox(archives: 2)
    try outbox.rewrite { $0 = other.lines }
    #expect(try await outbox.findings().contains("ledger: ledger_forked"))
  }

  @Test func `fault 92: a checkpoint by another key, or without a signature, does not count`()
    async throws
  {
    let outbox = try Outbox(archives: 2)
    try outbox.flip("LEDGER/CHECKPOINT.json", at: 30)
    #expect(try await outbox.audit().exitStatus == 16)
    try FileManager.default.removeItem(atPath: outbox.path("LEDGER/CHECKPOINT.json.minisig"))
    #expect(try await outbox.findings() == ["ledger: signature_missing"])
    try FileManager.default.removeItem(atPath: outbox.path("LEDGER/CHECKPOINT.json"))
    try outbox.checkpoint(signer: Identity.generate(name: KeyName("registry")))
    #expect(try await outbox.findings() == ["ledger: unknown_sender"])
    try FileManager.default.removeItem(atPath: outbox.path("LEDGER/CHECKPOINT.json"))
    #expect(try await outbox.findings() == ["ledger: checkpoint_missing"])
  }

  @Test func `fault 92: what a revoked key signed afterwards is told`() async throws {
    let outbox = try Outbox(archives: 2)
    try outbox.record(
      .keys,
      [
        "change": "revoked", "name": "registry",
        "key_id": .string(outbox.registry.card.keyID.hex), "fingerprint": .null,
      ])
    try outbox.archive()
    try outbox.publish()
    let report = try await outbox.audit()
    #expect(report.exitStatus == 17 && report.classes.map(\.kind) == [.key])
    #expect(
      report.findings.map(\.subject) == [
        "LEDGER/CHECKPOINT.json", "mts/monthly-00000003.sealed", "mts/INDEX.json",
      ])
  }

  @Test func `fault 92: an entry that says other than its archive is told`() async throws {
    let outbox = try Outbox(archives: 1)
    try outbox.archive {
      $0.records = 1
      $0.fields = []
    }
    try outbox.publish()
    let report = try await outbox.audit()
    #expect(report.findings.map(\.code) == ["entry_differs"])
    #expect(report.findings.first?.message.hasSuffix("records, fields") == true)
  }

  @Test func `No ledger at all is no sound outbox`() async throws {
    let outbox = try Outbox(archives: 1)
    try FileManager.default.removeItem(atPath: outbox.path("LEDGER"))
    let report = try await outbox.audit()
    #expect(report.classes.map(\.kind) == [.ledger, .extra, .index])
  }

  @Test func `An index that is missing, altered, by another, or older is told`() async throws {
    let outbox = try Outbox(archives: 2)
    try outbox.flip("mts/INDEX.json", at: 40)
    #expect(try await outbox.audit().exitStatus == 15)
    try outbox.remove("mts/INDEX.json")
    #expect(try await outbox.findings() == ["index: index_missing"])
    try outbox.index("mts", signer: outbox.mts)
    #expect(try await outbox.findings() == ["index: other_sender"])
    try outbox.index("mts")
    try outbox.archive()
    try outbox.checkpoint()
    #expect(try await outbox.findings() == ["index: index_head", "index: index_differs"])
  }
}
