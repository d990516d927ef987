import Files
import Fixtures
import Foundation
import JSONText
import Keys
import Ledger
import Testing

@Suite struct LedgerFolderTests {
  @Test func `A ledger of many files is read as it was written`() throws {
    let book = try LedgerBook(entries: 2_003)
    var read: [String] = []
    let end = try book.publish().entries { read.append($0.lineText) }
    #expect(read == book.lines && end == book.head)
    #expect(
      book.place?.names() == [
        "00000001.ndjson", "00001001.ndjson", "00002001.ndjson", "CHECKPOINT.json",
        "CHECKPOINT.json.minisig",
      ])
  }

  @Test func `Full files are left alone, the last one is written anew`() throws {
    var book = try LedgerBook(entries: 1_500)
    try book.publish()
    let place = try #require(book.place)
    let full = place("00000001.ndjson")
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: full)
    try book.add(600)
    try book.publish()
    #expect(try book.fault() == nil)
    let mode = try FileManager.default.attributesOfItem(atPath: full)[.posixPermissions] as? Int
    #expect(mode == 0o400)
  }

  @Test func `Nothing new writes nothing`() throws {
    let book = try LedgerBook(entries: 3)
    try book.publish()
    let before = try book.place?.read("CHECKPOINT.json.minisig")
    try book.publish()
    #expect(try book.place?.read("CHECKPOINT.json.minisig") == before)
  }

  @Test func `fault 92: a journal that forgot, or says other, is not published over a checkpoint`()
    throws
  {
    let book = try LedgerBook(entries: 5)
    try book.publish()
    var (shorter, other) = (book, book)
    (shorter.lines, shorter.head) = ([], nil)
    (other.lines, other.head) = ([], nil)
    try shorter.add(4)
    try other.add(6, version: "2.0")
    #expect(throws: LedgerFault.self) { try shorter.publish() }
    let fault = #expect(throws: LedgerFault.self) { try other.publish() }
    #expect(fault?.kind == .forked)
  }

  @Test(arguments: [1_000, 2_000])
  func `fault 92: a fork at the end of a full file is seen`(boundary: Int) throws {
    let book = try LedgerBook(entries: boundary)
    try book.publish()
    var other = book
    (other.lines, other.head) = (Array(book.lines.dropLast()), nil)
    other.head = try LedgerEntry(parsing: Array(other.lines[boundary - 2].utf8)).head
    try other.add(5, version: "2.0")
    let fault = #expect(throws: LedgerFault.self) { try other.publish() }
    #expect(fault?.kind == .forked)
    #expect(try book.fault() == nil)
  }

  @Test func `fault 92: a checkpoint that cannot be read, or is unsigned, is never written over`()
    throws
  {
    for (file, text) in [
      ("CHECKPOINT.json", "{"), ("CHECKPOINT.json.minisig", "x"), ("CHECKPOINT.json.minisig", nil),
    ] {
      var book = try LedgerBook(entries: 3)
      try book.publish()
      let place = try #require(book.place)
      if let text {
        try place.write(text, as: file)
      } else {
        try FileManager.default.removeItem(atPath: place(file))
      }
      try book.add(1)
      let fault = #expect(throws: LedgerFault.self) { try book.publish() }
      #expect(fault?.kind == .checkpointFormat && fault?.hint != nil)
      #expect(try place.read("00000001.ndjson").split(separator: "\n").count == 3)
    }
  }

  @Test func `fault 92: a checkpoint whose signature does not fit counts by what it says`() throws {
    var book = try LedgerBook(entries: 3)
    var behind = book
    try book.publish()
    let text = try #require(try book.place?.read("CHECKPOINT.json"))
    try book.add(1)
    try book.publish()
    // As after a kill between the signature and the document.
    try book.place?.write(text, as: "CHECKPOINT.json")
    (behind.lines, behind.head) = ([], nil)
    try behind.add(2)
    let fault = #expect(throws: LedgerFault.self) { try behind.publish() }
    #expect(fault?.kind == .rolledBack)
    try book.publish()
    #expect(try book.fault() == nil)
  }

  @Test
  func `fault 92: a checkpoint by an earlier key of the site holds as one by its present key`()
    throws
  {
    let book = try LedgerBook(entries: 5)
    try book.publish()
    let next = try Identity.generate(name: KeyName("registry"))
    func publish(_ book: LedgerBook) throws {
      try book.folder().write(
        upTo: #require(book.head), signer: next, cards: [book.signer.card], at: LedgerBook.time
      ) { Array(book.lines[Int($0.lowerBound - 1)...Int($0.upperBound - 1)]) }
    }
    var shorter = book
    (shorter.lines, shorter.head) = ([], nil)
    try shorter.add(4)
    #expect(throws: LedgerFault.self) { try publish(shorter) }
    try publish(book)
    #expect(throws: Never.self) {
      try book.folder().checkpoint().verified(byOneOf: [next.card])
    }
  }

  enum Harm: String, CaseIterable {
    case deleted, edited, swapped, repeated, truncated, garbled

    func befall(_ lines: inout [String]) {
      switch self {
      case .deleted: lines.remove(at: 2)
      case .edited: lines[2] = lines[2].replacingOccurrences(of: "1.0", with: "9.9")
      case .swapped: lines.swapAt(1, 2)
      case .repeated: lines.insert(lines[2], at: 2)
      case .truncated: lines.removeLast()
      case .garbled: lines[2] = "{"
      }
    }

    var fault: LedgerFault.Kind {
      switch self {
      case .deleted, .swapped, .repeated: .order
      case .edited: .hash
      case .truncated: .truncated
      case .garbled: .format
      }
    }
  }

  @Test(arguments: Harm.allCases)
  func `fault 92: a line that was changed is told`(harm: Harm) throws {
    let book = try LedgerBook(entries: 5)
    try book.publish()
    var lines = book.lines
    harm.befall(&lines)
    try book.place?.write(lines.map { $0 + "\n" }.joined(), as: "00000001.ndjson")
    #expect(try book.fault() == harm.fault)
  }

  @Test func `fault 92: a file cut within a line, too long a line, and a stranger are told`() throws
  {
    let book = try LedgerBook(entries: 2)
    try book.publish()
    let place = try #require(book.place)
    try place.write(book.lines.joined(separator: "\n"), as: "00000001.ndjson")
    #expect(try book.fault() == .format)
    let long = String(repeating: "x", count: LedgerEntry.maxLine + 10)
    try place.write(long, as: "00000001.ndjson")
    #expect(try book.fault() == .lineTooLong)
    try place.write("", as: "notes.txt")
    #expect(try book.fault() == .stranger)
  }
}
