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
  ///   - lines: the lines of these entries, at most a thousand, in order and without newlines.
  /// - Throws: `ledger_rolled_back` or `ledger_forked` when the folder's own checkpoint, by the same
  ///   key, says more or other than the head; what `LedgerEntry` and `LedgerChain` throw; `FileFault`,
  ///   `SecretsFault`.
  package func write(
    upTo head: LedgerHead, signer: Identity, at: UTCTime,
    lines: (ClosedRange<Int64>) throws -> [String]
  ) throws {
    let before = checkpoint(by: signer)
    if let before, before.head.entries > head.entries {
      throw LedgerFault(
        .rolledBack, "the outbox knows \(before.head.entries) entries, the journal \(head.entries)")
    }
    if let before, before.head == head { return }
    // The file in which the old checkpoint stands is not full, or only since then.
    let settled = (before?.head.entries ?? 0) / LedgerFolder.segment * LedgerFolder.segment
    for first in stride(from: 1, through: head.entries, by: Int(LedgerFolder.segment)) {
      let name = try LedgerFolder.fileName(first: first)
      if first <= settled, try folder.exists(name) { continue }
      let last = min(first + LedgerFolder.segment - 1, head.entries)
      let text = try checked(first...last, lines(first...last), head: head, before: before?.head)
      try AtomicFile.write(text, as: name, in: folder, mode: LedgerFolder.mode, replacing: true)
    }
    try Checkpoint.document(head, at: at, signer: signer)
      .publish(as: LedgerFolder.checkpointName, in: folder, mode: LedgerFolder.mode)
  }

  /// The checkpoint that lies here, if it is this signer's.
  private func checkpoint(by signer: Identity) -> Checkpoint? {
    let document = try? UnverifiedDocument(
      LedgerFolder.checkpointName, in: folder, kind: .checkpoint, limit: 1 << 16
    ).verified(byOneOf: [signer.card])
    return document.flatMap { try? Checkpoint($0) }
  }

  /// The text of a file: nothing is published that its readers would refuse.
  private func checked(
    _ numbers: ClosedRange<Int64>, _ lines: [String], head: LedgerHead, before: LedgerHead?
  ) throws -> [UInt8] {
    var text: [UInt8] = []
    var chain: LedgerChain?
    for line in lines {
      let entry = try LedgerEntry(parsing: Array(line.utf8))
      if chain == nil {
        chain = LedgerChain(
          after: entry.previous.map { LedgerHead(entries: numbers.lowerBound - 1, hash: $0) })
      }
      try chain?.take(entry)
      if let before, before.entries == entry.number, before != entry.head {
        throw LedgerFault(.forked, "entry \(entry.number) is not the one that was signed before")
      }
      text += line.utf8
      text.append(0x0A)
    }
    guard text.count <= LedgerFolder.maxBytes else {
      throw LedgerFolder.tooLarge(numbers.lowerBound)
    }
    let end = chain?.head
    guard end?.entries == numbers.upperBound, end?.entries != head.entries || end == head else {
      throw LedgerFault(.chain, "the lines do not lead to entry \(numbers.upperBound)")
    }
    return text
  }
}
