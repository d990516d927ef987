import Files
import JSONText
import Keys
import Ledger
import Secrets

extension Outbox {
  /// The certificate of a run on some day.
  static func certificate(
    day: Int64 = 0, vids: Int = 3, policy: String = "vids", first: UInt64 = 0
  ) throws -> ErasureCertificate {
    let stamp = time(day).text.filter { $0 != "-" && $0 != ":" }
    return try ErasureCertificate(
      run: DropName("\(policy)-\(stamp)"), policy: DropName(policy),
      policyDigest: .made(4), snapshot: .made(5), at: time(day),
      counts: .init(
        matched: Int64(vids) + 2, registrants: Int64(vids), deleted: Int64(vids),
        leftOut: ["no_token": 2]),
      reach: "matched", token: "verified-result",
      marks: (0..<vids).map { .init(high: first, low: UInt64($0)) })
  }

  /// A policy's run: its certificate, and its entry.
  @discardableResult
  func erase(
    day: Int64 = 0, vids: Int = 3, policy: String = "vids", signer: Identity? = nil,
    shown: Bool = true, edit: (inout [String: JSON]) -> Void = { _ in }
  ) throws -> String {
    let certificate = try Outbox.certificate(day: day, vids: vids, policy: policy)
    let signer = signer ?? registry
    let document = try certificate.signed(by: signer)
    if shown { try certificate.publish(by: signer, in: folder) }
    let said = try LedgerPolicyRun(drop: 7, certificate, document: Digest(of: document.text))
    guard case .object(let members) = said.json else { throw Missing() }
    var what = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
    edit(&what)
    try record(.policyRun, .object(what.map { .init($0.key, $0.value) }), day: day)
    return "CERTIFICATES/\(try certificate.fileName)"
  }
}

extension ErasureCertificate {
  func publish(by signer: Identity, in outbox: Folder) throws {
    try publish(signed(by: signer), in: outbox)
  }
}
