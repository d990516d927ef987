import Faults
import Files
import Foundation
import Keys
import Secrets
import Testing

@Suite struct CardTests {
  let site: Site
  let keys: KeyFolder

  init() throws {
    site = try Site()
    keys = try site.keys()
  }

  private func party(_ name: String) throws -> Card {
    try Identity.generate(name: KeyName(name)).card
  }

  @Test func `a card survives its text`() throws {
    let card = try party("mts")
    #expect(try Card(parsing: Array(card.text.utf8)) == card)
    #expect(card.fingerprint.text.split(separator: " ").count == 16)
    #expect(Fingerprint(text: card.fingerprint.text) == card.fingerprint)
  }

  @Test func `no byte of a card can be altered unnoticed`() throws {
    let card = try party("mts")
    let text = Array(card.text.utf8)
    for index in text.indices {
      for flip in [0x01, 0xFF] as [UInt8] {
        var altered = text
        altered[index] ^= flip
        // Only white space may differ, and the name, which the file's name checks.
        guard let read = try? Card(parsing: altered) else { continue }
        #expect(read.fingerprint == card.fingerprint && read.keyID == card.keyID, "byte \(index)")
      }
    }
  }

  @Test(arguments: [
    ("\"key_id\": \"", "\"key_id\": \"0", "card_altered"),
    ("\"fingerprint\": \"", "\"fingerprint\": \"0", "card_altered"),
    ("\"version\": 1", "\"version\": 2", "version_unknown"),
    ("\"card\"", "\"identity\"", "wrong_kind"),
    ("{\n", "{ \"extra\": 1,", "unknown_key"),
    ("\"name\": \"mts\"", "\"name\": \"../mts\"", "bad_key_name"),
    ("\"name\": \"mts\"", "\"name\": \"mts\", \"name\": \"mts\"", "json_duplicate_key"),
    ("=\"", "\"", "not_base64"),
  ])
  func `an altered card is refused by name`(old: String, new: String, wanted: String) throws {
    let text = try party("mts").text.replacingOccurrences(of: old, with: new)
    #expect(code { try Card(parsing: Array(text.utf8)) } == wanted)
  }

  @Test func `cards are added once, found, and never replaced`() throws {
    let card = try party("mts")
    #expect(try keys.add(card))
    #expect(try !keys.add(card))
    #expect(try keys.card(named: "mts") == card)
    #expect(code { try keys.add(party("mts")) } == "name_taken")
    let alias = Card(name: try KeyName("alias"), sealing: card.sealing, signing: card.signing)
    #expect(code { try keys.add(alias) } == "key_taken")
    #expect(try keys.card(named: "mts") == card)
    let stock = try Minisign.publicKey(parsing: Array(site.text("mts.minisign.pub").utf8))
    #expect(stock == card.signing)
  }

  @Test func `an unknown name comes with the nearest one`() throws {
    try keys.add(party("mts-site"))
    let fault = #expect(throws: KeysFault.self) { try keys.card(named: "mts-sita") }
    #expect(fault?.code == "card_unknown")
    #expect(fault?.hint == "did you mean \"mts-site\"?")
    #expect(code { try keys.card(named: "../\u{1B}[31m") } == "card_unknown")
  }

  @Test func `fault 66: junk is reported and hides no card`() throws {
    try keys.add(party("one"))
    try keys.add(party("two"))
    try site.write("broken.card.json", "{")
    try site.write("three.card.json", party("four").text)
    try site.write("notes.txt", "hello")
    try site.write("upload.part", "ignored")
    let list = try keys.cards()
    #expect(list.cards.map(\.name.text) == ["one", "two"])
    #expect(
      list.faults.map(\.code).sorted() == ["card_format", "card_misnamed", "stranger_in_keys"])
  }

  @Test(arguments: [
    "", "A", "a b", "a/b", "..", "-a", "é", "a.b", String(repeating: "a", count: 65),
  ])
  func `a name that is not one is refused`(text: String) {
    #expect(code { try KeyName(text) } == "bad_key_name")
  }
}
