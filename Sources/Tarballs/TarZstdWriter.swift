/// Writes a tar in one zstd frame to a sink, the same bytes for the same files: each header is the
/// only one that its file can have (`TarHeader`).
///
/// Until `finish()` has returned the stream is worthless. Dropping the writer earlier is safe: the
/// sink is not called again. After a fault it takes nothing more.
@safe package final class TarZstdWriter {
  /// Takes the next bytes of the stream; what it throws comes out of the call that led to it.
  package typealias Sink = (UnsafeRawBufferPointer) throws -> Void

  private let frame: ZstdFrameWriter
  private var isOpen = true

  /// `level`: zstd's, 1 to 19. `threads`: extra compression threads help from some MB on; 1 is none.
  package init(level: Int = 3, threads: Int = 1, sink: @escaping Sink) throws {
    frame = unsafe try ZstdFrameWriter(level: level, threads: threads, sink)
  }

  /// Adds a file in one go. `name`: a plain relative path.
  package func add(_ name: String, _ bytes: [UInt8]) throws {
    unsafe try add(name, size: Int64(bytes.count)) { write in
      unsafe try bytes.withUnsafeBytes { unsafe try write($0) }
    }
  }

  /// Adds a file of `size` bytes in pieces: `body` is given a function that takes the next piece.
  /// Throws `wrongSize` if the pieces do not add up, and what `body` throws.
  package func add(_ name: String, size: Int64, body: (Sink) throws -> Void) throws {
    guard isOpen, let header = TarHeader(name: name, size: size) else {
      throw TarballFault(.misuse, "a file is added that has no name, or to what ended or failed")
    }
    isOpen = false
    try write(header.blocks)
    var room = size
    unsafe try body { piece in
      guard Int64(piece.count) <= room else {
        throw TarballFault(.wrongSize, "\"\(printable(name))\" is longer than was said")
      }
      room -= Int64(piece.count)
      unsafe try frame.write(piece)
    }
    guard room == 0 else {
      throw TarballFault(.wrongSize, "\"\(printable(name))\" lacks \(room) of \(size) bytes")
    }
    try write([UInt8](repeating: 0, count: Int(-size & Int64(TarHeader.blockSize - 1))))
    isOpen = true
  }

  /// Ends the archive and gives the sink its last bytes.
  package func finish() throws {
    guard isOpen else { throw TarballFault(.misuse, "an archive is finished that ended or failed") }
    isOpen = false
    try write([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
    try frame.finish()
  }

  private func write(_ bytes: [UInt8]) throws {
    unsafe try bytes.withUnsafeBytes { unsafe try frame.write($0) }
  }
}
