/// Reads a pax tar compressed with zstd, as `TarZstdWriter` makes it: plain files with plain
/// relative names, each once, and nothing else, neither before nor behind.
package final class TarZstdReader {
  private let files: PackedFiles

  /// Begins to read. Throws `emptyInput`, `corrupt` if it is not zstd, and what the source throws.
  package init(limits: TarballLimits = TarballLimits(), source: @escaping ByteSource) throws {
    let outer = unsafe try PeekedSource(source, count: 6)
    guard !outer.start.isEmpty else { throw TarballFault(.emptyInput, "the archive is empty") }
    guard Compression(start: outer.start) == .zstd else {
      throw TarballFault(.corrupt, "the archive is not compressed with zstd")
    }
    let expander = unsafe try Expander(.zstd, limits: limits, outer.read)
    files = unsafe try PackedFiles(
      .tar, rules: EntryRules(limits: limits, isLenient: false), expander.read)
  }

  /// The next file, or `nil` once the archive has ended soundly and every byte of the source was
  /// pulled. What was not read of the file before is passed over.
  package func next() throws -> TarballEntry? { try files.next() }

  /// Reads bytes of the current file into `buffer` and returns how many; 0 at its end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    unsafe try files.read(into: buffer)
  }
}
