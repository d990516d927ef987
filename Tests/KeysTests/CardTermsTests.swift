import Foundation
import JSONText
import Keys
import Secrets
import Testing

@Suite struct CardTermsTests {
  private let card: Card

  init() throws {
    let terms = try CardTerms(
      usage: [.seal, .results], notBefore: moment("2026-01-01"), expires: moment("2027-01-01"))
    card = try Identity.generate(name: KeyName("mts"), terms: terms).card
  }

  @Test func `a card with terms survives its text, and one without has none of them`() throws {
    #expect(try Card(parsing: Array(card.text.utf8)) == card)
    let plain = try Identity.generate(name: KeyName("mts")).card
    for word in ["usage", "not_before", "expires", "replaces", "signature"] {
      #expect(!plain.text.contains(word))
    }
  }

  @Test func `no byte of a card with terms can be altered unnoticed`() throws {
    let text = Array(card.text.utf8)
    var tried = 0
    for index in text.indices {
      for flip in [0x01, 0xFF] as [UInt8] {
        var altered = text
        altered[index] ^= flip
        tried += 1
        // Only white space may differ.
        guard let read = try? Card(parsing: altered) else { continue }
        #expect(read == card, "byte \(index)")
      }
    }
    #expect(tried == 2 * text.count)
  }

  @Test(arguments: [
    ("\"results\"", "\"archives\"", "card_altered"),
    ("2027-01-01", "2028-01-01", "card_altered"),
    ("2027-01-01", "2025-01-01", "card_format"),
    ("2027-01-01T00:00:00Z", "tomorrow", "wrong_time"),
    ("\"results\"", "\"everything\"", "usage_unknown"),
    ("\"results\"", "\"seal\"", "usage_unknown"),
    ("\"signature\"", "\"stamp\"", "missing_key"),
    ("\"mts\"", "\"nts\"", "card_altered"),
  ])
  func `terms that were altered are refused`(old: String, new: String, wanted: String) throws {
    let text = card.text.replacingOccurrences(of: old, with: new)
    #expect(code { try Card(parsing: Array(text.utf8)) } == wanted)
  }

  @Test func `terms cannot be cut off a card and leave its signature`() throws {
    guard case .object(let members) = card.json else { return }
    let terms = ["usage", "not_before", "expires"]
    let cut = JSON.object(members.filter { !terms.contains($0.key) }).pretty()
    #expect(code { try Card(parsing: Array(cut.utf8)) } == "unknown_key")
  }

  @Test func `an identity keeps the terms of its card, also under a passphrase`() throws {
    for passphrase in [nil, try secret("sesame")] {
      let site = try Site()
      let terms = CardTerms(expires: try moment("2027-01-01"))
      let identity = try Identity.generate(name: KeyName("mts"), terms: terms)
      let folder = try site.keys().folder
      try IdentityFile.create(identity, in: folder, passphrase: passphrase, cost: .least)
      let read = try IdentityFile.load(in: folder) { try secret("sesame") }
      #expect(read.card == identity.card && read.card.terms == terms)
      let text = try site.text("identity.json")
      try site.write("identity.json", text.replacingOccurrences(of: "2027", with: "2029"))
      #expect(
        code { try IdentityFile.load(in: folder) { try secret("sesame") } } == "card_altered")
    }
  }
}
