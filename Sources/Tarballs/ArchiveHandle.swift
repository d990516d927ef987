internal import CArchive

/// A libarchive reader on a byte source, whose every status but OK becomes a fault: what libarchive
/// calls a warning (a wrong checksum in a zip, say) must not pass for success.
@safe final class ArchiveHandle {
  let feed: BlockFeed
  let pointer: OpaquePointer

  /// `prepare` switches on the formats and filters that are wanted, and no others.
  init(
    _ source: @escaping ByteSource, prepare: (OpaquePointer) -> [Int32]
  ) throws {
    guard let made = unsafe archive_read_new() else {
      throw TarballFault(.outOfMemory, "no memory for an archive reader")
    }
    unsafe pointer = unsafe made
    unsafe feed = BlockFeed(source)
    // Some filters answer "warn" when they would run an outside program: that is not wanted here.
    guard unsafe prepare(pointer).allSatisfy({ $0 == ARCHIVE_OK }) else {
      throw TarballFault(.misuse, "this libarchive was built without a format that Airlock needs")
    }
    let context = unsafe Unmanaged.passUnretained(feed).toOpaque()
    try check(unsafe archive_read_open(pointer, context, nil, pullBlock, nil))
  }

  deinit { unsafe archive_read_free(pointer) }

  /// Throws unless `status` is `ARCHIVE_OK`: what the source threw, or else libarchive's complaint.
  func check(_ status: Int32) throws {
    guard status != ARCHIVE_OK else { return }
    throw failure()
  }

  /// The fault that libarchive just reported.
  func failure() -> any Error {
    if let thrown = feed.thrown { return thrown }
    let message = complaint
    if message.contains("llocate") { return TarballFault(.outOfMemory, "no memory to unpack") }
    let isCut = feed.isAtEnd && Self.cutWords.contains { message.contains($0) }
    return isCut
      ? TarballFault(.cutShort, "the input ends too early (\(message))")
      : TarballFault(.corrupt, "the input is damaged (\(message))")
  }

  /// libarchive's last message, printable.
  var complaint: String {
    guard let text = unsafe archive_error_string(pointer) else { return "no reason given" }
    return printable(unsafe String(cString: text))
  }

  private static let cutWords = ["runcated", "Premature", "unexpected end", "end of file"]

  /// Reads bytes of the current entry; 0 at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = unsafe archive_read_data(pointer, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw failure() }
    return count
  }

  /// How many bytes the innermost filter handed to the format so far.
  var consumed: Int64 { unsafe archive_filter_bytes(pointer, 0) }

  /// How many bytes were taken from the source and used up.
  var consumedPacked: Int64 { unsafe archive_filter_bytes(pointer, -1) }
}

/// The C callback: hands libarchive the next block of the `BlockFeed` that is its context.
private func pullBlock(
  _ archive: OpaquePointer?, _ context: UnsafeMutableRawPointer?,
  _ block: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
  guard let context = unsafe context, let block = unsafe block else { return -1 }
  let feed = unsafe Unmanaged<BlockFeed>.fromOpaque(context).takeUnretainedValue()
  do {
    let next = unsafe try feed.next()
    unsafe block.pointee = next.baseAddress
    return next.count
  } catch {
    feed.thrown = feed.thrown ?? error
    return -1
  }
}
