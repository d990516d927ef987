/// The first row of a CSV file: the names of its columns, and what separates them.
struct CSVHeader: Sendable {
  let names: [String]
  /// Which of them stood between quotes: Odoo writes all of them so, PostgreSQL none.
  let areQuoted: [Bool]
  let separator: UInt8
  /// The index after the header, in the file.
  let end: Int
  /// The line after the header.
  let nextLine: Int
  /// Whether the rows are in PostgreSQL's text format.
  var isCopyText = false
  /// Of a table with tabs: whether there are backslashes in the first rows, which mean themselves.
  var hasBackslashes = false

  static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

  /// Whether one of the columns says which record a row is.
  var namesRecords: Bool { names.contains { Self.idNames.contains($0) } }

  /// By name, and by the labels of Odoo's export dialogue in English.
  static let idNames: Set<String> = ["id", ".id", "External ID", "ID"]

  /// The header with this separator; nil if it does not end within the text at hand.
  /// - Throws: `badQuote`, `tooManyFields`, `notUTF8`.
  init?(
    _ text: RecordText, from start: Int, separator: UInt8, limits: SnapshotLimits
  ) throws(SnapshotFault) {
    let scratch = RecordText()
    let head = min(text.bytes.count - start, TextForm.headBytes)
    scratch.begin(file: text.file, hasLines: true, rest: Pile(capacity: 1))
    scratch.beginRows(line: 1, at: 0)
    scratch.bytes.extend(by: head).update(from: text.bytes.base + start, count: head)
    var cutter = CSVCutter(separator: separator, width: nil, line: 1, limits: limits)
    guard let end = try cutter.cutOne(scratch, atEnd: text.bytes.count - start <= head) else {
      return nil
    }
    areQuoted = scratch.cells.elements.map(\.isQuoted)
    names = scratch.cells.elements.map { cell in
      var cell = cell
      if cell.hasDoubled { cell.undouble(in: scratch.bytes.base) }
      let bytes = UnsafeBufferPointer(
        start: scratch.bytes.base + Int(cell.start), count: cell.count)
      return String(decoding: bytes, as: UTF8.self).trimmed
    }
    self.separator = separator
    self.end = start + end
    nextLine = cutter.line
  }

  /// The header that says which record a row is, with whatever separator; nil if there is none.
  static func find(
    _ text: RecordText, from start: Int, limits: SnapshotLimits
  ) throws(SnapshotFault) -> CSVHeader? {
    for separator in separators {
      // A comma may well be nonsense where another separator is meant.
      let header = try? CSVHeader(text, from: start, separator: separator, limits: limits)
      if let header, header.namesRecords { return header }
    }
    return nil
  }

  /// The header of a file that is CSV by its name: the separator that finds most columns is right.
  static func need(
    _ text: RecordText, from start: Int, limits: SnapshotLimits, only known: UInt8? = nil
  ) throws(SnapshotFault) -> CSVHeader {
    var best: CSVHeader?
    for separator in separators where known == nil || separator == known {
      let header = try? CSVHeader(text, from: start, separator: separator, limits: limits)
      if let header, header.names.count > best?.names.count ?? 0 { best = header }
    }
    if let best { return best }
    if let header = try CSVHeader(text, from: start, separator: separators[0], limits: limits) {
      return header
    }
    throw SnapshotFault(
      .badHeader, "the header does not end within \(TextForm.headBytes) bytes",
      at: SnapshotPlace(text.file))
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while let last = text.last, last == " " { text.removeLast() }
    while let first = text.first, first == " " { text.removeFirst() }
    return String(text)
  }
}
