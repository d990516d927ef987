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
    return count > 0
  }

  func bytes(of span: Span) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes.base + span.start, count: span.count)
  }

  func place(of record: Int) -> SnapshotPlace {
    let number = spans.elements[record].number
    return hasLines ? SnapshotPlace(file, line: number) : SnapshotPlace(file, record: number)
  }
}
