internal import CArchive

/// Writes a pax tar compressed with zstd to a sink, the same bytes for the same files: owner 0,
/// mode 0644, one time for all.
///
/// Until `finish()` has returned the stream is worthless. Dropping the writer earlier is safe: the
/// sink is not called again.
@safe package final class TarZstdWriter {
  /// Takes the next bytes of the stream; what it throws comes out of the call that led to it.
  package typealias Sink = (UnsafeRawBufferPointer) throws -> Void

  private let drain: Drain
  private let archive: OpaquePointer
  private let modified: Int
  private var isOpen = true
  private var room: Int64 = 0

  /// `level`: zstd's, 1 to 19. `threads`: extra compression threads help from some MB on; 1 is none.
  /// `modified`: the time of all entries, in seconds since 1970.
  package init(
    level: Int = 3, threads: Int = 1, modified: Int = 0, sink: @escaping Sink
  ) throws {
    guard let made = unsafe archive_write_new() else {
      throw TarballFault(.outOfMemory, "no memory for an archive writer")
    }
    unsafe archive = unsafe made
    unsafe drain = Drain(sink)
    self.modified = modified
    try check(unsafe archive_write_set_format_pax_restricted(archive))
    try check(unsafe archive_write_add_filter_zstd(archive))
    try setOption("compression-level", level)
    if threads > 1 { try setOption("threads", threads) }
    try check(unsafe archive_write_set_bytes_per_block(archive, 65_536))
    // No padding of the last block: zeros behind a zstd frame are not zstd.
    try check(unsafe archive_write_set_bytes_in_last_block(archive, 1))
    let context = unsafe Unmanaged.passUnretained(drain).toOpaque()
    try check(unsafe archive_write_open(archive, context, nil, pushBlock, nil))
  }

  /// Freeing an archive would end it properly, into the sink; a failed one is just freed.
  deinit {
    drain.isClosed = true
    unsafe archive_write_fail(archive)
    unsafe archive_write_free(archive)
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
    try begin(name, size: size)
    unsafe try body { unsafe try self.write($0, name) }
    guard room == 0 else {
      throw TarballFault(.wrongSize, "\"\(printable(name))\" lacks \(room) of \(size) bytes")
    }
    try check(unsafe archive_write_finish_entry(archive))
  }

  /// Ends the archive and gives the sink its last bytes.
  package func finish() throws {
    guard isOpen else { throw TarballFault(.misuse, "an archive is finished twice") }
    isOpen = false
    try check(unsafe archive_write_close(archive))
    drain.isClosed = true
  }

  private func begin(_ name: String, size: Int64) throws {
    guard isOpen, room == 0 else {
      throw TarballFault(.misuse, "a file is added to an archive that has ended or failed")
    }
    guard let entry = unsafe archive_entry_new() else {
      throw TarballFault(.outOfMemory, "no memory for an archive entry")
    }
    defer { unsafe archive_entry_free(entry) }
    unsafe archive_entry_set_pathname_utf8(entry, name)
    unsafe archive_entry_set_filetype(entry, 0o100000)
    unsafe archive_entry_set_perm(entry, 0o644)
    unsafe archive_entry_set_size(entry, size)
    unsafe archive_entry_set_mtime(entry, modified, 0)
    try check(unsafe archive_write_header(archive, entry))
    room = size
  }

  private func write(_ bytes: UnsafeRawBufferPointer, _ name: String) throws {
    guard Int64(bytes.count) <= room else {
      throw TarballFault(.wrongSize, "\"\(printable(name))\" is longer than was said")
    }
    room -= Int64(bytes.count)
    let written = unsafe archive_write_data(archive, bytes.baseAddress, bytes.count)
    guard written == bytes.count else { throw failure() }
  }

  private func setOption(_ name: String, _ value: Int) throws {
    try check(unsafe archive_write_set_filter_option(archive, "zstd", name, String(value)))
  }

  private func check(_ status: Int32) throws {
    guard status == ARCHIVE_OK else { throw failure() }
  }

  private func failure() -> any Error {
    if let thrown = drain.thrown { return thrown }
    let reason = unsafe archive_error_string(archive).map { unsafe printable(String(cString: $0)) }
    return TarballFault(.misuse, "the archive cannot be written (\(reason ?? "no reason given"))")
  }
}

/// Where libarchive's bytes go.
@safe private final class Drain {
  var isClosed = false
  var thrown: (any Error)?
  private let sink: TarZstdWriter.Sink

  init(_ sink: @escaping TarZstdWriter.Sink) { unsafe self.sink = sink }

  func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard !isClosed, thrown == nil else { return -1 }
    do {
      unsafe try sink(bytes)
      return bytes.count
    } catch {
      thrown = error
      return -1
    }
  }
}

/// The C callback: hands the next block to the `Drain` that is its context.
private func pushBlock(
  _ archive: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ bytes: UnsafeRawPointer?,
  _ count: Int
) -> Int {
  guard let context = unsafe context else { return -1 }
  let drain = unsafe Unmanaged<Drain>.fromOpaque(context).takeUnretainedValue()
  return unsafe drain.take(UnsafeRawBufferPointer(start: bytes, count: count))
}
