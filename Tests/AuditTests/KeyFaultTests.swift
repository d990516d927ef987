import Audit
import Files
import JSONText
import Keys
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
