import Files
import Foundation
import JSONText
import Keys
import Secrets
import Testing

@Suite struct RotationTests {
  private let pair: Correspondents

  init() throws { pair = try Correspondents() }

  @Test func `fault 67: both keys sign while the overlap lasts, and sealing goes to the new one`()
    throws
  {
    let rotation = try pair.announce()
    #expect(try pair.tell().isNew)
    #expect(try !pair.tell().isNew)
    let keyring = try pair.mts.keyring()
    func found(_ card: Card, _ day: String, _ made: String? = nil) throws -> String? {
      let (now, time) = (try moment(day), try made.map(moment))
      return code { try keyring.check(card, for: .archives, at: now, made: time) }
    }
    #expect(try found(pair.old, "2026-03-15") == nil)
    #expect(try found(rotation.next, "2026-03-15") == nil)
    #expect(try found(rotation.next, "2026-02-27") == "key_not_yet_valid")
    #expect(try found(pair.old, "2026-04-01") == "key_retired")
    #expect(try found(pair.old, "2026-09-01", "2026-03-15") == nil, "old archives verify")
    for (day, card) in [("2026-02-27", pair.old), ("2026-03-01", rotation.next)] {
      #expect(try keyring.recipient(named: "registry", at: moment(day)) == card)
    }
  }

  @Test func `fault 67: after the cut-over the old identity opens until the overlap ends`() throws {
    let rotation = try pair.announce()
    #expect(code { try pair.finish("2026-02-15") } == "rotation_too_early")
    #expect(try pair.finish("2026-03-02") == rotation.next)
    #expect(try pair.registry.ownCard() == rotation.next)
    #expect(code { try pair.finish("2026-03-02") } == "rotation_missing")
    func opened(_ card: Card, _ day: String) throws -> Card {
      try pair.registry.identity(opening: [card.fingerprint], at: moment(day)).card
    }
    #expect(try opened(pair.old, "2026-03-15") == pair.old)
    #expect(try opened(rotation.next, "2026-03-15") == rotation.next)
    #expect(code { try opened(pair.old, "2026-04-01") } == "key_retired")
    #expect(try pair.registry.keyring().faults.isEmpty)
    #expect(try pair.registry.keyring().cards.contains(pair.old))
  }

  @Test func `fault 67: a cut-over that is cut short anywhere is done again`() throws {
    _ = try pair.announce()
    let before = try pair.copy()
    let rotation = try #require(try pair.registry.announced())
    #expect(try pair.finish("2026-03-02") == rotation.next)
    let after = try Set(pair.site.names())
    // Any set of the files that the cut-over writes first may be there already.
    for name in ["identity.\(pair.old.keyID.hex).json", "registry.\(pair.old.keyID.hex).card.json"]
    {
      let site = try pair.copy(of: before)
      try FileManager.default.copyItem(
        atPath: "\(pair.site.path)/\(name)", toPath: "\(site.path)/\(name)")
      #expect(try site.keys().finishRotation(at: moment("2026-03-02")) == rotation.next)
      #expect(try Set(site.names()) == after)
    }
  }

  @Test func `fault 67: killed right after the new identity came in force, the rest follows`()
    throws
  {
    let rotation = try pair.announce()
    let path = pair.site.path
    _ = rename("\(path)/identity.json", "\(path)/identity.\(pair.old.keyID.hex).json")
    _ = rename("\(path)/identity.next.json", "\(path)/identity.json")
    let now = try moment("2026-03-02")
    #expect(
      code { try pair.registry.keyring().check(rotation.next, for: .archives, at: now) } == nil)
    #expect(try pair.registry.announced() == nil)
    #expect(try pair.finish("2026-03-02") == rotation.next)
    #expect(try pair.registry.card(named: "registry") == rotation.next)
  }

  @Test func `fault 67: killed after the next identity was made, it is the one announced`() throws {
    let rotation = try pair.announce()
    for ending in ["", ".minisig"] {
      try FileManager.default.removeItem(
        atPath: "\(pair.site.path)/registry.rotation.json\(ending)")
    }
    #expect(try pair.announce().next == rotation.next)
    #expect(code { try pair.announce() } == "rotation_there")
  }

  @Test func `fault 67: a rotation of the key that came by rotation follows it`() throws {
    let first = try pair.announce()
    #expect(try pair.tell().isNew)
    let old = try pair.read()
    #expect(try pair.finish("2026-03-02") == first.next)
    let second = try pair.announce(at: "2026-04-01", from: "2026-04-02", until: "2026-05-01")
    #expect(try pair.tell("2026-04-01").isNew)
    let keyring = try pair.mts.keyring()
    #expect(Set(keyring.cards).isSuperset(of: [pair.old, first.next, second.next]))
    #expect(try pair.mts.card(named: "registry") == first.next)
    let found = code {
      try pair.mts.add(rotation: old.0, signature: old.1, at: moment("2026-04-01"))
    }
    #expect(found == "rotation_rolled_back")
  }

  @Test func `an announced card that is added by hand takes its place at once`() throws {
    let rotation = try pair.announce()
    try pair.tell()
    #expect(try pair.mts.add(rotation.next))
    #expect(try pair.mts.card(named: "registry") == rotation.next)
    #expect(try pair.mts.keyring().cards.contains(pair.old))
  }

  @Test func `an expired key announces nothing, and the next one is valid as long`() throws {
    let site = try Site()
    let terms = CardTerms(
      usage: [.archives], notBefore: try moment("2026-01-01"), expires: try moment("2026-01-31"))
    let own = try site.keys().createIdentity(named: KeyName("registry"), terms: terms)
    func announce(_ day: String) throws -> Card {
      let now = try moment(day)
      return try site.keys().announceRotation(
        of: own, at: now, from: now, until: moment("2026-12-01")
      ).next
    }
    #expect(code { try announce("2026-02-01") } == "key_expired")
    let next = try announce("2026-01-20")
    #expect(next.terms.usage == [.archives] && next.terms.replaces == own.card.fingerprint)
    #expect(next.terms.expires == UTCTime(text: "2026-02-19T00:00:00Z"))
  }
}
