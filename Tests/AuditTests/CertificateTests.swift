import Audit
import Files
import Fixtures
import Foundation
import JSONText
import Keys
import Ledger
import Secrets
import Testing

/// What an audit makes of erasure certificates, and of those who tamper with them.
@Suite struct CertificateTests {
  private static let second = "CERTIFICATES/vids-20260102T120000Z.certificate.json"

  /// One archive, and two runs of a policy, of 3 and of 5 VIDs.
  private func outbox() throws -> Outbox {
    let outbox = try Outbox(archives: 1)
    try outbox.erase()
    try #require(outbox.erase(day: 1, vids: 5) == Self.second)
    try outbox.checkpoint(day: 1)
    return outbox
  }

  private func rename(_ outbox: Outbox, to name: String) throws {
    for ending in ["", ".minisig"] {
      try FileManager.default.moveItem(
        atPath: outbox.path(Self.second) + ending,
        toPath: outbox.path("CERTIFICATES/" + name) + ending)
    }
  }

  @Test func `What policies deleted is told with its certificates, and sound`() async throws {
    let report = try await outbox().audit()
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.policyRuns.map(\.deleted) == [3, 5] && report.deleted == 8)
    #expect(report.policyRuns.allSatisfy { $0.state == .here && $0.policy == "vids" })
    #expect(report.streams == ["mts"] && report.archives.count == 1)
    #expect(try Schema("audit").accepts(report.json), "\(report.json.pretty())")
  }

  @Test func `A run that deleted nothing needs no certificate`() async throws {
    let outbox = try outbox()
    let nothing = try LedgerPolicyRun(
      drop: 9, policy: "vids", policyDigest: .made(4), snapshot: .made(5),
      matched: 2, leftOut: ["no_token": 2])
    try outbox.record(.policyRun, nothing.json, day: 1)
    try outbox.checkpoint(day: 1)
    let report = try await outbox.audit()
    #expect(report.findings.isEmpty && report.policyRuns.map(\.state) == [.here, .here, .none])
    #expect(try Schema("audit").accepts(report.json))
  }

  @Test func `The audit of one stream says nothing of certificates`() async throws {
    let outbox = try outbox()
    try outbox.flip(Self.second)
    let report = try await outbox.audit(stream: "mts")
    #expect(report.findings.isEmpty && report.policyRuns.isEmpty)
  }

  enum Harm: String, CaseIterable {
    case missing, altered, unsigned, forged, fewer, moved, another, again, stranger, orphan

    /// Class and code of what is found, and the exit status.
    var found: (String, Int32) {
      switch self {
      case .missing: ("missing: certificate_missing", 11)
      case .altered: ("altered: signature_refused", 3)
      case .unsigned: ("unsigned: signature_missing", 3)
      case .forged: ("unsigned: unknown_sender", 3)
      case .fewer: ("forked: certificate_forked", 14)
      case .moved: ("reordered: misnamed", 13)
      case .another: ("extra: certificate_not_recorded", 12)
      case .again: ("reordered: misnamed", 13)
      case .stranger, .orphan: ("extra: stranger", 12)
      }
    }
  }

  private func befall(_ harm: Harm, _ outbox: Outbox) throws {
    let fewer = try Outbox.certificate(day: 1, vids: 4)
    switch harm {
    case .missing: try outbox.remove(Self.second)
    case .altered:
      let text = try outbox.place.read("outbox/" + Self.second)
      let edited = text.replacingOccurrences(of: #""matched":7"#, with: #""matched":8"#)
      try outbox.place.write(edited, as: "outbox/" + Self.second)
    case .unsigned:
      try FileManager.default.removeItem(atPath: outbox.path(Self.second + ".minisig"))
    case .forged:
      try fewer.publish(by: Identity.generate(name: KeyName("registry")), in: outbox.folder)
    case .fewer: try fewer.publish(by: outbox.registry, in: outbox.folder)
    case .moved: try rename(outbox, to: "vids-20260103T120000Z.certificate.json")
    case .another:
      try Outbox.certificate(policy: "more").publish(by: outbox.registry, in: outbox.folder)
    case .again:
      for end in ["", ".minisig"] {
        try FileManager.default.copyItem(
          atPath: outbox.path(Self.second + end),
          toPath: outbox.path("CERTIFICATES/copy.certificate.json" + end))
      }
    case .stranger: try outbox.place.write("VID", as: "outbox/CERTIFICATES/vids.csv")
    case .orphan: try outbox.place.write("x", as: "outbox/CERTIFICATES/a.certificate.json.minisig")
    }
  }

  @Test(arguments: Harm.allCases)
  func `fault 92: a certificate that is taken, changed, forged or added is told`(harm: Harm)
    async throws
  {
    let outbox = try outbox()
    try befall(harm, outbox)
    let report = try await outbox.audit()
    let codes = report.findings.map { "\($0.kind.rawValue): \($0.code)" }
    #expect(codes == [harm.found.0] && report.exitStatus == harm.found.1, "\(report.findings)")
    let isTouched = ![.another, .again, .stranger, .orphan].contains(harm)
    let state = isTouched ? (harm == .missing ? .missing : .doubtful) : AuditedPolicyRun.State.here
    #expect(report.policyRuns.map(\.state) == [.here, state])
    #expect(report.archives.map(\.state) == [.here])
  }

  @Test func `fault 92: an entry that counts other VIDs than its certificate is told`() async throws
  {
    let outbox = try Outbox(archives: 1)
    try outbox.erase { $0["deleted"] = 2 }
    try outbox.checkpoint()
    #expect(try await outbox.findings() == ["ledger: entry_differs"])
  }

  @Test func `fault 92: a recipient's certificate is none of the site`() async throws {
    let outbox = try outbox()
    try outbox.erase(day: 1, policy: "mine", signer: outbox.mts)
    try outbox.checkpoint(day: 1)
    #expect(try await outbox.findings() == ["unsigned: other_sender"])
  }

  @Test func `A certificate that is just about to be recorded is a remark`() async throws {
    let outbox = try outbox()
    try Outbox.certificate(day: 2).publish(by: outbox.registry, in: outbox.folder)
    #expect(try await outbox.findings() == ["remark: certificate_not_recorded_yet"])
    try outbox.record(.program, ["version": "2"], day: 3)
    try outbox.checkpoint(day: 3)
    #expect(try await outbox.findings() == ["extra: certificate_not_recorded"])
  }

  @Test func `fault 66: a certificate by a key that was revoked or replaced before it is told`()
    async throws
  {
    for change in ["revoked", "rotated"] {
      let outbox = try outbox()
      let next = try Identity.generate(name: KeyName("registry"))
      let key = change == "revoked" ? outbox.registry.card : next.card
      try outbox.record(
        .keys,
        [
          "change": .string(change), "name": "registry", "key_id": .string(key.keyID.hex),
          "fingerprint": .string(key.fingerprint.digest.hex),
        ], day: 2)
      try outbox.erase(day: 6)
      try outbox.checkpoint(signer: next, day: 6)
      try outbox.index("mts", signer: next)
      let keyring = Keyring([
        .init(next.card, .current), .init(outbox.registry.card, .earlier, until: Outbox.time(5)),
      ])
      let report = try await outbox.audit(keyring: keyring)
      let codes = report.findings.map(\.code)
      #expect(codes == [change == "revoked" ? "key_revoked" : "key_retired"], "\(codes)")
      #expect(report.policyRuns.map(\.state) == [.here, .here, .doubtful])
      #expect(report.exitStatus == 17)
    }
  }

  @Test func `fault 97: certificates that may not be read are not called missing`() async throws {
    let outbox = try outbox()
    try FileManager.default.removeItem(atPath: outbox.path("CERTIFICATES"))
    let report = try await outbox.audit()
    #expect(report.findings.map(\.code) == ["certificate_missing", "certificate_missing"])
    try outbox.place.write("x", as: "outbox/CERTIFICATES")
    #expect(try await outbox.findings().contains("extra: stranger"))
  }

  @Test func `A certificate is verified like other documents, by stock minisign too`() throws {
    let outbox = try outbox()
    let path = outbox.path(Self.second)
    let program = AuditorTests.products + "/airlock"
    let result = try Tool.run(program, ["verify", path, "--root", outbox.place.path])
    #expect(result.status == 0 && result.output.contains("certificate, signed by registry"))
    let key = Minisign.text(of: outbox.registry.card.signing)
    try outbox.place.write(key, as: "registry.pub")
    let stock = try Tool.run("minisign", ["-Vm", path, "-p", outbox.place("registry.pub")])
    #expect(stock.status == 0 && stock.output.contains("airlock certificate sender=registry"))
    try outbox.flip(Self.second, at: 300)
    let altered = try Tool.run(program, ["verify", path, "--root", outbox.place.path])
    #expect(altered.status == 3, "\(altered.output)")
  }
}
