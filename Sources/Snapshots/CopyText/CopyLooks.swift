/// Whether a table with tabs between its cells is CSV or PostgreSQL's text format, told from its first
/// rows. A backslash is nothing in the one and an escape in the other, a quote nothing in the other:
/// who takes one for the other sends `\N` for a name. Both readings are tried.
enum CopyLooks {
  case csv
  case copyText

  private struct Signs {
    /// Whether every line has as many cells as the header.
    var isEven = true
    /// A cell that is `\N`.
    var hasNull = false
    /// What PostgreSQL writes: `\\`, `\t`, `\n`…
    var hasEscape = false
    /// What it reads and never writes: `\x41`, `\101`.
    var hasRare = false
    /// A backslash before anything else, or at the end of a line.
    var hasOther = false
    /// A cell with quotes around it.
    var hasQuotes = false
    /// A cell with nothing in it.
    var hasBlanks = false
  }

  /// - Throws: `doubtfulTable` if both readings are good, and differ.
  static func tell(
    _ text: RecordText, _ header: CSVHeader, limits: SnapshotLimits
  ) throws(SnapshotFault) -> CopyLooks {
    let isWhole = text.bytes.count < TextForm.headBytes
    let head = text.bytes.elements[header.end...].prefix(TextForm.headBytes)
    let rows = UnsafeBufferPointer(rebasing: head)
    guard rows.contains(CopyEscapes.backslash) || rows.contains(UInt8(ascii: "\"")) else {
      return .csv
    }
    let signs = look(rows, width: header.names.count, isWhole: isWhole)
    let isText = signs.isEven && !signs.hasOther && (!signs.hasRare || signs.hasNull)
    guard readsAsCSV(rows, header, isWhole, limits) else {
      return isText || signs.hasNull ? .copyText : .csv
    }
    guard isText, signs.hasNull || signs.hasEscape else { return .csv }
    let isSure = !signs.hasQuotes && (signs.hasNull || !signs.hasBlanks)
    guard isSure else { throw doubt(text.file) }
    return .copyText
  }

  static func doubt(_ file: String, line: Int? = nil) -> SnapshotFault {
    SnapshotFault(
      .doubtfulTable,
      "it cannot be told whether backslashes in this table are PostgreSQL's escapes or mean themselves",
      at: SnapshotPlace(file, line: line))
  }

  private static func readsAsCSV(
    _ rows: UnsafeBufferPointer<UInt8>, _ header: CSVHeader, _ isWhole: Bool,
    _ limits: SnapshotLimits
  ) -> Bool {
    guard let base = rows.baseAddress else { return true }
    let scratch = RecordText()
    scratch.begin(file: "", hasLines: true, rest: Pile(capacity: 1))
    scratch.bytes.extend(by: rows.count).update(from: base, count: rows.count)
    var cutter = CSVCutter(
      separator: header.separator, width: header.names.count, line: 1, limits: limits)
    guard let end = try? cutter.cut(scratch, from: 0, atEnd: isWhole) else { return false }
    // A quote that is never closed swallows all that follows.
    return isWhole || end > rows.count / 2
  }

  private static func look(
    _ text: UnsafeBufferPointer<UInt8>, width: Int, isWhole: Bool
  ) -> Signs {
    var signs = Signs()
    var lines = text.split(separator: 0x0A)[...]
    // The last line at hand may go on.
    if !isWhole { lines = lines.dropLast() }
    for line in lines {
      let line = line.last == 0x0D ? line.dropLast() : line
      guard !line.isEmpty, !line.elementsEqual("\\.".utf8) else { continue }
      let cells = line.split(separator: 0x09, omittingEmptySubsequences: false)
      if cells.count != width { signs.isEven = false }
      for cell in cells { note(cell, in: &signs) }
    }
    return signs
  }

  private static func note(
    _ cell: Slice<UnsafeBufferPointer<UInt8>>, in signs: inout Signs
  ) {
    let quote = UInt8(ascii: "\"")
    if cell.isEmpty { signs.hasBlanks = true }
    if cell.count > 1, cell.first == quote, cell.last == quote { signs.hasQuotes = true }
    if cell.elementsEqual([CopyEscapes.backslash, UInt8(ascii: "N")]) {
      signs.hasNull = true
      return
    }
    var rest = cell
    while let mark = rest.firstIndex(of: CopyEscapes.backslash) {
      rest = rest[(mark + 1)...]
      guard let next = rest.popFirst() else {
        signs.hasOther = true
        return
      }
      if written.contains(next) {
        signs.hasEscape = true
      } else if next == UInt8(ascii: "x") || (0x30...0x37).contains(next) {
        signs.hasRare = true
      } else {
        signs.hasOther = true
      }
    }
  }

  private static let written = Array("\\bfnrtv.".utf8)
}
