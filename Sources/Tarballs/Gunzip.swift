internal import CZlib

/// Decompresses gzip (RFC 1952); several members one after the other count as one.
///
/// By zlib itself: libarchive's gzip filter compares neither checksum nor length, so a flipped bit
/// could change a registrant unseen.
@safe final class Gunzip {
  private let feed: BlockFeed
  private let stream: UnsafeMutablePointer<z_stream>
  private var meter: ExpansionMeter
  private var isBetweenMembers = false
  private var isDone = false

  init(limits: TarballLimits, _ source: @escaping ByteSource) throws {
    unsafe feed = BlockFeed(source)
    meter = ExpansionMeter(limits)
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 16: gzip, with its header and checksum; 15: windows of any size.
    let status = unsafe inflateInit2_(
      stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw TarballFault(.outOfMemory, "no memory to unpack gzip")
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Reads decompressed bytes; 0 at the sound end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !isDone, let start = buffer.baseAddress, buffer.count > 0 else { return 0 }
    let room = min(buffer.count, 1 << 30)
    unsafe stream.pointee.next_out = unsafe start.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(room)
    while unsafe Int(stream.pointee.avail_out) == room {
      guard try refill() else { break }
      try step()
    }
    let count = room - Int(unsafe stream.pointee.avail_out)
    try meter.note(count, packed: feed.total)
    return count
  }

  /// Sees to it that there is input; `false` at the sound end.
  private func refill() throws -> Bool {
    guard unsafe stream.pointee.avail_in == 0 else { return true }
    let block = unsafe try feed.next()
    guard let start = block.baseAddress, block.count > 0 else {
      guard isBetweenMembers else {
        throw TarballFault(.cutShort, "the gzip input ends too early")
      }
      isDone = true
      return false
    }
    // zlib's field is not const, but zlib does not write through it.
    unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(
      mutating: start.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(block.count)
    return true
  }

  private func step() throws(TarballFault) {
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    switch status {
    case Z_OK, Z_BUF_ERROR:
      isBetweenMembers = false
    case Z_STREAM_END:
      isBetweenMembers = true
      unsafe inflateReset(stream)
    case Z_MEM_ERROR:
      throw TarballFault(.outOfMemory, "no memory to unpack gzip")
    default:
      throw failure()
    }
  }

  private func failure() -> TarballFault {
    if isBetweenMembers {
      return TarballFault(.trailingData, "the gzip input is followed by something else")
    }
    let reason = unsafe stream.pointee.msg.map { unsafe printable(String(cString: $0)) }
    return TarballFault(.corrupt, "the gzip input is damaged (\(reason ?? "no reason given"))")
  }
}
