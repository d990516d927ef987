package import Files
package import Keys

/// A line of a ledger's file, sound in itself or not.
package struct LedgerLine: Sendable {
  package let file: EntryName
  /// From 1.
  package let line: Int
  package let entry: Result<LedgerEntry, LedgerFault>
}

extension LedgerFolder {
  /// The files of entries, in order, and what else lies here.
  /// - Throws: `FileFault`.
  package func files() throws -> (segments: [EntryName], strangers: [EntryName]) {
    var (segments, strangers): ([EntryName], [EntryName]) = ([], [])
    let own = [
      LedgerFolder.checkpointName,
      try LedgerFolder.checkpointName.appending(SignedDocument.signatureEnding),
    ]
    for name in try folder.names(limit: 1_000_000) where !name.isStaged && !own.contains(name) {
      if LedgerFolder.first(of: name) == nil {
        strangers.append(name)
      } else {
        segments.append(name)
      }
    }
    // By number: above a hundred million the names grow longer.
    return (
      segments.sorted { LedgerFolder.first(of: $0) ?? 0 < LedgerFolder.first(of: $1) ?? 0 },
      strangers
    )
  }

  /// The checkpoint, its signature not yet checked.
  /// - Throws: `document_format`, `signature_missing`, `FileFault`.
  package func checkpoint() throws -> UnverifiedDocument {
    try UnverifiedDocument(
      LedgerFolder.checkpointName, in: folder, kind: .checkpoint, limit: 1 << 16)
  }

  /// The lines of one file, each by itself.
  /// - Throws: `FileFault`, what `visit` throws. A file larger than `maxBytes` is one line, a
  ///   `ledger_line_too_long`: nothing of it is read.
  package func lines(of file: EntryName, _ visit: (LedgerLine) throws -> Void) throws {
    let rules = OpenRules.drop(limit: LedgerFolder.maxBytes)
    let reader: LineReader
    do throws(FileFault) {
      reader = LineReader(try OpenFile(file, in: folder, rules: rules))
    } catch {
      guard error.kind == .tooLarge, let first = LedgerFolder.first(of: file) else { throw error }
      return try visit(
        LedgerLine(file: file, line: 1, entry: .failure(LedgerFolder.tooLarge(first))))
    }
    var number = 0
    while let line = try reader.next() {
      number += 1
      let entry = Result { () throws(LedgerFault) in
        guard number <= Int(LedgerFolder.segment) else {
          throw LedgerFault(.order, "\(file) has more than \(LedgerFolder.segment) lines")
        }
        let entry = try LedgerEntry(parsing: line.get())
        try entry.requireForms()
        return entry
      }
      try visit(LedgerLine(file: file, line: number, entry: entry))
      if number > Int(LedgerFolder.segment) { return }
      if case .failure = line { return }
    }
  }

  /// - Parameter first: the first entry of the file.
  static func tooLarge(_ first: Int64) -> LedgerFault {
    LedgerFault(.lineTooLong, "the file from entry \(first) on has more than \(maxBytes) bytes")
  }

  /// All entries, in order and chained.
  /// - Returns: how far they go; nil when there is none.
  /// - Throws: the first thing that is wrong, with its file and line; `FileFault`; what `visit`
  ///   throws.
  package func entries(_ visit: (LedgerEntry) throws -> Void) throws -> LedgerHead? {
    var chain = LedgerChain()
    let (segments, strangers) = try files()
    if let stranger = strangers.first {
      throw LedgerFault(.stranger, "\(stranger) does not belong into a ledger")
    }
    for file in segments {
      guard LedgerFolder.first(of: file) == (chain.head?.entries ?? 0) + 1 else {
        throw LedgerFault(.order, "\(file) follows entry \(chain.head?.entries ?? 0)")
      }
      try lines(of: file) { line in
        do throws(LedgerFault) {
          let entry = try line.entry.get()
          try chain.take(entry)
        } catch {
          throw LedgerFault(error.kind, "\(file), line \(line.line): \(error.message)")
        }
        try visit(line.entry.get())
      }
    }
    return chain.head
  }
}
