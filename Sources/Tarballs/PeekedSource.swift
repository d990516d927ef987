/// A byte source whose first bytes were looked at before they are read.
@safe final class PeekedSource {
  /// The first bytes, as many as there are, up to the number asked for.
  let start: [UInt8]

  private let source: ByteSource
  private var given = 0

  init(_ source: @escaping ByteSource, count: Int) throws {
    var start = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe try start.withUnsafeMutableBytes {
        unsafe try source(UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
      }
      if got == 0 { break }
      filled += got
    }
    start.removeLast(count - filled)
    self.start = start
    unsafe self.source = source
  }

  /// Reads on from the very first byte.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard given < start.count else { return unsafe try source(buffer) }
    let piece = start[given...].prefix(buffer.count)
    unsafe buffer.copyBytes(from: piece)
    given += piece.count
    return piece.count
  }
}
