import JSONText
import Keys
import Secrets
import Testing

@Suite struct KeyringTests {
  private static let terms = [
    "plain": CardTerms.none,
    "dated": CardTerms(
      notBefore: UTCTime(text: "2026-02-01T00:00:00Z"),
      expires: UTCTime(text: "2026-03-01T00:00:00Z")),
    "results": CardTerms(usage: [.results, .receipts]),
  ]

  /// A card, what for, the day of today, the day it was made, what becomes of it.
  @Test(
    "fault 66: a key that is unfit is refused with its reason",
    arguments: [
      ("plain", KeyUsage.archives, "1970-01-01", nil, nil),
      ("plain", .seal, "9999-01-01", nil, nil),
      ("dated", .archives, "2026-01-31", nil, "key_not_yet_valid"),
      ("dated", .archives, "2026-02-01", nil, nil),
      ("dated", .archives, "2026-02-28", nil, nil),
      ("dated", .archives, "2026-03-01", nil, "key_expired"),
      ("dated", .archives, "2026-09-01", "2026-02-15", nil),
      ("dated", .archives, "2026-09-01", "2026-03-01", "key_expired"),
      ("dated", .archives, "2026-09-01", "2026-01-31", "key_not_yet_valid"),
      ("dated", .archives, "2026-01-15", "2026-02-15", "key_not_yet_valid"),
      ("results", .results, "2026-01-01", nil, nil),
      ("results", .archives, "2026-01-01", nil, "key_wrong_usage"),
      ("results", .seal, "2026-01-01", nil, "key_wrong_usage"),
    ] as [(String, KeyUsage, String, String?, String?)])
  func terms(
    _ name: String, _ usage: KeyUsage, _ now: String, _ made: String?, _ wanted: String?
  ) throws {
    let card = try Identity.generate(
      name: KeyName(name), terms: try #require(KeyringTests.terms[name])
    ).card
    let found = code {
      try Keyring([card]).check(card, for: usage, at: moment(now), made: made.map(moment))
    }
    #expect(found == wanted)
  }

  @Test(
    "fault 66: a key is revoked before and after it signed",
    arguments: [
      (Revocation.Reason.compromised, "2026-01-01", nil, "key_revoked"),
      (.compromised, "2026-01-01", "2025-01-01", "key_revoked"),
      (.compromised, "2030-01-01", nil, "key_revoked"),
      (.retired, "2026-01-01", nil, "key_revoked"),
      (.retired, "2026-01-01", "2025-12-31", nil),
      (.superseded, "2026-01-01", "2026-01-01", "key_revoked"),
      (.superseded, "2026-12-01", nil, nil),
    ] as [(Revocation.Reason, String, String?, String?)])
  func revoked(
    _ reason: Revocation.Reason, _ since: String, _ made: String?, _ wanted: String?
  ) throws {
    let card = try Identity.generate(name: KeyName("registry")).card
    let revocation = Revocation(
      name: card.name, keyID: card.keyID, fingerprint: card.fingerprint, reason: reason,
      since: try moment(since))
    let keyring = Keyring([Keyring.Entry(card, .current)], revocations: [revocation])
    let (now, time) = (try moment("2026-06-01"), try made.map(moment))
    #expect(code { try keyring.check(card, for: .archives, at: now, made: time) } == wanted)
    let signer = Signer(name: card.name, key: card.signing)
    let alone = Keyring([], strangers: [signer], revocations: [revocation])
    #expect(code { try alone.check(signer, for: .jobs, at: now, made: time) } == wanted)
  }

  @Test func `fault 66: no key at all, and two keys with one id, are told apart`() throws {
    let key = try Identity.generate(name: KeyName("a")).signing.publicKey
    #expect(try Keyring([]).signer(key.id) == nil)
    let twin = try SigningPublicKey(
      Identity.generate(name: KeyName("b")).signing.publicKey.bytes, id: key.id)
    let both = Keyring(
      [],
      strangers: [
        Signer(name: try KeyName("a"), key: key), Signer(name: try KeyName("b"), key: twin),
      ])
    #expect(code { try both.signer(key.id) } == "key_id_twice")
    #expect(
      code { try Keyring([]).recipient(named: "mts", at: moment("2026-01-01")) }
        == "card_unknown")
  }

  @Test func `a clock that is wrong is named where it may be the reason`() throws {
    let terms = CardTerms(expires: try moment("2026-03-01"))
    let card = try Identity.generate(name: KeyName("mts"), terms: terms).card
    let fault = #expect(throws: KeysFault.self) {
      try Keyring([card]).check(card, for: .seal, at: moment("2030-01-01"))
    }
    #expect(fault?.hint?.contains("clock, which says 2030-01-01T00:00:00Z") == true)
  }

  @Test(arguments: [
    ("2026-01-01", "not_yet_valid", 59), ("2026-02-01", "ending", 28),
    ("2026-02-28", "ending", 1), ("2026-03-01", "expired", 0),
  ])
  func `a key's state is told with the days left`(now: String, word: String, days: Int64) throws {
    let terms = try #require(KeyringTests.terms["dated"])
    let card = try Identity.generate(name: KeyName("mts"), terms: terms).card
    let keyring = Keyring([card])
    let state = keyring.state(of: keyring.entries[0], at: try moment(now))
    #expect(state.word.rawValue == word && state.daysLeft == days)
  }
}
