internal import Dispatch

/// A hash that takes its bytes in pieces.
package protocol HashStream: AnyObject, SendableMetatype {
  associatedtype Hash: Sendable
  init()
  func update(_ piece: UnsafeRawBufferPointer)
  func finish() -> Hash
}

extension DigestStream: HashStream {}
extension PrehashStream: HashStream {}

/// Hashes on another thread what passes through this one. The pieces are copied; a few wait at most.
/// What is small is hashed at once.
package final class HashQueue<Stream: HashStream> {
  /// Up to here no thread is worth its start.
  private static var small: Int { 1 << 20 }

  private let stream = Shared(Stream())
  private var passed = 0
  private lazy var lane = Lane(stream)

  package init() {}

  package func update(_ piece: UnsafeRawBufferPointer) {
    passed += piece.count
    if passed <= Self.small { unsafe stream.value.update(piece) } else { unsafe lane.update(piece) }
  }

  package func update(_ piece: [UInt8]) {
    unsafe piece.withUnsafeBytes { unsafe update($0) }
  }

  /// The hash of all pieces. Call it once, last.
  package func finish() -> Stream.Hash {
    passed <= Self.small ? stream.value.finish() : lane.finish()
  }

  /// The stream: the caller's until the lane is made, and the queue's from then on.
  private final class Shared: @unchecked Sendable {  // one thread at a time touches it
    let value: Stream
    init(_ value: Stream) { self.value = value }
  }

  /// The other thread, and the buffers that go there and back.
  private final class Lane {
    private static var most: Int { 4 }
    private static var size: Int { 1 << 18 }

    private let stream: Shared
    private let buffers = (0..<Lane.most).map { _ in Buffer() }
    private let queue = DispatchQueue(label: "airlock.hash")
    private let room = DispatchSemaphore(value: Lane.most)
    private var next = 0

    private final class Buffer: @unchecked Sendable {  // filled only when it is off the queue
      let bytes = ChunkBuffer(count: Lane.size)
    }

    init(_ stream: Shared) { self.stream = stream }

    func update(_ piece: UnsafeRawBufferPointer) {
      for start in stride(from: 0, to: piece.count, by: Lane.size) {
        let end = min(start + Lane.size, piece.count)
        unsafe enqueue(UnsafeRawBufferPointer(rebasing: piece[start..<end]))
      }
    }

    func finish() -> Stream.Hash { queue.sync { [stream] in stream.value.finish() } }

    private func enqueue(_ part: UnsafeRawBufferPointer) {
      room.wait()
      let buffer = buffers[next]
      next = (next + 1) % Lane.most
      let count = part.count
      unsafe buffer.bytes.bytes.copyMemory(from: part)
      queue.async { [stream, room] in
        unsafe stream.value.update(buffer.bytes.prefix(count))
        room.signal()
      }
    }
  }
}
