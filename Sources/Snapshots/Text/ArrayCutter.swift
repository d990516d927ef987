internal import CSimdjson
internal import JSONText

/// Finds the records of one JSON array: the file itself, or the `result` of a JSON-RPC answer.
struct ArrayCutter {
  private static let tailBytes = 64 << 10

  /// What stands before the first record, up to `[`.
  private let head: [UInt8]
  /// What stands after the `]`.
  private var tail: [UInt8] = []
  private var splitter = sj_splitter()
  private var record = 1
  private var isClosed = false
  /// How far the unfinished record has been looked at.
  private var seen = 0

  init(head: [UInt8]) { self.head = head }

  /// Notes every whole record from `start` on and gives the index after the last.
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
    return try keepTail(text, from: start, atEnd: atEnd)
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
    if isBlank, isClosed, record == 1 { return }
    guard !isBlank, isClosed || base[range.upperBound] == UInt8(ascii: ",") else {
      throw fault(.notJSON, "this is not JSON", text)
    }
    text.spans.append(
      .init(start: from, count: range.upperBound - from, number: record, isCut: false))
    record += 1
  }

  private mutating func keepTail(
    _ text: RecordText, from start: Int, atEnd: Bool
  ) throws(SnapshotFault) -> Int {
    let rest = UnsafeBufferPointer(
      start: text.bytes.base + start, count: text.bytes.count - start)
    tail += rest.filter { tail.isEmpty ? !Blank.matches($0) : true }
    guard tail.count <= Self.tailBytes else { throw fault(.notJSON, "more after the list", text) }
    if atEnd { try checkFrame(text) }
    return text.bytes.count
  }

  /// Head and tail around an empty list must be one good document.
  private func checkFrame(_ text: RecordText) throws(SnapshotFault) {
    let frame: JSON
    do {
      frame = try JSONDocument(parsing: head + [UInt8(ascii: "]")] + tail).root.json
    } catch {
      throw SnapshotFault(
        error.kind == .syntax && tail.isEmpty ? .cutShort : .notJSON,
        "what stands around the list of records is not JSON", at: SnapshotPlace(text.file))
    }
    try requireWhole(frame, text)
  }

  /// OData says whether there are more pages, and how many records there are in all.
  private func requireWhole(_ frame: JSON, _ text: RecordText) throws(SnapshotFault) {
    if let next = frame["@odata.nextLink"], next != .null {
      throw SnapshotFault(
        .partial, "this is one page of an export, and others follow", at: SnapshotPlace(text.file))
    }
    guard let count = frame["@odata.count"], count != .null, count.integer != Int64(record - 1)
    else { return }
    throw SnapshotFault(
      .partial,
      "there are \(record - 1) submissions in it, and not as many as its @odata.count says",
      at: SnapshotPlace(text.file))
  }

  private func fault(
    _ kind: SnapshotFault.Kind, _ fact: String, _ text: RecordText
  ) -> SnapshotFault {
    SnapshotFault(kind, fact, at: SnapshotPlace(text.file, record: record))
  }
}
