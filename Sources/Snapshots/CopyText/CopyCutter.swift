internal import Glibc

/// Finds the rows of a table in PostgreSQL's text format, and the cells of each: a line is a row, tabs
/// stand between cells, `\N` is NULL, and everything else is a text, an empty one as well.
///
/// The cells are those of CSV: NULL is nothing, and any other cell counts as quoted. Escapes are taken
/// away in place.
struct CopyCutter {
  let width: Int
  let limits: SnapshotLimits
  /// The line of the next byte, from 1.
  private(set) var line: Int
  /// Whether `\.` has come, behind which there is nothing.
  private var isEnded = false

  init(width: Int, line: Int, limits: SnapshotLimits) {
    (self.width, self.line, self.limits) = (width, line, limits)
  }

  /// Notes every whole row from `start` on and gives the index after the last.
  mutating func cut(_ text: RecordText, from start: Int, atEnd: Bool) throws(SnapshotFault) -> Int {
    text.setHasLines(true)
    let base = text.bytes.base
    let end = text.bytes.count
    let firstRow = text.spans.count
    var at = start
    while at < end {
      let found = memchr(base + at, 0x0A, end - at)
      guard found != nil || atEnd else { break }
      let stop = found.map { UnsafeRawPointer(base).distance(to: $0) } ?? end
      try take(text, at..<stop, isCut: found == nil)
      at = min(end, stop + 1)
      line += 1
    }
    try check(text, start..<at, from: firstRow)
    return at
  }

  private mutating func take(
    _ text: RecordText, _ range: Range<Int>, isCut: Bool
  ) throws(SnapshotFault) {
    let base = text.bytes.base
    var count = range.count
    if count > 0, base[range.upperBound - 1] == 0x0D { count -= 1 }
    guard count > 0 || width == 1 else { return }
    guard !isEnded else {
      throw fault(.badEscape, "there is more behind the line that ends the table", text)
    }
    if count == 2, base[range.lowerBound] == CopyEscapes.backslash,
      base[range.lowerBound + 1] == UInt8(ascii: ".")
    {
      isEnded = true
      return
    }
    guard count <= limits.recordBytes else {
      throw fault(.tooLarge, "the record is larger than \(limits.recordBytes) bytes", text)
    }
    try cells(text, range.lowerBound, range.lowerBound + count)
    text.spans.append(.init(start: range.lowerBound, count: count, number: line, isCut: isCut))
  }

  private func cells(_ text: RecordText, _ start: Int, _ end: Int) throws(SnapshotFault) {
    let base = text.bytes.base
    let first = text.cells.count
    var at = start
    while true {
      let (stop, hasEscape) = try cell(text, at, end, first)
      guard text.cells.count - first < width else {
        throw fault(.tooManyCells, "the row has more cells than the \(width) of the header", text)
      }
      let count = stop - at
      guard count <= min(limits.cellBytes, CSVCell.mostBytes) else {
        throw fault(.tooLarge, "the cell is larger than \(limits.cellBytes) bytes", text, first)
      }
      let isNull = hasEscape && CopyEscapes.isNull(base + at, count)
      let kept = isNull ? 0 : hasEscape ? CopyEscapes.resolve(base + at, count) : count
      text.cells.append(CSVCell(start: at, count: kept, isQuoted: !isNull, hasDoubled: false))
      guard stop < end else { break }
      at = stop + 1
    }
    let count = text.cells.count - first
    guard count == width else {
      throw fault(
        .tooFewCells, "the row ends after \(count) cells, and the header has \(width)", text)
    }
  }

  /// Where the cell at `start` ends, and whether there are backslashes in it.
  private func cell(
    _ text: RecordText, _ start: Int, _ end: Int, _ first: Int
  ) throws(SnapshotFault) -> (stop: Int, hasEscape: Bool) {
    let base = UnsafePointer(text.bytes.base)
    var (at, hasEscape) = (start, false)
    while at < end, base[at] != 0x09 {
      if base[at] == CopyEscapes.backslash {
        hasEscape = true
        at += 1
        guard at < end else {
          throw fault(.badEscape, "the line ends with a backslash", text, first)
        }
      }
      at += 1
    }
    return (at, hasEscape)
  }

  /// What is no text at all, as it stands or as an escape made it, is found for all rows at once.
  private func check(
    _ text: RecordText, _ range: Range<Int>, from firstRow: Int
  ) throws(SnapshotFault) {
    guard !CSVCutter.isText(text.bytes.base + range.lowerBound, range.count) else { return }
    for row in firstRow..<text.spans.count {
      for column in 0..<width {
        let cell = text.cells.elements[row * width + column]
        guard !CSVCutter.isText(text.bytes.base + Int(cell.start), cell.count) else { continue }
        var place = text.place(of: row)
        place.column = column + 1
        throw SnapshotFault(.notUTF8, "this is not UTF-8, or holds a NUL character", at: place)
      }
    }
    throw SnapshotFault(.notUTF8, "this is not UTF-8", at: SnapshotPlace(text.file))
  }

  private func fault(
    _ kind: SnapshotFault.Kind, _ fact: String, _ text: RecordText, _ first: Int? = nil
  ) -> SnapshotFault {
    let column = first.map { text.cells.count - $0 + 1 }
    return SnapshotFault(kind, fact, at: SnapshotPlace(text.file, line: line, column: column))
  }
}
