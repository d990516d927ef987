import Audit
import Files
import Fixtures
import Foundation
import JSONText
import Synchronization
import Testing

@Suite struct IndexTests {
  private static let index = "mts/INDEX.json"

  @Test func `fault 60: a stream's last archive, deleted, is missing: its index had shown it`()
    async throws
  {
    let outbox = try Outbox(archives: 3)
    try outbox.remove("mts/monthly-00000003.sealed")
    let report = try await outbox.audit()
    #expect(report.findings.map(\.code) == ["missing"] && report.exitStatus == 11)
  }

  @Test func `An index of another form is told, although its signature is sound`() async throws {
    let outbox = try Outbox(archives: 2)
    try outbox.index("mts", more: [.init("surplus", 1)])
    #expect(try await outbox.findings() == ["index: document_format"])
  }

  @Test func `An index that comes a moment after its archive is waited for`() async throws {
    let outbox = try Outbox(archives: 2)
    let moves = ["", ".minisig"].map { (outbox.path(Self.index) + $0, outbox.place("held") + $0) }
    for (path, held) in moves { try FileManager.default.moveItem(atPath: path, toPath: held) }
    let report = try await outbox.audit {
      for (path, held) in moves { try? FileManager.default.moveItem(atPath: held, toPath: path) }
    }
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  @Test func `A site that never rests is looked at a few times only`() async throws {
    let outbox = try Outbox(archives: 2)
    try outbox.remove("mts/monthly-00000001.sealed")
    let (path, waits) = (outbox.path(Self.index), Waits())
    let report = try await outbox.audit {
      let time = Date(timeIntervalSince1970: Double(waits.next()))
      try? FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    }
    #expect(report.exitStatus == 11 && waits.count.load(ordering: .relaxed) == 3)
  }

  @Test func `Files being written are a remark; those that lie for longer are extra`() async throws
  {
    let outbox = try Outbox(archives: 1)
    for name in ["mts/.x.00000000.tmp", ".x.00000000.tmp", "LEDGER/.x.00000000.tmp"] {
      try outbox.place.write("=cmd()", as: "outbox/" + name)
    }
    let now = try await outbox.audit()
    #expect(now.findings.map(\.code) == ["being_written"] && now.exitStatus == 1)
    #expect(now.findings.first?.message.hasPrefix("3 files") == true)
    let later = try await outbox.audit(days: 36_500)
    #expect(later.findings.filter { $0.code == "stranger" }.count == 3 && later.exitStatus == 12)
  }
}

private final class Waits: Sendable {
  let count = Atomic(0)
  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
