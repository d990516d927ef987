import Foundation
import JSONText
import Keys
import Secrets
import Testing

@testable import Archives

@Suite struct HeaderTests {
  let text: String

  init() throws {
    let post = try Post()
    try post.publish()
    let bytes = try post.bytes()
    let end = try #require(bytes.dropFirst(19).firstIndex(of: 0x0A))
    text = String(decoding: bytes[19..<end], as: UTF8.self)
  }

  private func failure(_ text: String) -> String? {
    failureClass { try ArchiveHeader(parsing: Array(text.utf8)) }
  }

  @Test func `the header as it was written is accepted`() {
    #expect(failure(text) == nil)
  }

  @Test(arguments: [
    ("\"airlock\":\"archive\"", "\"airlock\":\"receipt\""),
    ("{\"airlock\"", "{\"aaa\":1,\"airlock\""),
    ("\"version\":2", "\"version\":1"),
    ("\"version\":2", "\"version\":3"),
    ("\"commitment\":\"", "\"commitment\":\"0"),
    ("\"batches\":2", "\"batches\":2.0"),
    ("\"batches\":2", "\"batches\":1000000"),
    ("\"batches\":2,", ""),
    ("\"batches\":2", "\"batches\": 2"),
    ("\"records\":2", "\"records\":-1"),
    ("\"sequence\":1", "\"sequence\":0"),
    ("\"sequence\":1", "\"sequence\":9223372036854775807"),
    ("\"sequence\":1", "\"sequence\":2"),
    ("\"previous\":null", "\"previous\":\"00\""),
    ("\"stream\":\"mts\"", "\"stream\":\"m\\u001b[31m\""),
    ("\"stream\":\"mts\"", "\"stream\":\"../mts\""),
    ("\"job\":\"monthly\"", "\"job\":\"\""),
    ("\"job\":\"monthly\"", "\"job\":\"month\\u006cy\""),
    ("\"name\":\"registry\"", "\"name\":\"Registry\""),
    ("\"given_name\"", "\"given name\""),
    ("\"given_name\"", "\"birthdate\""),
    ("T12:00:00Z", "T12:00:60Z"),
    ("T12:00:00Z", "T12:00:00+"),
    ("2025-03-01", "2025-02-30"),
    ("\"payload_bytes\":", "\"payload_bytes\":-"),
    ("\"payload_bytes\":", "\"payload_bytes\":99999999999999999"),
    ("\"payload_bytes\":4096", "\"payload_bytes\":9223372036854775808"),
    ("\"job\":\"monthly\"", "\"job\":\"\u{1B}[2J\""),
    ("\"given_name\"", "\"given\\u009bname\""),
    ("\"name\":\"mts\"}]", "\"name\":\"mts\",\"type\":\"grease\"}]"),
    ("\"policy\":\"", "\"policy\":\"0"),
    ("\"next_key\":null,", ""),
    ("\"next_key\":null", "\"next_key\":{}"),
    ("\"kind\":\"mts-request\"", "\"kind\":null"),
    ("\"recipients\":[", "\"recipients\":[],\"x\":["),
  ])
  func `fault 54, 55: a header that is not exactly one of ours is refused`(old: String, new: String)
    throws
  {
    #expect(text.contains(old), "the test is out of date")
    #expect(failure(text.replacingOccurrences(of: old, with: new)) == "header")
  }

  @Test func `fault 51: an unknown kind is named as such`() {
    let other = text.replacingOccurrences(of: "\"mts-request\"", with: "\"mts-reqvest\"")
    #expect(failure(other) == "type")
    let receipt = text.replacingOccurrences(of: "\"mts-request\"", with: "\"receipt\"")
    #expect(failure(receipt) == "type", "docs/decisions/009")
  }

  @Test func `an announced key survives the header, and is that of its fingerprint`() throws {
    let post = try Post()
    let from = try #require(UTCTime(text: "2025-06-01T00:00:00Z"))
    let next = NextKey(post.audit.card, from: from)
    let staged = try post.publish(nil, post.draft { $0.nextKey = next })
    #expect(try post.verified().header.draft.nextKey == next)
    let text = String(decoding: staged.header.json.canonical(), as: UTF8.self)
    let audit = post.audit.card.fingerprint.digest.hex
    let others = [
      (audit, post.mts.card.fingerprint.digest.hex), ("2025-06-01T00:00:00Z", "soon"),
      (Base64.encode(next.sealing.bytes), Base64.encode([UInt8](repeating: 0, count: 32))),
      (Base64.encode(next.signing.bytes), Base64.encode([UInt8](repeating: 0, count: 32))),
      ("\"from\":", "\"for\":\"\",\"from\":"),
    ]
    #expect(failure(text) == nil)
    for (old, new) in others {
      #expect(failure(text.replacingOccurrences(of: old, with: new)) == "header", "\(old)")
    }
  }

  @Test func `the key in force is not announced, and a sealed drop announces none`() throws {
    let post = try Post()
    let from = try #require(UTCTime(text: "2025-06-01T00:00:00Z"))
    let same = try post.draft { $0.nextKey = NextKey(post.registry.card, from: from) }
    #expect(code { try post.staged(post.spool(), same) } == "bad_draft")
    let drop = try post.draft { draft in
      (draft.kind, draft.fields, draft.records, draft.batches) = (.snapshot, [], 0, 0)
      draft.digests = .init(snapshot: draft.digests.snapshot, manifest: nil, policy: nil)
      draft.nextKey = NextKey(post.audit.card, from: from)
    }
    #expect(code { try post.staged(post.spool(), drop) } == "bad_draft")
  }

  @Test func `fault 50: recipients stand once, and are not too many`() throws {
    let header = try ArchiveHeader(parsing: Array(text.utf8))
    for count in [2, 65, 10_000] {
      let many = Array(repeating: header.recipients[0], count: count)
      let forged = ArchiveHeader(
        draft: header.draft, sender: header.sender, recipients: many,
        commitment: header.commitment, payloadBytes: 4_096)
      #expect(failure(String(decoding: forged.json.canonical(), as: UTF8.self)) == "header")
    }
  }

  @Test(arguments: ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "9999-12-31T23:59:59Z"])
  func `a time survives its text`(text: String) {
    #expect(UTCTime(text: text)?.text == text)
  }

  @Test(arguments: [
    "", "2025-02-29T00:00:00Z", "2025-1-01T00:00:00Z", "1969-12-31T23:59:59Z",
    "2025-01-01 00:00:00Z", "2025-01-01T24:00:00Z", "10000-01-01T00:00:00Z", "+025-01-01T00:00:00Z",
  ])
  func `a time that is not one is refused`(text: String) {
    #expect(UTCTime(text: text) == nil)
  }
}
