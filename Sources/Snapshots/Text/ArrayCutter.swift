internal import CSimdjson

/// Finds the records of one JSON array, from after its `[` to its `]`.
struct ArrayCutter {
  private var splitter = sj_splitter()
  /// The number of the next record, which goes on where another array of the file ended.
  private var record = 1
  /// The records of this array.
  private(set) var count = 0
  private(set) var isClosed = false
  /// How far the unfinished record has been looked at.
  private var seen = 0

  init() {}

  /// Starts with another array of the same file.
  mutating func reopen() { (count, isClosed) = (0, false) }

  /// Notes every whole record from `start` on and gives the index after the last, or after the array.
  mutating func cut(_ text: RecordText, from start: Int, atEnd: Bool) throws(SnapshotFault) -> Int {
    var start = start
    while !isClosed {
      let from = start + seen
      let end = from + splitEnd(text, from)
      guard end < text.bytes.count else {
        if atEnd { throw fault(.cutShort, "the file ends before the list does", text) }
        seen = end - start
        return start
      }
      try note(start..<end, in: text)
      start = end + 1
      seen = 0
    }
    return start
  }

  private mutating func splitEnd(_ text: RecordText, _ from: Int) -> Int {
    let rest = UnsafeRawPointer(text.bytes.base + from).assumingMemoryBound(to: CChar.self)
    return sj_split(&splitter, rest, text.bytes.count - from)
  }

  private mutating func note(_ range: Range<Int>, in text: RecordText) throws(SnapshotFault) {
    let base = text.bytes.base
    isClosed = base[range.upperBound] == UInt8(ascii: "]")
    splitter = sj_splitter()
    var from = range.lowerBound
    while from < range.upperBound, Blank.matches(base[from]) { from += 1 }
    let isBlank = from == range.upperBound
    if isBlank, isClosed, count == 0 { return }
    guard !isBlank, isClosed || base[range.upperBound] == UInt8(ascii: ",") else {
      throw fault(.notJSON, "this is not JSON", text)
    }
    text.spans.append(
      .init(start: from, count: range.upperBound - from, number: record, isCut: false))
    record += 1
    count += 1
  }

  private func fault(
    _ kind: SnapshotFault.Kind, _ fact: String, _ text: RecordText
  ) -> SnapshotFault {
    SnapshotFault(kind, fact, at: SnapshotPlace(text.file, record: record))
  }
}
