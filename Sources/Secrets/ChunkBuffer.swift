/// Room for a chunk, used over and over: plaintext passes through it, so it is zeroed at the end.
/// Not locked: what people's records need is not to stay, a key must not even be swapped.
@safe package final class ChunkBuffer {
  package let bytes: UnsafeMutableRawBufferPointer

  package init(count: Int) {
    unsafe bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
  }

  package convenience init(_ content: [UInt8]) {
    self.init(count: content.count)
    unsafe bytes.copyBytes(from: content)
  }

  /// The first bytes.
  package func prefix(_ count: Int) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: bytes[..<count])
  }

  deinit {
    unsafe wipe(bytes)
    unsafe bytes.deallocate()
  }
}
