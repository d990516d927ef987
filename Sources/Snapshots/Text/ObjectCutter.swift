internal import CSimdjson

/// Finds the records where objects stand one after another, each over several lines.
struct ObjectCutter {
  /// The line of the record in progress.
  private var line = 1
  private var splitter = sj_splitter()
  /// How far the unfinished record has been looked at.
  private var seen = 0

  init() {}

  /// Notes every whole record from `start` on and gives the index after the last.
  mutating func cut(
    _ text: RecordText, from first: Int, atEnd: Bool
  ) throws(SnapshotFault) -> Int {
    let base = UnsafePointer(text.bytes.base)
    var start = first
    while true {
      while seen == 0, start < text.bytes.count, Blank.matches(base[start]) {
        if base[start] == 0x0A { line += 1 }
        start += 1
      }
      guard start < text.bytes.count else { return start }
      guard base[start] == UInt8(ascii: "{") else {
        throw SnapshotFault(
          .notJSON, "a record, in { }, was expected", at: SnapshotPlace(text.file, line: line))
      }
      guard let end = end(text, from: start + max(1, seen)) else {
        guard !atEnd else {
          throw SnapshotFault(
            .cutShort, "the file ends inside a record", at: SnapshotPlace(text.file, line: line))
        }
        seen = text.bytes.count - start
        return start
      }
      text.spans.append(.init(start: start, count: end - start, number: line, isCut: false))
      line += CSVCutter.newlines(base + start, end - start)
      start = end
      splitter = sj_splitter()
      seen = 0
    }
  }

  /// The index after the object's end; the splitter is inside of it.
  private mutating func end(_ text: RecordText, from start: Int) -> Int? {
    let base = text.bytes.base
    var at = start
    while at < text.bytes.count {
      let rest = UnsafeRawPointer(base + at).assumingMemoryBound(to: CChar.self)
      at += sj_split(&splitter, rest, text.bytes.count - at)
      guard at < text.bytes.count else { return nil }
      at += 1
      if base[at - 1] != UInt8(ascii: ",") { return at }
    }
    return nil
  }
}
