/// Tables that are no tables of ours, told by their first lines: what `psql` prints on a screen, and
/// rows without a header.
enum StrangeTable {
  /// - Parameter isTable: whether the file is a table by its name, so that its first line is taken for
  ///   a header whatever stands there.
  /// - Throws: `screenTable`, `noHeader`.
  static func refuse(
    _ text: Slice<UnsafeBufferPointer<UInt8>>, file: String, isTable: Bool
  ) throws(SnapshotFault) {
    let lines = text.prefix(16 << 10).split(separator: 0x0A, maxSplits: 40).map { line in
      line.last == 0x0D ? line.dropLast() : line
    }
    guard let first = lines.first else { return }
    if isPrinted(first, lines) {
      throw SnapshotFault(
        .screenTable, "this is what psql prints on a screen, and no file to be read",
        at: SnapshotPlace(file))
    }
    if hasNoHeader(first) {
      throw SnapshotFault(
        .noHeader, "the first line holds values, and not the names of the columns",
        at: SnapshotPlace(file, line: 1))
    }
  }

  private typealias Line = Slice<UnsafeBufferPointer<UInt8>>

  /// `a | b` over `---+---`, or bars between cells and `(2 rows)` at the end; `-[ RECORD 1 ]`.
  private static func isPrinted(_ first: Line, _ lines: [Line]) -> Bool {
    if first.starts(with: "-[ RECORD".utf8) { return true }
    guard !CSVHeader.separators.contains(where: first.contains) else { return false }
    if lines.dropFirst().prefix(3).contains(where: isRule) { return true }
    let bar = UInt8(ascii: "|")
    let cells = first.split(separator: bar, omittingEmptySubsequences: false)
    return cells.count > 1 && cells.allSatisfy { isName(trimmed($0)) }
  }

  private static func isRule(_ line: Line) -> Bool {
    line.count > 2
      && line.allSatisfy { [0x2B, 0x2D, 0x7C, 0x20].contains($0) } && line.contains(0x2D)
  }

  /// Whether a cell of the first line can be no name of a column: a number, a date, a flag of
  /// PostgreSQL's, or an escape.
  private static func hasNoHeader(_ first: Line) -> Bool {
    for separator in CSVHeader.separators {
      let cells = first.split(separator: separator, omittingEmptySubsequences: false)
      guard cells.count > 1, let id = cells.first.map(bare) else { continue }
      let isNumber = !id.isEmpty && id.allSatisfy(isDigit)
      let isExternal = id.starts(with: "__export__.".utf8)
      let names = cells.dropFirst().count { isName(bare($0)) }
      if isExternal || (isNumber && names < cells.count) { return true }
    }
    return false
  }

  private static func bare(_ cell: Line) -> Line {
    let text = trimmed(cell)
    let quote = UInt8(ascii: "\"")
    return text.count > 1 && text.first == quote && text.last == quote
      ? text.dropFirst().dropLast() : text
  }

  private static func trimmed(_ cell: Line) -> Line {
    var text = cell.drop { $0 == 0x20 }
    while text.last == 0x20 { text.removeLast() }
    return text
  }

  private static func isName(_ text: Line) -> Bool { FieldName.isGood(Array(text)) }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
