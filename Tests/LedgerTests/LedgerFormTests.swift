import Fixtures
import Foundation
import JSONText
import Keys
import Ledger
import Secrets
import Testing

/// No value of an entry has room for what does not belong there.
@Suite struct LedgerFormTests {
  private static let digest = JSON.string(Digest(of: []).hex)

  /// One sound `what` of each kind.
  private static let sound: [(LedgerKind, JSON)] = [
    (.site, ["name": "registry", "key_id": "0123456789ABCDEF", "fingerprint": digest]),
    (
      .drop,
      [
        "drop": 1, "kind": "vid-deletion", "outcome": "accepted", "code": .null, "digest": digest,
        "origin": "inbox", "released": false,
      ]
    ),
    (
      .run,
      [
        "drop": 1, "job": "monthly", "version": 1, "snapshot": digest, "manifest": digest,
        "policy": digest, "filter": digest, "conditions": [["birthdate", "="]],
        "fields": ["given_name"], "matched": 1, "sent": 0, "left_out": ["no_vid": 1],
        "stream": "mts", "sequence": .null, "accepted_loss": ["income"],
      ]
    ),
    (
      .receipt,
      ["stream": "mts", "sequence": 1, "state": "opened", "by": "mts", "digest": digest]
    ),
    (.retired, ["stream": "mts", "sequence": 1, "to": "kept"]),
    (
      .policyRun,
      [
        "drop": 1, "policy": "vids", "digest": digest, "snapshot": digest, "matched": 1,
        "registrants": 0, "deleted": 0, "left_out": ["no_token": 1], "certificate": .null,
        "file": .null,
      ]
    ),
    (.policy, ["digest": digest, "previous": .null]),
    (
      .keys,
      ["change": "added", "name": "mts", "key_id": "0123456789ABCDEF", "fingerprint": .null]
    ),
    (.program, ["version": "1.0"]), (.release, ["digest": digest]), (.retry, ["digest": .null]),
    (.reject, ["digest": .null]), (.thaw, ["registrants": 2]),
  ]

  @Test func `A sound entry of each kind is shown`() throws {
    for (kind, what) in Self.sound {
      #expect(throws: Never.self, "\(kind)") {
        try LedgerEntry(kind, what, after: nil, at: LedgerBook.time).requireForms()
      }
    }
    #expect(Self.sound.count == LedgerKind.allCases.count - 1, "archives have tests of their own")
  }

  @Test func `An entry with any value of another form is neither published nor believed`() throws {
    var tried = 0
    for (kind, what) in Self.sound {
      guard case .object(let members) = what else { continue }
      for member in members {
        let wrong: JSON = member.value == .null || kind == .program ? true : "Anna, 1990-01-01 !"
        let other = JSON.object(members.map { $0.key == member.key ? .init($0.key, wrong) : $0 })
        let entry = try LedgerEntry(kind, other, after: nil, at: LedgerBook.time)
        let fault = #expect(throws: LedgerFault.self, "\(kind) \(member.key)") {
          try entry.requireForms()
        }
        #expect(fault?.kind == .format)
        tried += 1
      }
    }
    #expect(tried == 54)
    var book = try LedgerBook()
    let entry = try LedgerEntry(
      .retired, ["stream": "Anna, 1990", "sequence": 1, "to": "kept"], after: nil,
      at: LedgerBook.time)
    (book.lines, book.head) = ([entry.lineText], entry.head)
    #expect(throws: LedgerFault.self) { try book.publish() }
    try book.place?.write(entry.lineText + "\n", as: "00000001.ndjson")
    #expect(throws: LedgerFault.self) { try book.folder().entries { _ in } }
  }
}
