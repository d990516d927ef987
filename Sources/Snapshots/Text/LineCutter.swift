internal import Glibc

/// Finds the records of NDJSON: one a line, blank lines passed over.
struct LineCutter {
  private var line = 1
  /// How far the unfinished line has been looked at.
  private var seen = 0

  init() {}

  /// Notes every whole record from `start` on and gives the index after the last.
  mutating func cut(_ text: RecordText, from start: Int, atEnd: Bool) -> Int {
    let base = text.bytes.base
    let count = text.bytes.count
    var start = start
    var from = start + seen
    while from < count, let found = memchr(base + from, 0x0A, count - from) {
      let end = UnsafeRawPointer(base).distance(to: found)
      note(start..<end, in: text, isCut: false)
      start = end + 1
      from = start
    }
    if atEnd, start < count {
      note(start..<count, in: text, isCut: true)
      start = count
    }
    seen = count - start
    return start
  }

  private mutating func note(_ range: Range<Int>, in text: RecordText, isCut: Bool) {
    defer { line += 1 }
    let base = text.bytes.base
    var end = range.upperBound
    while end > range.lowerBound, Blank.matches(base[end - 1]) { end -= 1 }
    guard end > range.lowerBound else { return }
    text.spans.append(
      .init(start: range.lowerBound, count: end - range.lowerBound, number: line, isCut: isCut))
  }
}

/// The white space of JSON.
enum Blank {
  @inline(__always) static func matches(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}
