import Archives
import Audit
import Faults
import Files
import Fixtures
import Foundation
import JSONText
import Keys
import Ledger
import Testing

@Suite struct AuditTests {
  private static let (first, second) = (
    "mts/monthly-00000001.sealed", "mts/monthly-00000002.sealed"
  )

  @Test func `A sound outbox has no findings, and its archives are told in full`() async throws {
    let outbox = try Outbox(archives: 3)
    let report = try await outbox.audit()
    #expect(report.findings.isEmpty && report.verdict == .sound && report.exitStatus == 0)
    #expect(report.verified == 3 && report.archives.map(\.sequence) == [1, 2, 3])
    let archive = try #require(report.archives.first)
    #expect(archive.recipients == ["mts"] && archive.fields == Outbox.fields)
    #expect(archive.records == 2 && archive.job == "monthly" && archive.state == .here)
    #expect(report.site?.name == "registry" && report.ledger.entries == 4)
  }

  @Test func `What has left by retention is not missing`() async throws {
    let outbox = try Outbox(archives: 3)
    for number in 1...2 as ClosedRange<Int64> { try outbox.retire("mts", number) }
    try outbox.publish()
    let report = try await outbox.audit()
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.archives.map(\.state) == [.retired, .retired, .here])
  }

  @Test func `fault 46: an altered archive is told, with what it touches`() async throws {
    let outbox = try Outbox(archives: 3)
    try outbox.flip(Self.first)
    let report = try await outbox.audit()
    #expect(report.classes.map(\.kind) == [.altered] && report.exitStatus == 3)
    #expect(report.classes.first?.archives == 1 && report.classes.first?.records == 2)
    #expect(report.findings.first?.subject == Self.first)
  }

  @Test func `fault 51: an archive without its signature, or by a stranger, is told`() async throws
  {
    let outbox = try Outbox(archives: 3)
    try FileManager.default.removeItem(atPath: outbox.path(Self.first + ".minisig"))
    #expect(try await outbox.findings() == ["unsigned: signature_missing"])
    let stranger = try await outbox.audit(keyring: Keyring([outbox.mts.card]))
    #expect(stranger.findings.filter { $0.code == "unknown_sender" }.count == 5)
  }

  @Test func `fault 60: a missing archive is told, and one that swapped its name`() async throws {
    let outbox = try Outbox(archives: 3)
    try outbox.swap(Self.first, Self.second)
    let swapped = try await outbox.audit()
    #expect(swapped.findings.map(\.code) == ["misnamed", "misnamed"] && swapped.exitStatus == 13)
    try outbox.swap(Self.first, Self.second)
    try outbox.remove(Self.second)
    #expect(try await outbox.findings() == ["missing: missing"])
  }

  @Test func `fault 60: a gap in the numbers is told, although nothing is missing`() async throws {
    let outbox = try Outbox(archives: 1)
    try outbox.archive { $0.sequence = 4 }
    try outbox.checkpoint()
    #expect(try await outbox.findings().contains("missing: sequence_gap"))
  }

  @Test func `fault 60: two archives with one number are told as forked`() async throws {
    let outbox = try Outbox(archives: 2)
    try outbox.remove(Self.first)
    try outbox.seal("mts", 1, nil, records: 9, signer: outbox.registry).publish()
    let report = try await outbox.audit()
    #expect(report.findings.map(\.kind) == [.forked] && report.exitStatus == 14)
  }

  @Test func `fault 60: an archive that continues another history is told`() async throws {
    let outbox = try Outbox(archives: 1)
    try outbox.seal("mts", 2, outbox.kept().head.hash, signer: outbox.registry).publish()
    let report = try await outbox.audit()
    #expect(report.findings.map(\.code) == ["not_recorded"] && report.exitStatus == 12)
    #expect(report.classes.first?.records == 2)
  }

  @Test func `fault 63: a restored machine that numbers anew is told by the kept checkpoint`()
    async throws
  {
    let (old, kept) = try (Outbox(archives: 2), Outbox(archives: 3).kept())
    let report = try await old.audit(after: kept)
    #expect(report.findings.map(\.code) == ["ledger_rolled_back"] && report.exitStatus == 16)
    let other = try await Outbox(archives: 5).audit(after: kept)
    #expect(other.findings.map(\.code) == ["ledger_forked"])
  }

  @Test func `A kept checkpoint that is a part of the ledger is fine`() async throws {
    let outbox = try Outbox(archives: 1)
    let kept = try outbox.kept()
    try outbox.archive()
    try outbox.publish()
    let report = try await outbox.audit(after: kept)
    #expect(report.findings.isEmpty && report.ledger.earlier == 2)
  }

  @Test func `What does not belong into an outbox is told`() async throws {
    let outbox = try Outbox(archives: 1)
    for name in ["export.csv", "mts/notes.txt", "LEDGER/x", "LEDGER/x.part", "mts/.hidden"] {
      try outbox.place.write("=cmd()", as: "outbox/" + name)
    }
    let report = try await outbox.audit()
    #expect(report.findings.map(\.code) == Array(repeating: "stranger", count: 5))
    #expect(report.exitStatus == 12)
  }

  @Test func `An archive that is recorded and not visible yet is no loss; in the middle it is`()
    async throws
  {
    let outbox = try Outbox(archives: 1)
    try outbox.archive(shown: false)
    try outbox.checkpoint()
    let report = try await outbox.audit()
    #expect(report.findings.map(\.code) == ["not_visible_yet"] && report.exitStatus == 1)
    try outbox.archive()
    try outbox.publish()
    #expect(try await outbox.findings() == ["missing: missing"])
  }

  @Test func `Archives without a receipt for long are overdue, acknowledged ones are not`()
    async throws
  {
    let outbox = try Outbox(archives: 2)
    try outbox.receipt(1)
    try outbox.receipt(1, state: "tokenised")
    try outbox.publish()
    let report = try await outbox.audit(days: 60)
    #expect(report.findings.map(\.subject) == [Self.second] && report.exitStatus == 1)
    #expect(report.archives.map(\.acknowledged) == ["tokenised", nil])
  }

  @Test func `A receipt by a stranger, or of nothing, is told`() async throws {
    let outbox = try Outbox(archives: 1)
    try outbox.receipt(1, by: "mallory")
    try outbox.receipt(7)
    try outbox.publish()
    #expect(
      try await outbox.findings() == ["ledger: receipt_by_stranger", "ledger: receipt_of_nothing"])
  }

  @Test func `The receipt of an archive whose recipients nobody recorded is fine`() async throws {
    let outbox = try Outbox()
    try outbox.archive(shown: false) { $0.recipients = [] }
    try outbox.retire("mts", 1, removing: false)
    try outbox.receipt(1)
    try outbox.publish()
    #expect(try await outbox.findings() == [])
  }

  @Test func `What a refusal means follows from its kind`() {
    let rows: [(any Fault, FindingClass)] = [
      (KeysFault(.signatureMissing, ""), .unsigned), (KeysFault(.unknownSender, ""), .unsigned),
      (KeysFault(.signatureRefused, ""), .altered), (KeysFault(.expired, ""), .key),
      (ArchiveFault(.signature, "signature_missing", ""), .unsigned),
      (ArchiveFault(.signature, "other_sender", ""), .unsigned),
      (ArchiveFault(.signature, "comment_differs", ""), .altered),
      (ArchiveFault(.header, "unknown_sender", ""), .altered),
      (FileFault(.notFound, ""), .remark), (FileFault(.notPermitted, ""), .unreadable),
      (FileFault(.symbolicLink, ""), .altered),
    ]
    for (fault, kind) in rows { #expect(FindingClass(fault) == kind, "\(fault.code)") }
  }

  @Test func `The gravest finding decides the exit status`() {
    let statuses = FindingClass.allCases.map(\.exitStatus)
    #expect(statuses == [3, 3, 16, 14, 12, 11, 13, 17, 15, 4, 1, 1])
    #expect(FindingClass.allCases.sorted(by: >) == FindingClass.allCases)
  }
}
