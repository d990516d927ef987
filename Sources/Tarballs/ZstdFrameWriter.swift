internal import CZstd

/// Compresses a stream into one zstd frame.
@safe final class ZstdFrameWriter {
  private let sink: TarZstdWriter.Sink
  private let context: OpaquePointer
  private let room: UnsafeMutableRawBufferPointer

  init(level: Int, threads: Int, _ sink: @escaping TarZstdWriter.Sink) throws(TarballFault) {
    guard let context = unsafe ZSTD_createCCtx() else {
      throw TarballFault(.outOfMemory, "no memory to compress")
    }
    unsafe self.context = unsafe context
    unsafe room = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 64)
    unsafe self.sink = sink
    try set(ZSTD_c_compressionLevel, level)
    if threads > 1 { try set(ZSTD_c_nbWorkers, threads) }
  }

  deinit {
    unsafe ZSTD_freeCCtx(context)
    unsafe room.deallocate()
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    unsafe try compress(bytes, ZSTD_e_continue)
  }

  func finish() throws {
    unsafe try compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end)
  }

  private func compress(_ bytes: UnsafeRawBufferPointer, _ step: ZSTD_EndDirective) throws {
    var input = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    while true {
      var output = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
      let rest = try checked(unsafe ZSTD_compressStream2(context, &output, &input, step))
      let count = unsafe output.pos
      if count > 0 { unsafe try sink(UnsafeRawBufferPointer(rebasing: room[..<count])) }
      let isDone = unsafe step == ZSTD_e_end ? rest == 0 : input.pos == input.size
      if isDone { return }
    }
  }

  private func set(_ parameter: ZSTD_cParameter, _ value: Int) throws(TarballFault) {
    _ = try checked(unsafe ZSTD_CCtx_setParameter(context, parameter, Int32(value)))
  }

  private func checked(_ outcome: Int) throws(TarballFault) -> Int {
    guard ZSTD_isError(outcome) == 0 else {
      let reason = unsafe ZSTD_getErrorName(outcome).map { unsafe String(cString: $0) }
      throw TarballFault(
        .misuse, "the archive cannot be compressed (\(printable(reason ?? "no reason given")))")
    }
    return outcome
  }
}
