internal import CSimdjson

/// The text of some whole records of one file, and where each record is in it.
final class RecordText {
  struct Span: BitwiseCopyable {
    var start: Int
    var count: Int
    /// The record's line in NDJSON, or its number in an array; from 1.
    var number: Int
    /// The file ended before the line did.
    var isCut: Bool
  }

  let bytes = Pile<UInt8>(capacity: 64 << 10)
  let spans = Pile<Span>(capacity: 256)
  /// The cells of CSV, row after row.
  let cells = Pile<CSVCell>(capacity: 16)
  /// Whether quotes stand twice in some cell.
  private(set) var hasDoubled = false
  /// Whether some cell without quotes reads as if it stood for NULL.
  private(set) var hasNullWords = false
  /// Of CSV: where the first row is, and its line. Lines are counted when somebody asks.
  private var firstRow: (start: Int, line: Int)?
  private(set) var file = ""
  private(set) var hasLines = false

  /// Starts anew with what the last text had over.
  func begin(file: String, hasLines: Bool, rest: borrowing Pile<UInt8>) {
    clear()
    self.file = file
    self.hasLines = hasLines
    bytes.extend(by: rest.count).update(from: rest.base, count: rest.count)
  }

  func clear() {
    bytes.clear(keeping: 4 << 20)
    spans.clear(keeping: 1 << 16)
    cells.clear(keeping: 1 << 18)
    hasDoubled = false
    hasNullWords = false
    firstRow = nil
  }

  /// Notes that what follows are rows of CSV.
  func beginRows(line: Int, at start: Int) { firstRow = (start, line) }

  func noteDoubled() { hasDoubled = true }
  func noteNullWord() { hasNullWords = true }

  /// The line of a byte of CSV, from 1.
  func line(at index: Int) -> Int {
    guard let firstRow else { return 1 }
    return firstRow.line + CSVCutter.newlines(bytes.base + firstRow.start, index - firstRow.start)
  }

  /// Forgets so many bytes at the start, in which no record is.
  func drop(_ count: Int) {
    let left = bytes.count - count
    bytes.base.update(from: bytes.base + count, count: left)
    bytes.cut(to: left)
  }

  func setHasLines(_ flag: Bool) { hasLines = flag }

  /// Reads once, until there are at most `goal` bytes; false at the end of the file.
  func read(_ goal: Int, from input: any SnapshotInput) throws -> Bool {
    // simdjson reads in strides, past the last record.
    bytes.reserve(goal + sj_padding())
    let room = UnsafeMutableRawBufferPointer(
      start: bytes.base + bytes.count, count: goal - bytes.count)
    let count = try input.read(into: room)
    _ = bytes.extend(by: count)
    // What reads numbers stops at a byte that is none.
    (bytes.base + bytes.count).initialize(to: 0)
    return count > 0
  }

  func bytes(of span: Span) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes.base + span.start, count: span.count)
  }

  func place(of record: Int) -> SnapshotPlace {
    let number = spans.elements[record].number
    if firstRow != nil {
      return SnapshotPlace(file, line: line(at: spans.elements[record].start))
    }
    return hasLines ? SnapshotPlace(file, line: number) : SnapshotPlace(file, record: number)
  }
}
