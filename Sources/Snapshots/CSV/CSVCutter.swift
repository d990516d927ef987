internal import CSimdjson
internal import Glibc

// CSV, from bytes to cells.
//
// A row ends with LF or CR LF outside of quotes; a cell that begins with a quote ends with one, and
// two quotes in it stand for one. Anything else that a quote or a carriage return could mean is
// refused: programs disagree about it. Every row has as many cells as the header. Nothing is copied
// here: a cell is a place in the batch's bytes.

/// Finds the rows of a CSV file, and the cells of each.
struct CSVCutter {
  private static let quote = UInt8(ascii: "\"")

  let separator: UInt8
  /// The cells of a row; nil while the header itself is cut.
  let width: Int?
  let limits: SnapshotLimits
  /// The line of the next byte, from 1.
  private(set) var line: Int

  init(separator: UInt8, width: Int?, line: Int, limits: SnapshotLimits) {
    self.separator = separator
    self.width = width
    self.limits = limits
    self.line = line
  }

  /// Notes every whole row from `start` on and gives the index after the last.
  mutating func cut(_ text: RecordText, from start: Int, atEnd: Bool) throws(SnapshotFault) -> Int {
    if text.spans.count == 0 { text.beginRows(line: line, at: start) }
    let base = UnsafePointer(text.bytes.base)
    let end = text.bytes.count
    var at = start
    while at < end {
      if let next = blank(base, at, end) {
        at = next
        continue
      }
      let first = text.cells.count
      guard let next = try row(text, from: at, atEnd: atEnd) else {
        text.cells.cut(to: first)
        break
      }
      text.spans.append(.init(start: at, count: next - at, number: 0, isCut: false))
      at = next
    }
    try check(text, start..<at)
    line += Self.newlines(base + start, at - start)
    return at
  }

  /// Cuts one row at the beginning of a text and gives the index after it; nil if it goes on beyond
  /// the text at hand.
  mutating func cutOne(_ text: RecordText, atEnd: Bool) throws(SnapshotFault) -> Int? {
    let base = UnsafePointer(text.bytes.base)
    var at = 0
    while at < text.bytes.count, let next = blank(base, at, text.bytes.count) { at = next }
    guard let end = try row(text, from: at, atEnd: atEnd) else { return nil }
    text.spans.append(.init(start: at, count: end - at, number: 0, isCut: false))
    try check(text, at..<end)
    line += Self.newlines(base, end)
    return end
  }

  /// The index after a line with nothing on it; nil if there is something.
  private func blank(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int? {
    if base[at] == 0x0A { return at + 1 }
    guard base[at] == 0x0D, at + 1 < end, base[at + 1] == 0x0A else { return nil }
    return at + 2
  }

  /// Notes the cells of the row at `start` and gives the index after it; nil if it goes on beyond
  /// the text at hand.
  private func row(
    _ text: RecordText, from start: Int, atEnd: Bool
  ) throws(SnapshotFault) -> Int? {
    let base = UnsafePointer(text.bytes.base)
    let end = text.bytes.count
    let most = width ?? limits.fields
    let first = text.cells.count
    var at = start
    while true {
      guard text.cells.count - first < most else { throw tooMany(text, start, most) }
      guard let next = try cell(text, at, atEnd, row: start, first) else { return nil }
      if next == end { return try done(end, text, start, first) }
      switch base[next] {
      case separator: at = next + 1
      case 0x0A: return try done(next + 1, text, start, first)
      case 0x0D where next + 1 == end:
        return atEnd ? try done(end, text, start, first) : nil
      case 0x0D where base[next + 1] == 0x0A: return try done(next + 2, text, start, first)
      case 0x0D: throw fault(.badQuote, Self.strayReturn, text, start, first + 1)
      default: throw fault(.badQuote, "more text after a closing quote", text, start, first + 1)
      }
    }
  }

  /// Notes the cell at `start` and gives the index of what ends it.
  @inline(__always) private func cell(
    _ text: RecordText, _ start: Int, _ atEnd: Bool, row: Int, _ first: Int
  ) throws(SnapshotFault) -> Int? {
    let base = UnsafePointer(text.bytes.base)
    let end = text.bytes.count
    if start < end, base[start] == Self.quote {
      return try quoted(text, start, atEnd, row: row, first)
    }
    var next = start
    while next < end {
      let byte = base[next]
      if byte > 0x2C && byte != separator { next += 1; continue }
      if byte == separator || byte == 0x0A || byte == 0x0D { break }
      if byte == Self.quote { throw fault(.badQuote, Self.strayQuote, text, row, first) }
      next += 1
    }
    if next == end, !atEnd { return nil }
    if next - start <= NullWord.mostBytes, next > start, NullWord(base + start, next - start) != nil
    {
      text.noteNullWord()
    }
    try note(text, start, next - start, row, first)
    return next
  }

  private func quoted(
    _ text: RecordText, _ start: Int, _ atEnd: Bool, row: Int, _ first: Int
  ) throws(SnapshotFault) -> Int? {
    let base = UnsafePointer(text.bytes.base)
    let end = text.bytes.count
    var from = start + 1
    var hasDoubled = false
    while true {
      guard from < end, let found = memchr(base + from, Int32(Self.quote), end - from) else {
        guard atEnd else { return nil }
        throw fault(.openQuote, "a quote is opened here and never closed", text, row, first)
      }
      let close = UnsafeRawPointer(base).distance(to: found)
      if close + 1 == end, !atEnd { return nil }
      if close + 1 < end, base[close + 1] == Self.quote {
        hasDoubled = true
        from = close + 2
        continue
      }
      try note(text, start + 1, close - start - 1, row, first, quoted: true, hasDoubled)
      return close + 1
    }
  }

  @inline(__always) private func note(
    _ text: RecordText, _ start: Int, _ count: Int, _ row: Int, _ first: Int,
    quoted: Bool = false, _ hasDoubled: Bool = false
  ) throws(SnapshotFault) {
    guard count <= min(limits.cellBytes, CSVCell.mostBytes) else {
      throw fault(
        .tooLarge, "the cell is larger than \(limits.cellBytes) bytes", text, row, first)
    }
    if hasDoubled { text.noteDoubled() }
    text.cells.append(
      CSVCell(start: start, count: count, isQuoted: quoted, hasDoubled: hasDoubled))
  }

  private func done(
    _ next: Int, _ text: RecordText, _ start: Int, _ first: Int
  ) throws(SnapshotFault) -> Int {
    let count = text.cells.count - first
    guard next - start <= limits.recordBytes else {
      throw SnapshotFault(
        .tooLarge, "the record is larger than \(limits.recordBytes) bytes",
        at: SnapshotPlace(text.file, line: text.line(at: start)))
    }
    guard let width, count != width else { return next }
    throw fault(
      .tooFewCells, "the row ends after \(count) cells, and the header has \(width)", text, start,
      first)
  }

  private func tooMany(_ text: RecordText, _ start: Int, _ most: Int) -> SnapshotFault {
    width == nil
      ? fault(.tooManyFields, "more than \(most) columns", text, start, text.cells.count)
      : fault(
        .tooManyCells, "the row has more cells than the \(most) of the header", text, start,
        text.cells.count - most)
  }

  private static let strayQuote = "a quote inside a cell that is not quoted"
  private static let strayReturn = "a carriage return that ends no line, outside of quotes"
}

extension CSVCutter {
  /// A fault in the cell that comes next, of the row at `start` whose cells begin at `first`.
  private func fault(
    _ kind: SnapshotFault.Kind, _ fact: String, _ text: RecordText, _ start: Int, _ first: Int
  ) -> SnapshotFault {
    SnapshotFault(
      kind, fact,
      at: SnapshotPlace(
        text.file, line: text.line(at: start), column: text.cells.count - first + 1))
  }

  /// What is no text at all is found for all rows at once.
  private func check(_ text: RecordText, _ range: Range<Int>) throws(SnapshotFault) {
    guard !range.isEmpty else { return }
    let start = text.bytes.base + range.lowerBound
    guard Self.isText(start, range.count) else {
      for row in 0..<text.spans.count { try check(text, row: row) }
      throw SnapshotFault(.notUTF8, "this is not UTF-8", at: SnapshotPlace(text.file))
    }
  }

  private func check(_ text: RecordText, row: Int) throws(SnapshotFault) {
    let span = text.spans.elements[row]
    let width = text.cells.count / text.spans.count
    guard !Self.isText(text.bytes.base + span.start, span.count) else { return }
    for column in 0..<width {
      let cell = text.cells.elements[row * width + column]
      let start = text.bytes.base + Int(cell.start)
      let hasNUL = cell.count > 0 && memchr(start, 0, cell.count) != nil
      guard hasNUL || !Self.isText(start, cell.count) else { continue }
      throw SnapshotFault(
        hasNUL ? .badText : .notUTF8,
        hasNUL ? "the text holds a NUL character" : "this is not UTF-8",
        at: SnapshotPlace(text.file, line: text.line(at: span.start), column: column + 1))
    }
  }

  /// UTF-8 without a NUL.
  static func isText(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    guard count > 0 else { return true }
    return memchr(start, 0, count) == nil
      && sj_valid_utf8(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), count) != 0
  }

  static func newlines(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var lines = 0
    for index in 0..<count where start[index] == 0x0A { lines &+= 1 }
    return lines
  }
}
