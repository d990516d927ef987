internal import Files
internal import Secrets

/// Decrypts a payload chunk by chunk. What it gives is authentic so far; that it is whole is known
/// only when `isComplete`.
package final class PayloadReader {
  /// Whether the last chunk was opened, the file ended there, and all of it was what was signed.
  package private(set) var isComplete = false

  private let archive: VerifiedArchive
  private let context: [UInt8]
  private let prehash = HashQueue<PrehashStream>()
  private var reader: SecretStreamReader?
  private var index: Int64 = 0
  private let sealed = ChunkBuffer(count: ArchiveLayout.sealedChunk)
  /// What did not fit into the caller's buffer.
  private let plain = ChunkBuffer(count: ArchiveLayout.chunk)
  private var rest = 0..<0

  init(_ archive: VerifiedArchive, key: SecretBytes) throws {
    self.archive = archive
    context = Digest(of: archive.preamble).bytes
    try archive.file.rewind()
    try PayloadReader.skip(archive.preamble.count, of: archive.file, into: prehash)
    let header = ChunkBuffer(count: SecretStream.headerCount)
    try archive.file.fill(header.bytes)
    prehash.update(header.prefix(SecretStream.headerCount))
    let reader = try SecretStreamReader(
      key: key, header: Array(header.prefix(SecretStream.headerCount)))
    self.reader = consume reader
  }

  /// Gives the next bytes: the source of a `TarZstdReader`; 0 at the end, when `isComplete`. A
  /// buffer of 64 KiB or more is decrypted into directly.
  /// - Throws: `payload`, `truncation`, `trailing_data`, `signature`, `FileFault`.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if !rest.isEmpty { return takeRest(buffer) }
    guard index < archive.layout.chunks else { return 0 }
    let count = ArchiveLayout.plainCount(index, of: archive.layout.payloadCount)
    if buffer.count >= count, buffer.count > 0 {
      try nextChunk(count, into: buffer)
      return count
    }
    try nextChunk(count, into: plain.bytes)
    rest = 0..<count
    return takeRest(buffer)
  }

  /// - Parameter frame: how many bytes of the payload are its zstd frame.
  /// - Throws: `truncation` unless all was read, `payload` unless the frame has the size class that
  ///   it was filled up to: else zeros could say something.
  func requireEnd(frame: Int64) throws(ArchiveFault) {
    guard isComplete else {
      throw ArchiveFault(.truncation, "cut_short", "the payload has chunks that were not read")
    }
    guard SizeClass.of(frame) == archive.layout.payloadCount else {
      throw ArchiveFault(
        .payload, "no_size_class", "the payload is filled up to another length than its frame's")
    }
  }

  private func takeRest(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = rest.prefix(buffer.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: plain.bytes[piece]))
    rest = rest.dropFirst(piece.count)
    return piece.count
  }

  private func nextChunk(_ count: Int, into out: UnsafeMutableRawBufferPointer) throws {
    let size = count + SecretStream.overhead
    try archive.file.fill(UnsafeMutableRawBufferPointer(rebasing: sealed.bytes[..<size]))
    prehash.update(sealed.prefix(size))
    let isLast = index == archive.layout.chunks - 1
    do {
      try open(size, into: out, isLast: isLast)
    } catch {
      throw fault(error, isLast: isLast)
    }
    index += 1
    if isLast { try finish() }
  }

  private func open(
    _ size: Int, into out: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(SecretsFault) {
    if isLast, let reader = reader.take() {
      _ = try reader.finish(sealed.prefix(size), bound: context, into: out)
    } else {
      _ = try reader?.pull(sealed.prefix(size), bound: context, into: out)
    }
  }

  /// The file is read a second time here; it must be the one whose signature was checked.
  private func finish() throws {
    let more = try archive.file.reading { () throws(FileFault) in
      try archive.file.read(into: sealed.bytes)
    }
    guard more == 0, prehash.finish() == archive.prehash else { throw ArchiveFault.changed }
    isComplete = true
  }

  private func fault(_ fault: SecretsFault, isLast: Bool) -> ArchiveFault {
    let place = "chunk \(index + 1) of \(archive.layout.chunks)"
    guard fault.kind == .chunkOrder else {
      return ArchiveFault(.payload, fault.code, "\(place): \(fault.message)")
    }
    return ArchiveFault(
      isLast ? .truncation : .trailingData, fault.code, "\(place): \(fault.message)")
  }

  private static func skip(_ count: Int, of file: OpenFile, into hash: HashQueue<PrehashStream>)
    throws
  {
    let buffer = ChunkBuffer(count: count)
    try file.fill(buffer.bytes)
    hash.update(buffer.prefix(count))
  }
}

extension OpenFile {
  /// Reads the archive; that it changed meanwhile is the archive's fault.
  func reading<Result>(_ body: () throws(FileFault) -> Result) throws -> Result {
    do throws(FileFault) { return try body() } catch {
      guard error.kind == .changedWhileReading else { throw error }
      throw ArchiveFault.changed
    }
  }

  /// Fills all of the buffer. `truncation` when the file ends before.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < buffer.count {
      let count = try reading { () throws(FileFault) in
        try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
      }
      guard count > 0 else {
        throw ArchiveFault(.truncation, "cut_short", "the archive ends too early")
      }
      done += count
    }
  }
}

extension ArchiveFault {
  static let changed = ArchiveFault(
    .signature, "changed_since_verified", "the archive was changed while it was read")
}
