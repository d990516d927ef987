import Foundation
import JSONText
import Keys
import Secrets
import Testing

@Suite struct ForgedRotationTests {
  private let pair: Correspondents

  init() throws { pair = try Correspondents() }

  private func add(_ document: SignedDocument, at day: String = "2026-02-02") throws -> Bool {
    try pair.mts.add(
      rotation: document.text, signature: Array(document.signature.utf8), at: moment(day)
    ).isNew
  }

  /// What a thief, or the key's owner in error, might sign.
  private func document(
    _ signer: Identity, _ next: Card? = nil, old: Card? = nil, at: String = "2026-02-01",
    from: String = "2026-03-01", until: String = "2026-04-01"
  ) throws -> SignedDocument {
    let next = try next ?? successor(of: pair.old).card
    return try SignedDocument(
      .rotation,
      [
        .init("old", .string((old ?? pair.old).fingerprint.text)), .init("card", next.json),
        .init("at", .string("\(at)T00:00:00Z")), .init("from", .string("\(from)T00:00:00Z")),
        .init("until", .string("\(until)T00:00:00Z")),
      ], signer: signer)
  }

  private func successor(of card: Card, named name: String = "registry") throws -> Identity {
    try Identity.generate(
      name: KeyName(name), terms: CardTerms(replaces: card.fingerprint))
  }

  @Test func `fault 67: a rotation that the key in force did not sign is refused`() throws {
    let thief = try Identity.generate(name: KeyName("registry"))
    #expect(code { try add(document(thief)) } == "unknown_sender")
    let own = try pair.registry.identity()
    let forged = try document(own)
    let other = try SignedDocument(.rotation, [], signer: own)
    #expect(
      code {
        try pair.mts.add(
          rotation: forged.text, signature: Array(other.signature.utf8), at: moment("2026-02-02"))
      } == "signature_refused")
    #expect(try pair.mts.keyring().cards.count == 2)
  }

  @Test func `fault 67: a rotation that cannot be is refused, whoever signed it`() throws {
    let own = try pair.registry.identity()
    let plain = try Identity.generate(name: own.name).card
    let misnamed = try successor(of: pair.old, named: "mts").card
    let stranger = try Identity.generate(name: KeyName("x")).card
    for document in try [
      document(own, plain), document(own, misnamed), document(own, old: stranger),
      document(own, pair.old), document(own, until: "2026-03-01"),
      document(own, at: "2026-05-01"), SignedDocument(.rotation, [], signer: own),
    ] {
      #expect(code { try add(document) } == "rotation_refused")
    }
  }

  @Test func `fault 67: a second announcement, and an older one, are refused and named`() throws {
    let own = try pair.registry.identity()
    #expect(try add(document(own)))
    #expect(code { try add(document(own)) } == "rotation_differs")
    #expect(code { try add(document(own, at: "2026-01-01")) } == "rotation_rolled_back")
  }

  @Test func `fault 67: a key that is unfit announces nothing`() throws {
    let own = try pair.registry.identity()
    let next = try successor(of: pair.old)
    #expect(try add(document(own, next.card)))
    // The next key, before its time.
    let early = try document(
      next, successor(of: next.card).card, old: next.card, from: "2026-05-01", until: "2026-06-01")
    #expect(code { try add(early) } == "key_not_yet_valid")
    try pair.revoke("registry")
    try pair.tellRevoked()
    let now = try moment("2026-03-15")
    #expect(
      code { try pair.mts.keyring().check(next.card, for: .archives, at: now) } == "key_revoked",
      "announced by a compromised key")
  }

  @Test func `fault 67: the keys of another party cannot be announced`() throws {
    let own = try pair.registry.identity()
    let mts = try pair.mts.identity()
    let stolen = Identity(
      name: own.name, sealing: mts.sealing, signing: mts.signing,
      terms: CardTerms(replaces: pair.old.fingerprint))
    #expect(code { try add(document(own, stolen.card)) } == "key_taken")
  }

  @Test func `fault 67: every changed byte of a filed rotation is noticed`() throws {
    _ = try pair.announce()
    try pair.tell()
    let text = Array(try pair.mtsSite.text("registry.rotation.json").utf8)
    for index in text.indices {
      var altered = text
      altered[index] ^= 0x01
      try Data(altered).write(
        to: URL(filePath: "\(pair.mtsSite.path)/registry.rotation.json"))
      #expect(code { try pair.mts.keyring() } != nil, "byte \(index)")
    }
    #expect(!text.isEmpty)
  }
}
