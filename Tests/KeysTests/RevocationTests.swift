import Foundation
import JSONText
import Keys
import Secrets
import Testing

@Suite struct RevocationTests {
  private let pair: Correspondents

  init() throws {
    pair = try Correspondents()
    try pair.registry.add(pair.mts.ownCard())
  }

  private func found(_ keys: KeyFolder, _ card: Card, made: String? = nil) -> String? {
    code {
      try keys.keyring().check(
        card, for: nil, at: moment("2026-03-01"), made: made.map { try moment($0) })
    }
  }

  @Test func `fault 66: another's key that is revoked is refused here, and its owner is not asked`()
    throws
  {
    let mts = try pair.mts.ownCard()
    #expect(try pair.revoke("mts").number == 1)
    #expect(found(pair.registry, mts, made: "2020-01-01") == "key_revoked")
    #expect(
      code { try pair.registry.keyring().recipient(named: "mts", at: moment("2026-03-01")) }
        == "key_revoked")
  }

  @Test func `fault 66: a party revokes its own key, and others take its word`() throws {
    try pair.revoke("registry", .retired)
    #expect(found(pair.mts, pair.old) == nil)
    #expect(try pair.tellRevoked("2026-01-01").isNew)
    #expect(try !pair.tellRevoked().isNew)
    #expect(found(pair.mts, pair.old) == "key_revoked")
    #expect(found(pair.mts, pair.old, made: "2026-01-31") == nil)
  }

  @Test func `fault 66: what a party says of others' keys does not count elsewhere`() throws {
    try pair.revoke("mts")
    try pair.tellRevoked()
    let mts = try pair.mts.ownCard()
    #expect(found(pair.mts, mts) == nil)
  }

  @Test func `fault 67: a list that is older than the one seen, or gone, is refused`() throws {
    try pair.revoke("mts", .retired)
    let old = try pair.read("REVOKED.json")
    try pair.tellRevoked()
    #expect(try pair.revoke("registry").number == 2)
    try pair.tellRevoked()
    let again = code {
      try pair.mts.add(revocations: old.0, signature: old.1, at: moment("2026-02-02"))
    }
    #expect(again == "revocations_rolled_back")
    for site in [pair.site, pair.mtsSite] {
      let name = site.path == pair.site.path ? "REVOKED.json" : "registry.revoked.json"
      try site.write(name, String(decoding: old.0, as: UTF8.self))
      try site.write(name + ".minisig", String(decoding: old.1, as: UTF8.self))
      #expect(code { try site.keys().keyring() } == "revocations_rolled_back")
      try FileManager.default.removeItem(atPath: "\(site.path)/\(name)")
      #expect(code { try site.keys().keyring() } == "revocations_missing")
    }
  }

  @Test func `fault 67: nothing is taken back, not by a list with a higher number either`() throws {
    try pair.revoke("registry")
    try pair.tellRevoked()
    #expect(code { try pair.revoke("registry", .retired) } == "revocations_rolled_back")
    let thief = try pair.registry.identity()
    let own: JSON = .array(try pair.registry.keyring().revocations.map(\.json))
    for (keys, wanted) in [([], "revocations_rolled_back"), (own, "key_revoked")]
      as [(JSON, String)]
    {
      let list = try SignedDocument(
        .revocations, [.init("number", 9), .init("keys", keys)], signer: thief)
      let found = code {
        try pair.mts.add(
          revocations: list.text, signature: Array(list.signature.utf8), at: moment("2026-02-02"))
      }
      #expect(found == wanted)
    }
    try pair.revoke("mts", .superseded, since: "2026-02-01")
    #expect(
      code { try pair.revoke("mts", .retired, since: "2026-02-02") }
        == "revocations_rolled_back")
    #expect(try pair.revoke("mts", .compromised, since: "2026-02-02").number == 3)
  }

  @Test func `killed between a list and its signature, the list that was filed counts`() throws {
    try pair.revoke("mts")
    let signature = try SignedDocument(
      .revocations, [.init("number", 2), .init("keys", [])], signer: pair.registry.identity()
    ).signature
    try pair.site.write("REVOKED.json.minisig", signature)
    #expect(found(pair.registry, try pair.mts.ownCard()) == "key_revoked")
    #expect(try pair.revoke("registry", .retired).number == 2)
  }

  @Test func `every changed byte of a list is refused`() throws {
    try pair.revoke("mts")
    let text = Array(try pair.site.text("REVOKED.json").utf8)
    for index in text.indices {
      var altered = text
      altered[index] ^= 0x01
      try Data(altered).write(to: URL(filePath: "\(pair.site.path)/REVOKED.json"))
      #expect(code { try pair.registry.keyring() } != nil, "byte \(index)")
    }
    #expect(!text.isEmpty)
  }

  @Test func `a key is revoked by its id where a name has two`() throws {
    let rotation = try pair.announce()
    #expect(code { try pair.revoke("registry") } == "card_unknown")
    #expect(code { try pair.revoke("nobody") } == "card_unknown")
    try pair.revoke(pair.old.keyID.hex, .superseded)
    #expect(found(pair.registry, pair.old) == "key_revoked")
    #expect(found(pair.registry, rotation.next) == nil)
  }
}
