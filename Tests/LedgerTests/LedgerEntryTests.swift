import Foundation
import JSONText
import Ledger
import Secrets
import Testing

@Suite struct LedgerEntryTests {
  private let first: LedgerEntry
  private let second: LedgerEntry

  init() throws {
    first = try LedgerEntry(.program, ["version": "1.0"], after: nil, at: LedgerBook.time)
    second = try LedgerEntry(
      .policy, ["digest": .string(Digest(of: []).hex), "previous": nil], after: first.head,
      at: LedgerBook.time)
  }

  @Test func `An entry is read again as it was written, to the byte`() throws {
    for entry in [first, second] {
      let again = try LedgerEntry(parsing: entry.line)
      #expect(again == entry && again.line == entry.line)
    }
    #expect(second.previous == first.hash && second.number == 2)
  }

  @Test func `The hash is that of the documented bytes`() throws {
    let content = try #require(
      first.lineText.range(of: #""hash":"[0-9a-f]*","#, options: .regularExpression))
    var text = first.lineText
    text.removeSubrange(content)
    #expect(Digest(of: Array("airlock ledger v1\n".utf8) + Array(text.utf8)) == first.hash)
  }

  @Test func `fault 92: every changed byte of a line is refused`() throws {
    var tried = 0
    for index in second.line.indices {
      for mask in [0x01, 0xFF] as [UInt8] {
        var line = second.line
        line[index] ^= mask
        #expect(throws: LedgerFault.self) { try LedgerEntry(parsing: line) }
        tried += 1
      }
    }
    #expect(tried == 2 * second.line.count && tried > 0)
  }

  @Test func `fault 92: entries left out, moved and repeated do not chain`() throws {
    for (entries, kind) in [
      ([second], LedgerFault.Kind.order), ([second, first], .order), ([first, first], .order),
    ] {
      var chain = LedgerChain()
      let fault = #expect(throws: LedgerFault.self) {
        for entry in entries { try chain.take(entry) }
      }
      #expect(fault?.kind == kind)
    }
  }

  @Test func `fault 92: an entry of another history does not continue this one`() throws {
    let other = try LedgerEntry(.program, ["version": "2.0"], after: nil, at: LedgerBook.time)
    var chain = LedgerChain(after: other.head)
    let fault = #expect(throws: LedgerFault.self) { try chain.take(second) }
    #expect(fault?.kind == .chain)
  }

  @Test(
    arguments: [
      ["version": "1.0", "more": 1], [:], .object([.init("version", .double(1.5))]), "text",
    ] as [JSON])
  func `What the kind does not have is not written`(what: JSON) {
    #expect(throws: LedgerFault.self) {
      try LedgerEntry(.program, what, after: nil, at: LedgerBook.time)
    }
  }
}
