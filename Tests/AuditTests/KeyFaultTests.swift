import Audit
import Files
import JSONText
import Keys
import Ledger
import Secrets
import Testing

@Suite struct KeyFaultTests {
  /// The registry's card, with terms that it did not have when it signed.
  private func keyring(_ outbox: Outbox, _ terms: CardTerms) -> Keyring {
    let identity = outbox.registry
    let card = Identity(
      name: identity.name, sealing: identity.sealing, signing: identity.signing, terms: terms
    ).card
    return Keyring([card, outbox.mts.card])
  }

  /// What an old key signed in its overlap holds, and what it signed behind it does not.
  @Test(arguments: [(4, true), (6, false)] as [(Int64, Bool)])
  func `fault 66: an archive that the old key signed after its overlap is told`(
    day: Int64, isSound: Bool
  ) async throws {
    let outbox = try Outbox(archives: 1)
    let next = try Identity.generate(name: KeyName("registry"))
    try outbox.record(
      .keys,
      [
        "change": "rotated", "name": "registry", "key_id": .string(next.card.keyID.hex),
        "fingerprint": .string(next.card.fingerprint.digest.hex),
      ], day: 1)
    try outbox.archive(day: day, recorded: day)
    try outbox.index("mts", signer: next)
    try outbox.checkpoint(signer: next, day: day)
    let keyring = Keyring([
      .init(next.card, .current),
      .init(outbox.registry.card, .earlier, until: Outbox.time(5)),
      .init(outbox.mts.card, .current),
    ])
    let report = try await outbox.audit(keyring: keyring)
    #expect(report.findings.map(\.code) == (isSound ? [] : ["key_retired"]), "\(report.findings)")
    #expect(report.archives.map(\.state) == [.here, isSound ? .here : .doubtful])
    #expect(report.exitStatus == (isSound ? 0 : 17))
  }

  @Test func `fault 66: a key that had expired, or may not sign archives, is told`() async throws {
    let outbox = try Outbox(archives: 3)
    let second = UTCTime(clamping: Outbox.start.seconds + 86_400)
    let expired = try await outbox.audit(keyring: keyring(outbox, CardTerms(expires: second)))
    #expect(expired.exitStatus == 17 && expired.classes.map(\.kind) == [.key])
    #expect(expired.classes.first?.archives == 2 && expired.findings.first?.code == "key_expired")
    let wrong = try await outbox.audit(keyring: keyring(outbox, CardTerms(usage: [.jobs])))
    #expect(wrong.findings.allSatisfy { $0.code == "key_wrong_usage" } && wrong.findings.count == 5)
  }
}
