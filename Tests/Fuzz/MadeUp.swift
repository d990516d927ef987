import Secrets
import Snapshots

/// A drop of bytes in memory, given in small pieces.
final class MadeUp: SnapshotInput {
  private let bytes: [UInt8]
  private var place = 0
  private var isOpened = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isArchive: Bool { false }

  func next() -> String? {
    defer { isOpened = true }
    return isOpened ? nil : ""
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = bytes[place...].prefix(min(buffer.count, 1_000))
    buffer.copyBytes(from: piece)
    place += piece.count
    return piece.count
  }

  func finish() -> Digest { Digest(of: bytes) }
}
