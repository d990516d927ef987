/// Finds the records of all lists of a file: of the one array that it is, or of answers.
struct EnvelopeCutter {
  private var envelope: Envelope
  private var list = ArrayCutter()
  private var isInList = false

  /// - Parameter isBare: whether the file itself is the list.
  init(isBare: Bool, file: String) { envelope = Envelope(isBare: isBare, file: file) }

  /// Notes every whole record from `start` on and gives the index after the last, and after what
  /// stands around it.
  mutating func cut(_ text: RecordText, from start: Int, atEnd: Bool) throws(SnapshotFault) -> Int {
    var start = start
    while true {
      if isInList {
        start = try list.cut(text, from: start, atEnd: atEnd)
        guard list.isClosed else { return start }
        isInList = false
        try envelope.close(after: list.count)
      }
      let rest = UnsafeBufferPointer(
        start: UnsafePointer(text.bytes.base) + start, count: text.bytes.count - start)
      guard let used = try envelope.take(rest) else {
        if atEnd { try envelope.end() }
        return text.bytes.count
      }
      start += used
      list.reopen()
      isInList = true
    }
  }
}
