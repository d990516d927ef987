internal import CZstd

/// Unpacks the one zstd frame that a source holds; behind it there may be zeros, and nothing else.
@safe final class ZstdFrameReader {
  /// The bytes of the frame: of all of it once `read` has given 0.
  private(set) var frameBytes: Int64 = 0

  private let source: PeekedSource
  private let context: OpaquePointer
  private let room: UnsafeMutableRawBufferPointer
  private var packed = 0..<0
  private var meter: ExpansionMeter
  private let sourceBytes: Int64
  /// Whether libzstd may give more without being given more.
  private var mayHoldMore = false
  private var isFrameDone = false
  private var isDone = false

  /// - Parameter sourceBytes: how many bytes the source has, for the limits.
  /// - Throws: `emptyInput`, `corrupt`, and what the source throws.
  init(
    limits: TarballLimits, sourceBytes: Int64, _ source: @escaping ByteSource
  ) throws {
    self.source = unsafe try PeekedSource(source, count: ZstdFrameHead.longest)
    guard !self.source.start.isEmpty else {
      throw TarballFault(.emptyInput, "the archive is empty")
    }
    try ZstdFrameHead.check(self.source.start)
    guard let context = unsafe ZSTD_createDCtx() else {
      throw TarballFault(.outOfMemory, "no memory to unpack")
    }
    unsafe self.context = unsafe context
    unsafe room = .allocate(byteCount: 65_536, alignment: 64)
    self.sourceBytes = sourceBytes
    meter = ExpansionMeter(limits)
  }

  deinit {
    unsafe ZSTD_freeDCtx(context)
    unsafe room.deallocate()
  }

  /// Unpacks into `buffer`, which is not empty; 0 at the sound end, when all of the source was pulled.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while !isFrameDone {
      if packed.isEmpty, !mayHoldMore { try pull() }
      let count = unsafe try unpack(into: buffer)
      if count > 0 { return count }
    }
    if !isDone { try requireZeros() }
    return 0
  }

  private func unpack(into buffer: UnsafeMutableRawBufferPointer) throws(TarballFault) -> Int {
    var input = unsafe ZSTD_inBuffer(
      src: room.baseAddress, size: packed.upperBound, pos: packed.lowerBound)
    var output = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    let rest = unsafe ZSTD_decompressStream(context, &output, &input)
    guard ZSTD_isError(rest) == 0 else {
      let reason = unsafe ZSTD_getErrorName(rest).map { unsafe String(cString: $0) } ?? "no reason"
      throw TarballFault(.corrupt, "the input is damaged (\(printable(reason)))")
    }
    frameBytes += unsafe Int64(input.pos - packed.lowerBound)
    packed = unsafe input.pos..<packed.upperBound
    mayHoldMore = unsafe output.pos == output.size
    isFrameDone = rest == 0
    unsafe try meter.note(output.pos, packed: sourceBytes)
    return unsafe output.pos
  }

  private func pull() throws {
    packed = 0..<(unsafe try source.read(into: room))
    guard !packed.isEmpty else {
      throw TarballFault(.cutShort, "the input ends too early (within its zstd frame)")
    }
  }

  /// What fills a payload up to its size class.
  private func requireZeros() throws {
    isDone = true
    while true {
      guard unsafe UnsafeMutableRawBufferPointer(rebasing: room[packed]).allSatisfy({ $0 == 0 })
      else {
        throw TarballFault(.trailingData, "the compressed input is followed by something else")
      }
      packed = 0..<(unsafe try source.read(into: room))
      if packed.isEmpty { return }
    }
  }
}
