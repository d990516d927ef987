import Archives
import Files
import Fixtures
import Foundation
import JSONText
import Jobs
import Keys
import Ledger
import Secrets
import Store
import Testing

/// What receivers say back, and what it changes.
struct ReceiptTests {
  private let office: PostOffice

  init() throws {
    office = try PostOffice()
    try office.send("a")
  }

  private func receipt(_ state: Receipt.State = .opened, at: Int64 = 0) throws -> SignedDocument {
    try office.receipt(office.archive("a", 1), state, at: at)
  }

  private func state() throws -> String {
    let state = try #require(try office.state)
    return "\(state.published) \(state.collected) \(state.answered)"
  }

  @Test("An archive goes from published to collected to answered, and never back")
  func forward() throws {
    #expect(try state() == "1 0 0")
    #expect(try office.answer(receipt()) == "accepted")
    #expect(try state() == "0 1 0")
    let verdict = try office.verdict("r.json")
    #expect(verdict["kind"] == "receipt" && verdict["receipt"]?["archive"] == "collected")
    #expect(try office.answer(receipt(.tokenised(answered: 1, failed: 0))) == "accepted")
    #expect(try state() == "0 0 1")
    #expect(try office.answer(receipt(.tokenised(answered: 1, failed: 1))) == "accepted")
    let rows = try office.told(.receipt)
    #expect(rows.map { $0["state"] } == ["opened", "tokenised", "tokenised"])
    #expect(rows.allSatisfy { $0["by"] == "mts" && $0["sequence"] == 1 })
    #expect(office.folder.names("site/store/claimed").isEmpty)
  }

  @Test("fault 59: a receipt that comes again changes nothing, today, next year, after a restart")
  func replayed() throws {
    let first = try receipt()
    #expect(try office.answer(first) == "accepted")
    #expect(try office.answer(first) == "duplicate duplicate")
    #expect(try office.answer(first, as: "other.json", days: 366) == "duplicate duplicate")
    #expect(try office.answer(receipt(at: 5)) == "duplicate duplicate", "as much in other bytes")
    let answered = try receipt(.tokenised(answered: 2, failed: 0))
    #expect(try office.answer(answered) == "accepted")
    #expect(try office.answer(first) == "duplicate duplicate")
    let less = try receipt(.tokenised(answered: 1, failed: 0))
    #expect(try office.answer(less) == "duplicate duplicate")
    #expect(try state() == "0 0 1")
    #expect(try office.told(.receipt).count == 2)
  }

  @Test("fault 96: that an archive was opened may come after that it was answered")
  func late() throws {
    #expect(try office.answer(receipt(.tokenised(answered: 2, failed: 0))) == "accepted")
    #expect(try office.answer(receipt()) == "accepted")
    #expect(try state() == "0 0 1")
    #expect(try office.verdict("r.json")["receipt"]?["archive"] == "answered")
  }

  @Test("fault 64: a receipt for what this site has not shown is held, with its reason")
  func unknown() throws {
    let other = try PostOffice()
    try other.send("a")
    try other.send("b")
    let foreign = try Receipt(
      for: other.archive("a", 1), by: office.mts.name, state: .opened, at: UTCTime(clamping: 9))
    #expect(
      try office.answer(foreign.signed(by: office.mts)) == "quarantined receipt_digest_differs")
    let ahead = try Receipt(
      for: other.archive("b", 2), by: office.mts.name, state: .opened, at: UTCTime(clamping: 9))
    #expect(
      try office.answer(ahead.signed(by: office.mts)) == "quarantined receipt_unknown_archive")
    #expect(try state() == "1 0 0")
    #expect(try office.told(.receipt).isEmpty)
  }

  @Test("fault 64: a receipt about another registry, another stream, or other counts is held")
  func foreign() throws {
    guard case .object(let sound) = try receipt().json else { return }
    let rows: [(String, JSON, String)] = [
      ("to", "elsewhere", "not_for_us"), ("stream", "none", "receipt_unknown_archive"),
      ("stream", "other", "receipt_unknown_archive"),
      ("records", 1, "receipt_counts_differ"),
      ("archive", .string(Digest(of: [1]).hex), "receipt_digest_differs"),
    ]
    for (key, value, code) in rows {
      let members = sound.filter { ![key, "airlock", "version", "sender"].contains($0.key) }
      let document = try SignedDocument(
        .receipt, members + [JSON.Member(key, value)], signer: office.mts)
      #expect(try office.answer(document) == "quarantined \(code)", "\(key)")
    }
    #expect(try state() == "1 0 0")
  }

  @Test("fault 51: a receipt counts by the signature of a recipient of its stream only")
  func signers() throws {
    let archive = try office.archive("a", 1)
    let sound = try receipt()
    #expect(try office.answer(sound, as: "1.json", signed: false) == "quarantined unsigned")
    let unknown = try office.receipt(archive, by: office.stranger)
    #expect(try office.answer(unknown, as: "2.json") == "quarantined unknown_signer")
    _ = try KeyFolder(office.site.keys).add(office.stranger.card)
    #expect(
      try office.answer(unknown, as: "3.json") == "quarantined signer_not_trusted_for_kind")
    let own = try office.receipt(archive, by: office.signer)
    #expect(try office.answer(own, as: "4.json") == "quarantined signer_not_trusted_for_kind")
    let text = String(decoding: sound.text, as: UTF8.self)
    let altered = text.replacing("\"records\":2", with: "\"records\":1")
    try office.drop(altered, as: "5.json")
    try office.drop(sound.signature, as: "5.json.minisig")
    try office.pass()
    #expect(try office.outcome("5.json") == "quarantined signature_mismatch")
    #expect(try state() == "1 0 0")
  }

  @Test("fault 34: no other signed document passes for a receipt, and those of keys have a hint")
  func kinds() throws {
    let rows: [(SignedDocument.Kind, String)] = [
      (.rotation, "airlock keys add"), (.revocations, "airlock keys add"), (.index, "receipts"),
    ]
    for (kind, hint) in rows {
      let document = try SignedDocument(kind, [], signer: office.mts)
      #expect(try office.answer(document, as: "\(kind).json") == "rejected not_a_drop")
      let said = try office.verdict("\(kind).json")["reason"]?["hint"]?.text
      #expect(said?.contains(hint) == true, "\(kind)")
    }
    guard case .object(let members) = try receipt().json else { return }
    let own = members.filter { !["airlock", "version", "sender"].contains($0.key) }
    let index = try SignedDocument(.index, own, signer: office.mts)
    let text = String(decoding: index.text, as: UTF8.self)
      .replacing("\"airlock\":\"index\"", with: "\"airlock\":\"receipt\"")
    try office.drop(text, as: "i.json")
    try office.drop(index.signature, as: "i.json.minisig")
    try office.pass()
    #expect(try office.outcome("i.json") == "quarantined signature_mismatch")
  }

  @Test("fault 64: who joined the stream later cannot receipt an archive that was not sealed to it")
  func joinedLater() throws {
    let escrow = try Identity.generate(name: KeyName("escrow"))
    _ = try KeyFolder(office.site.keys).add(escrow.card)
    try office.policy(recipients: #""mts", "escrow""#)
    let forged = try office.receipt(office.archive("a", 1), by: escrow)
    #expect(try office.answer(forged) == "quarantined signer_not_trusted_for_kind")
    #expect(try office.told(.receipt).isEmpty)
    #expect(try office.answer(receipt()) == "accepted")
  }

  @Test("A receipt is its recipient's by the key that the archive was sealed to, not by a name")
  func sameName() throws {
    let sent = try office.archive("a", 1)
    let other = try Identity.generate(name: KeyName("mts"))
    try office.folder.write(other.card.text, as: "site/keys/mts.card.json")
    let forged = try office.receipt(sent, by: other)
    #expect(try office.answer(forged) == "quarantined signer_not_trusted_for_kind")
    #expect(try office.told(.receipt).isEmpty)
  }

  @Test("A signed receipt that breaks a rule of its kind is refused as everywhere")
  func rules() throws {
    guard case .object(let members) = try receipt().json else { return }
    let own = members.filter { !["airlock", "version", "sender"].contains($0.key) }
    for (key, value) in [("state", "closed"), ("records", -1), ("more", 1)] as [(String, JSON)] {
      let changed = own.filter { $0.key != key } + [JSON.Member(key, value)]
      let document = try SignedDocument(.receipt, changed, signer: office.mts)
      #expect(try office.answer(document, as: "\(key).json") == "rejected document_format")
    }
    #expect(try state() == "1 0 0")
  }

  @Test("A receipt needs a policy, and the stream's recipients of now")
  func policies() throws {
    try office.policy(recipients: "\"registry\"")
    #expect(try office.answer(receipt()) == "quarantined signer_not_trusted_for_kind")
    try office.folder.write("{}", as: "site/policies/site.json")
    #expect(try office.answer(receipt()) == "rejected no_policy")
  }
}
