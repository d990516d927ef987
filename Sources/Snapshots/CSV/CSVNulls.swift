internal import Glibc

/// Sees to cells of CSV that stand for nothing, without quotes: `\N` is made nothing, `NULL` is
/// refused, `None` is told of, column by column.
///
/// A table has one word for NULL. Where a column that is no text has cells with nothing in them, or an
/// empty text has quotes, that word is nothing, and `NULL` is a text.
final class CSVNulls {
  private let intake: Intake
  private let file: String
  private var told: Set<String> = []
  private var isBlankNull = false

  init(_ intake: Intake, file: String) { (self.intake, self.file) = (intake, file) }

  /// - Parameter typed: the columns that are no texts.
  /// - Throws: `nullText`; `doubtfulTable` for a table with tabs whose first backslash comes late.
  func settle(
    _ text: RecordText, _ header: CSVHeader, typed: () -> Set<Int>
  ) throws(SnapshotFault) {
    guard !header.isCopyText else { return }
    if header.separator == 0x09, !header.hasBackslashes { try requireCSV(text) }
    guard text.hasNullWords else { return }
    let width = header.names.count
    if !isBlankNull { isBlankNull = Self.hasBlanks(text, width, typed()) }
    for index in 0..<text.cells.count {
      let cell = text.cells.elements[index]
      guard !cell.isQuoted, !cell.isEmpty, cell.count <= NullWord.mostBytes,
        let word = NullWord(text.bytes.base + Int(cell.start), cell.count)
      else { continue }
      let column = index % width
      switch word {
      case .null:
        if header.separator == 0x09 { throw CopyLooks.doubt(file, line: line(text, index / width)) }
        text.cells.base[index] = CSVCell(
          start: Int(cell.start), count: 0, isQuoted: false, hasDoubled: false)
        note("\\N without quotes is read as unset", header, column)
      case .unclear where isBlankNull:
        note("words such as NULL are taken for texts", header, column)
      case .unclear:
        var place = text.place(of: index / width)
        header.fill(&place, column)
        throw SnapshotFault(
          .nullText, "it cannot be told whether this is the text NULL or an unset value", at: place)
      case .odd:
        note("words such as None, NaN or N/A are taken for texts", header, column)
      }
    }
  }

  private static func hasBlanks(_ text: RecordText, _ width: Int, _ typed: Set<Int>) -> Bool {
    text.cells.elements.indices.contains { index in
      let cell = text.cells.elements[index]
      return cell.isEmpty && (cell.isQuoted || typed.contains(index % width))
    }
  }

  private func line(_ text: RecordText, _ row: Int) -> Int? { text.place(of: row).line }

  private func note(_ fact: String, _ header: CSVHeader, _ column: Int) {
    let note = "\(header.place(column, in: file)): \(fact)"
    guard told.insert(note).inserted else { return }
    intake.note(note)
  }

  /// The form was told from the first rows: if there was no backslash among them, one that comes later
  /// may be PostgreSQL's.
  private func requireCSV(_ text: RecordText) throws(SnapshotFault) {
    let mark = Int32(CopyEscapes.backslash)
    guard memchr(text.bytes.base, mark, text.bytes.count) == nil else {
      throw CopyLooks.doubt(file)
    }
  }
}
