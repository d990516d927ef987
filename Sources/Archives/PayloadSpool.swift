package import Files
internal import Secrets

/// Takes a payload while its size is not known yet, and gives it back once. On the disk it is a file
/// without a name, encrypted with a key that lives in this object alone: whatever happens, what
/// remains is noise.
package final class PayloadSpool {
  /// The bytes taken so far.
  package private(set) var count: Int64 = 0

  private let file: UnlinkedFile
  private let key: SecretBytes
  private let header: [UInt8]
  private var writer: SecretStreamWriter?
  private let plain = ChunkBuffer(count: ArchiveLayout.chunk)
  private let sealed = ChunkBuffer(count: ArchiveLayout.sealedChunk)
  private var filled = 0
  private var isOpen = true

  /// Opens a spool on the folder's file system.
  package init(in folder: Folder) throws {
    file = try UnlinkedFile(in: folder)
    key = try SecretBytes.random(count: SecretStream.keyCount)
    let writer = try SecretStreamWriter(key: key)
    header = writer.header
    self.writer = consume writer
  }

  /// Takes the next bytes: the sink of a `TarZstdWriter`. Throws `FileFault`, and `draft` once the
  /// spool was sealed.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    guard isOpen else {
      throw ArchiveFault(.draft, "spool_ended", "the payload has ended already")
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      // A full chunk waits: the last one must be marked as such, and it may be this one.
      if filled == ArchiveLayout.chunk { try push() }
      let piece = rest.prefix(ArchiveLayout.chunk - filled)
      UnsafeMutableRawBufferPointer(rebasing: plain.bytes[filled...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: piece))
      filled += piece.count
      rest = rest.dropFirst(piece.count)
    }
    count += Int64(bytes.count)
  }

  private func push() throws {
    let size = writer?.push(plain.prefix(filled), bound: [], into: sealed.bytes)
    try file.write(sealed.prefix(size ?? 0))
    filled = 0
  }

  /// Ends the payload, filled up with zeros to its size class, and hands its chunks one by one to
  /// `body`, which is told whether it is the last. Once only.
  func drain(_ body: (UnsafeRawBufferPointer, _ isLast: Bool) throws -> Void) throws {
    if isOpen { try fillUp() }
    isOpen = false
    guard let writer = writer.take() else {
      throw ArchiveFault(.draft, "spool_ended", "the payload was sealed already")
    }
    let size = writer.finish(plain.prefix(filled), bound: [], into: sealed.bytes)
    try file.write(sealed.prefix(size))
    try file.rewind()
    var reader = try SecretStreamReader(key: key, header: header)
    let last = ArchiveLayout.chunks(of: count) - 1
    for index in 0..<last {
      let chunk = try sealedChunk(index)
      let size = try reader.pull(chunk, bound: [], into: plain.bytes)
      try body(plain.prefix(size), false)
    }
    let end = try reader.finish(sealedChunk(last), bound: [], into: plain.bytes)
    try body(plain.prefix(end), true)
  }

  private func fillUp() throws {
    let zeros = ChunkBuffer([UInt8](repeating: 0, count: ArchiveLayout.chunk))
    var missing = SizeClass.of(count) - count
    while missing > 0 {
      let piece = zeros.prefix(Int(min(missing, Int64(ArchiveLayout.chunk))))
      try write(piece)
      missing -= Int64(piece.count)
    }
  }

  private func sealedChunk(_ index: Int64) throws(FileFault) -> UnsafeRawBufferPointer {
    let size = ArchiveLayout.plainCount(index, of: count) + SecretStream.overhead
    try file.read(filling: UnsafeMutableRawBufferPointer(rebasing: sealed.bytes[..<size]))
    return sealed.prefix(size)
  }
}
