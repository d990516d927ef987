import Files
import Fixtures
import JSONText
import Keys
import Secrets
import Testing

@testable import Ledger

@Suite struct ErasureCertificateTests {
  private let signer: Identity

  init() throws { signer = try Identity.generate(name: KeyName("registry")) }

  static func make(_ count: Int = 3, deleted: Int64? = nil) throws -> ErasureCertificate {
    try ErasureCertificate(
      run: DropName("vids-20261123T100000Z"), policy: DropName("vids"),
      policyDigest: .made(1), snapshot: .made(2), at: LedgerBook.time,
      counts: .init(
        matched: 9, registrants: count > 0 ? 2 : 0, deleted: deleted ?? Int64(count),
        leftOut: ["no_token": 7]),
      reach: "matched", token: "verified-result",
      marks: (0..<count).reversed().map {
        .init(high: UInt64($0) &* 0x9E37_79B9_7F4A_7C15, low: UInt64($0))
      })
  }

  private func reread(_ json: JSON) throws -> ErasureCertificate {
    guard case .object(let members) = json else { throw KeysFault(.documentFormat, "no object") }
    let body = members.filter { !["airlock", "version", "sender"].contains($0.key) }
    return try ErasureCertificate(SignedDocument(.certificate, body, signer: signer))
  }

  @Test func `A certificate is read again as it was signed, its marks in order`() throws {
    let certificate = try Self.make()
    #expect(try ErasureCertificate(certificate.signed(by: signer)) == certificate)
    #expect(certificate.marks == certificate.marks.sorted() && certificate.marks.count == 3)
    #expect(try reread(certificate.signed(by: signer).json) == certificate)
  }

  @Test func `A mark is written as its 16 bytes, and read back`() {
    let mark = ErasureCertificate.Mark(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    #expect(mark.hex == "0123456789abcdeffedcba9876543210")
    #expect(ErasureCertificate.Mark(hex: mark.hex) == mark)
    for text in ["", "0123", mark.hex.uppercased(), mark.hex + "0", "0x" + mark.hex.dropFirst(2)] {
      #expect(ErasureCertificate.Mark(hex: text) == nil)
    }
  }

  @Test(
    arguments: [
      ("marks", ["00000000000000000000000000000001", "00000000000000000000000000000000"]),
      ("marks", ["00", "01", "02"]), ("marks", []), ("deleted", 2), ("registrants", 10),
      ("registrants", 0), ("matched", -1), ("left_out", ["no token": 1]),
      ("left_out", ["no_token": -1]), ("at", "today"), ("run", "../x"), ("policy", ""),
      ("vids", "All of them"), ("snapshot", "00"), ("more", 1),
    ] as [(String, JSON)])
  func `fault 92: a signed certificate that says what cannot be is refused`(
    key: String, value: JSON
  ) throws {
    guard case .object(var members) = try Self.make().signed(by: signer).json else { return }
    members.removeAll { $0.key == key }
    members.append(.init(key, value))
    let fault = #expect(throws: KeysFault.self) { try reread(.object(members)) }
    #expect(fault?.kind == .documentFormat)
  }

  @Test func `Two equal marks, and a count without its marks, are not signed`() throws {
    let mark = ErasureCertificate.Mark(high: 1, low: 2)
    #expect(throws: KeysFault.self) { try Self.make(3, deleted: 4) }
    #expect(throws: KeysFault.self) {
      try ErasureCertificate(
        run: DropName("a"), policy: DropName("a"), policyDigest: .made(0),
        snapshot: .made(0), at: LedgerBook.time,
        counts: .init(matched: 1, registrants: 1, deleted: 2), reach: "all", token: "result",
        marks: [mark, mark])
    }
  }

  @Test func `A published certificate is told by its digest and its run`() throws {
    let place = try TemporaryFolder()
    let outbox = try Folder(path: place.path)
    let certificate = try Self.make(2_000)
    let digest = try certificate.publish(certificate.signed(by: signer), in: outbox)
    let document = try UnverifiedDocument(
      "vids-20261123T100000Z.certificate.json", in: outbox.subfolder("CERTIFICATES"),
      kind: .certificate
    ).verified(byOneOf: [signer.card])
    #expect(Digest(of: document.text) == digest)
    #expect(try ErasureCertificate(document) == certificate)
    #expect(try certificate.publish(certificate.signed(by: signer), in: outbox) == digest)
  }

  @Test func `A policy run's entry is read again as it was written`() throws {
    let run = try LedgerPolicyRun(drop: 7, Self.make(), document: Digest(of: [3]))
    let nothing = try LedgerPolicyRun(
      drop: 8, policy: "vids", policyDigest: .made(1), snapshot: .made(2),
      matched: 4, leftOut: ["hold": 4])
    for said in [run, nothing] {
      let entry = try LedgerEntry(.policyRun, said.json, after: nil, at: LedgerBook.time)
      #expect(try LedgerPolicyRun(LedgerEntry(parsing: entry.line)) == said)
    }
    #expect(run.file == "vids-20261123T100000Z.certificate.json" && nothing.certificate == nil)
  }

  @Test(
    arguments: [
      ("certificate", nil), ("file", nil), ("deleted", "3"), ("matched", -1), ("left_out", [1]),
      ("digest", "xy"),
    ] as [(String, JSON)])
  func `fault 92: a policy run's entry of another form is refused`(key: String, value: JSON) throws
  {
    let run = try LedgerPolicyRun(drop: 7, Self.make(), document: Digest(of: [3]))
    guard case .object(let members) = run.json else { return }
    let what = JSON.object(members.map { $0.key == key ? .init(key, value) : $0 })
    let entry = try LedgerEntry(.policyRun, what, after: nil, at: LedgerBook.time)
    let fault = #expect(throws: LedgerFault.self) { try LedgerPolicyRun(entry) }
    #expect(fault?.kind == .format)
  }
}
