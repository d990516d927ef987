internal import CArchive

/// Decompresses zstd, xz or bzip2; several frames or streams one after the other count as one, as
/// with the stock tools.
///
/// The end is reported only when the compressed stream is complete and nothing follows it.
final class Expander {
  private let archive: ArchiveHandle
  private let isEmpty: Bool
  private var meter: ExpansionMeter
  private var isDone = false

  init(_ compression: Compression, limits: TarballLimits, _ source: @escaping ByteSource) throws {
    archive = unsafe try ArchiveHandle(source) { archive in
      unsafe [
        enable(compression, archive), archive_read_support_format_raw(archive),
        archive_read_support_format_empty(archive),
      ]
    }
    meter = ExpansionMeter(limits)
    var entry: OpaquePointer?
    let status = unsafe archive_read_next_header(archive.pointer, &entry)
    isEmpty = status == ARCHIVE_EOF
    if !isEmpty { try archive.check(status) }
    try Self.requireOneFilter(archive)
  }

  /// One filter and the source make two: none means that the start only looked compressed, more
  /// that it is compressed twice.
  private static func requireOneFilter(_ archive: ArchiveHandle) throws(TarballFault) {
    let filters = unsafe archive_filter_count(archive.pointer)
    guard filters >= 2 else { throw TarballFault(.corrupt, "the compressed input is damaged") }
    guard filters == 2 else {
      throw TarballFault(.nestedCompression, "the input is compressed more than once")
    }
  }

  /// Reads decompressed bytes; 0 at the sound end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if isDone { return 0 }
    let count = isEmpty ? 0 : unsafe try archive.read(into: buffer)
    try meter.note(count, packed: archive.feed.total)
    if count == 0 { try finish() }
    return count
  }

  private func finish() throws {
    isDone = true
    let used = archive.consumedPacked
    try archive.feed.drain()
    guard archive.feed.total == used else {
      throw TarballFault(.trailingData, "the compressed input is followed by something else")
    }
  }
}

private func enable(_ compression: Compression, _ archive: OpaquePointer) -> Int32 {
  switch compression {
  case .zstd: unsafe archive_read_support_filter_zstd(archive)
  case .xz: unsafe archive_read_support_filter_xz(archive)
  case .bzip2: unsafe archive_read_support_filter_bzip2(archive)
  case .none, .gzip: ARCHIVE_FATAL
  }
}
