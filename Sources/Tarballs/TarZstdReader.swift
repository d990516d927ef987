/// Reads a tar in one zstd frame, as `TarZstdWriter` makes it, and nothing else: each block of the
/// tar is the only one that could stand there.
///
/// The caller admits the names. Every byte that it gets was unpacked and counted before.
@safe package final class TarZstdReader {
  private let frame: ZstdFrameReader
  private let limits: TarballLimits
  /// What is still to come of the current file, and the zeros that fill its last block.
  private var rest: Int64 = 0
  private var filling = 0
  private var isDone = false

  /// Begins to read.
  /// - Parameter sourceBytes: how many bytes the source has; what it unpacks to is limited by it.
  /// - Throws: `emptyInput`, `corrupt` if it is not zstd as ours is, and what the source throws.
  package init(
    limits: TarballLimits = TarballLimits(), sourceBytes: Int64, source: @escaping ByteSource
  ) throws {
    frame = unsafe try ZstdFrameReader(limits: limits, sourceBytes: sourceBytes, source)
    self.limits = limits
  }

  /// The bytes of the zstd frame, once `next` has given nil: what follows in the source are zeros.
  package var frameBytes: Int64 { frame.frameBytes }

  /// The next file, or `nil` once the tar has ended soundly and every byte of the source was pulled.
  /// What was not read of the file before is passed over.
  package func next() throws -> TarballEntry? {
    if isDone { return nil }
    try skipRest()
    let first = try block()
    guard first.contains(where: { $0 != 0 }) else {
      try requireEnd()
      return nil
    }
    let header = try TarHeader(first, next: block)
    guard header.size <= limits.entryBytes else {
      throw TarballFault(.entryTooLarge, "a file has more than \(limits.entryBytes) bytes")
    }
    rest = header.size
    filling = Int(-header.size & Int64(TarHeader.blockSize - 1))
    return TarballEntry(name: header.name, size: header.size)
  }

  /// Reads bytes of the current file into `buffer` and returns how many; 0 at its end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard rest > 0, buffer.count > 0 else { return 0 }
    let room = Int(min(rest, Int64(buffer.count)))
    let count = unsafe try frame.read(
      into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
    guard count > 0 else { throw TarZstdReader.cut }
    rest -= Int64(count)
    return count
  }

  private func skipRest() throws {
    var scratch = [UInt8](repeating: 0, count: 65_536)
    while unsafe try scratch.withUnsafeMutableBytes({ unsafe try read(into: $0) }) > 0 {}
    guard try bytes(filling).allSatisfy({ $0 == 0 }) else {
      throw TarballFault(.corrupt, "the tar fills a block with something else than zeros")
    }
    filling = 0
  }

  /// Two blocks of zeros end a tar (POSIX pax, "ustar Interchange Format"); behind ours is nothing.
  private func requireEnd() throws {
    guard try block().allSatisfy({ $0 == 0 }) else {
      throw TarballFault(.corrupt, "the tar has a single block of zeros")
    }
    var more: [UInt8] = [0]
    guard unsafe try more.withUnsafeMutableBytes({ unsafe try frame.read(into: $0) }) == 0 else {
      throw TarballFault(.trailingData, "the tar is followed by something else")
    }
    isDone = true
  }

  private func block() throws -> [UInt8] { try bytes(TarHeader.blockSize) }

  private func bytes(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe try bytes.withUnsafeMutableBytes {
        unsafe try frame.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
      }
      guard got > 0 else { throw TarZstdReader.cut }
      filled += got
    }
    return bytes
  }

  private static let cut = TarballFault(.cutShort, "the tar ends without its end mark")
}
