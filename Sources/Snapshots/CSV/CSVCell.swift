/// One cell of a row: where its text stands in the batch's bytes, without the quotes around it.
struct CSVCell: BitwiseCopyable {
  private static let quotedMark: UInt32 = 1 << 31
  private static let doubledMark: UInt32 = 1 << 30
  /// A cell longer than this cannot be told.
  static let mostBytes = 1 << 30 - 1

  var start: UInt32
  private var lengthAndMarks: UInt32

  /// - Parameter hasDoubled: whether quotes stand in it twice, once too often.
  @inline(__always) init(start: Int, count: Int, isQuoted: Bool, hasDoubled: Bool) {
    self.start = UInt32(truncatingIfNeeded: start)
    lengthAndMarks =
      UInt32(truncatingIfNeeded: count) | (isQuoted ? Self.quotedMark : 0)
      | (hasDoubled ? Self.doubledMark : 0)
  }

  @inline(__always) var count: Int { Int(lengthAndMarks & (Self.doubledMark - 1)) }
  @inline(__always) var isEmpty: Bool { lengthAndMarks & (Self.doubledMark - 1) == 0 }
  /// PostgreSQL writes NULL without quotes and an empty text as `""`.
  @inline(__always) var isQuoted: Bool { lengthAndMarks & Self.quotedMark != 0 }
  @inline(__always) var hasDoubled: Bool { lengthAndMarks & Self.doubledMark != 0 }

  /// Takes the second of two quotes away, in place.
  mutating func undouble(in base: UnsafeMutablePointer<UInt8>) {
    let text = base + Int(start)
    var kept = 0
    var at = 0
    while at < count {
      text[kept] = text[at]
      at += text[at] == UInt8(ascii: "\"") ? 2 : 1
      kept += 1
    }
    // What is left over must not look like the end of a line: lines are counted for messages.
    for rest in kept..<count { text[rest] = 0x20 }
    self = CSVCell(start: Int(start), count: kept, isQuoted: isQuoted, hasDoubled: false)
  }
}
