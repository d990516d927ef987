/// Reads what people drop: one file, or a tar or zip of files, plain or compressed with gzip, zstd,
/// xz or bzip2; told by its bytes, never by its name.
///
/// Once `next()` has answered `nil`, every byte of the source was pulled and the stream was sound
/// to its end. A caller that stops earlier but wants the digest of the whole calls `drain()`.
@safe package final class InputReader {
  package let compression: Compression
  package let container: Container

  private let limits: TarballLimits
  private let raw: ByteSource
  private let single: ByteSource
  private let packed: PackedFiles?
  private var isStarted = false
  private var isDone = false

  /// Reads the first bytes and finds out what they are. Throws `emptyInput` if there are none, and
  /// what the source throws.
  package init(limits: TarballLimits = TarballLimits(), source: @escaping ByteSource) throws {
    self.limits = limits
    unsafe raw = unsafe source
    let outer = unsafe try PeekedSource(source, count: 512)
    guard !outer.start.isEmpty else {
      throw TarballFault(.emptyInput, "the input is empty")
    }
    compression = Compression(start: outer.start)
    if compression == .none {
      container = Container(start: outer.start)
      unsafe single = Self.metered(outer.read, limits)
    } else {
      let expanded = unsafe try Self.expand(compression, limits, outer.read)
      let inner = unsafe try PeekedSource(expanded, count: 512)
      guard Compression(start: inner.start) == .none else {
        throw TarballFault(.nestedCompression, "the input is compressed more than once")
      }
      container = Container(start: inner.start)
      unsafe single = inner.read
    }
    let rules = EntryRules(limits: limits)
    packed = unsafe container == .single ? nil : try PackedFiles(container, rules: rules, single)
  }

  /// The next file, or `nil` at the sound end. What was not read of the file before is passed over.
  /// A lone file has no name.
  package func next() throws -> TarballEntry? {
    if let packed { return try packed.next() }
    guard isStarted else {
      isStarted = true
      return TarballEntry(name: nil, size: nil)
    }
    var scratch = [UInt8](repeating: 0, count: 65_536)
    while !isDone { _ = unsafe try scratch.withUnsafeMutableBytes { unsafe try read(into: $0) } }
    return nil
  }

  /// Passes over the files of folders of this name, in any number up to `idleEntries`, and whether or
  /// not two have one name. Their bytes count as all others.
  package func passOver(folder: String) { packed?.passOver(folder: folder) }

  /// How many files were passed over so far.
  package var passedOver: Int { packed?.passedOver ?? 0 }

  /// Reads bytes of the current file into `buffer` and returns how many; 0 at its end. A lone file
  /// without compression is read straight into `buffer`, without a copy.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if let packed { return unsafe try packed.read(into: buffer) }
    guard isStarted, !isDone, buffer.count > 0 else { return 0 }
    let count = unsafe try single(buffer)
    isDone = count == 0
    return count
  }

  /// Pulls the rest of the source without looking at it, so that whoever digests the bytes as they
  /// pass has seen them all. Nothing can be read afterwards.
  package func drain() throws {
    var scratch = [UInt8](repeating: 0, count: 65_536)
    while unsafe try scratch.withUnsafeMutableBytes({ unsafe try raw($0) }) > 0 {}
    isDone = true
  }

  private static func expand(
    _ compression: Compression, _ limits: TarballLimits, _ source: @escaping ByteSource
  ) throws -> ByteSource {
    if compression == .gzip { return unsafe try Gunzip(limits: limits, source).read }
    return unsafe try Expander(compression, limits: limits, source).read
  }

  private static func metered(
    _ source: @escaping ByteSource, _ limits: TarballLimits
  ) -> ByteSource {
    var meter = ExpansionMeter(limits)
    return {
      let count = unsafe try source($0)
      try meter.note(count, packed: .max)
      return count
    }
  }
}
