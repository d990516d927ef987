internal import Files

/// Lines of a file, each ended by a newline, none longer than an entry may be.
final class LineReader {
  private let file: OpenFile
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var rest: ArraySlice<UInt8> = []
  private var line: [UInt8] = []

  init(_ file: OpenFile) { self.file = file }

  /// The next line without its newline; nil at the end. After a failure there is no more.
  /// - Throws: `FileFault`.
  func next() throws(FileFault) -> Result<[UInt8], LedgerFault>? {
    line.removeAll(keepingCapacity: true)
    while true {
      if let end = rest.firstIndex(of: 0x0A) {
        line += rest[..<end]
        rest = rest[(end + 1)...]
        return tooLong ?? .success(line)
      }
      line += rest
      if let tooLong { return tooLong }
      guard try fill() else {
        return line.isEmpty
          ? nil : .failure(LedgerFault(.format, "the last line is cut off: it has no newline"))
      }
    }
  }

  private var tooLong: Result<[UInt8], LedgerFault>? {
    guard line.count > LedgerEntry.maxLine else { return nil }
    return .failure(
      LedgerFault(.lineTooLong, "a line is longer than \(LedgerEntry.maxLine) bytes"))
  }

  private func fill() throws(FileFault) -> Bool {
    let file = file
    let result = buffer.withUnsafeMutableBytes { room in
      Result { () throws(FileFault) in try file.read(into: room) }
    }
    let count = try result.get()
    rest = buffer[..<count]
    return count > 0
  }
}
