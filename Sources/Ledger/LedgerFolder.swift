package import Files
package import JSONText
package import Keys
internal import Secrets

/// `outbox/LEDGER/`: the entries as lines, a thousand a file, named by their first, and
/// `CHECKPOINT.json` with its signature. A full file never changes; the last one is written anew,
/// whole. The checkpoint comes last, so what it says is there.
package struct LedgerFolder: Sendable {
  package let folder: Folder

  package static let name: EntryName = "LEDGER"
  package static let checkpointName: EntryName = "CHECKPOINT.json"
  /// Entries of one file.
  package static let segment: Int64 = 1_000
  /// Bytes of one file: some 64 KiB for each entry, of which most have less than one.
  package static let maxBytes: Int64 = 64 << 20
  private static let mode: UInt32 = 0o644

  /// - Parameter folder: the ledger's own, not the outbox.
  package init(_ folder: Folder) { self.folder = folder }

  /// `00001001.ndjson`
  package static func fileName(first: Int64) throws(FileFault) -> EntryName {
    let digits = String(first)
    return try EntryName(
      String(repeating: "0", count: max(0, 8 - digits.count)) + "\(digits).ndjson")
  }

  /// The first entry of a file; nil for another name.
  package static func first(of name: EntryName) -> Int64? {
    guard let text = name.text, text.hasSuffix(".ndjson"), let first = Int64(text.dropLast(7)),
      first > 0, first % segment == 1, (try? fileName(first: first)) == name
    else { return nil }
    return first
  }

  /// Brings the folder up to the head, and signs it; does nothing when it is there already.
  /// - Parameters:
  ///   - cards: further ones whose checkpoint needs no doubt: the signer's earlier ones.
  ///   - lines: the lines of these entries, at most a thousand, in order and without newlines.
  /// - Throws: `ledger_rolled_back` or `ledger_forked` when the checkpoint that lies here says more or
  ///   other than the head; what `published` throws, and what `LedgerEntry` and `LedgerChain` throw;
  ///   `FileFault`, `SecretsFault`.
  package func write(
    upTo head: LedgerHead, signer: Identity, cards: [Card] = [], at: UTCTime,
    lines: (ClosedRange<Int64>) throws -> [String]
  ) throws {
    let published = try published(by: cards + [signer.card]), before = published?.head
    if let before, before.entries > head.entries {
      throw LedgerFault(
        .rolledBack, "the outbox knows \(before.entries) entries, the journal \(head.entries)")
    }
    if before == head, published?.signer == signer.card.keyID { return }
    // The file in which the old checkpoint stands is written anew, be it full: what stands there is
    // held against the checkpoint.
    let settled = max(0, (before?.entries ?? 0) - 1) / LedgerFolder.segment * LedgerFolder.segment
    var rewriting = Rewriting(head: head, before: before)
    for first in stride(from: 1, through: head.entries, by: Int(LedgerFolder.segment)) {
      let name = try LedgerFolder.fileName(first: first)
      if first <= settled, try folder.exists(name) { continue }
      let last = min(first + LedgerFolder.segment - 1, head.entries)
      let text = try rewriting.text(first...last, lines(first...last))
      try AtomicFile.write(text, as: name, in: folder, mode: LedgerFolder.mode, replacing: true)
    }
    try Checkpoint.document(head, at: at, signer: signer)
      .publish(as: LedgerFolder.checkpointName, in: folder, mode: LedgerFolder.mode)
  }
}

/// Holds the lines that are about to be written against each other, against the head and against
/// what was signed before: nothing is published that its readers would refuse.
private struct Rewriting {
  let head: LedgerHead
  let before: LedgerHead?
  private var chain = LedgerChain()

  init(head: LedgerHead, before: LedgerHead?) { (self.head, self.before) = (head, before) }

  /// The text of a file.
  mutating func text(_ numbers: ClosedRange<Int64>, _ lines: [String]) throws -> [UInt8] {
    var text: [UInt8] = []
    for line in lines {
      let entry = try LedgerEntry(parsing: Array(line.utf8))
      try entry.requireForms()
      // After files that were left alone.
      if text.isEmpty, (chain.head?.entries ?? 0) != numbers.lowerBound - 1 {
        chain = LedgerChain(
          after: entry.previous.map { LedgerHead(entries: numbers.lowerBound - 1, hash: $0) })
      }
      try chain.take(entry)
      if let before, before.entries == entry.number, before != entry.head {
        throw LedgerFault(.forked, "entry \(entry.number) is not the one that was signed before")
      }
      text += line.utf8
      text.append(0x0A)
    }
    guard text.count <= LedgerFolder.maxBytes else {
      throw LedgerFolder.tooLarge(numbers.lowerBound)
    }
    let end = chain.head
    guard end?.entries == numbers.upperBound, end?.entries != head.entries || end == head else {
      throw LedgerFault(.chain, "the lines do not lead to entry \(numbers.upperBound)")
    }
    return text
  }
}
