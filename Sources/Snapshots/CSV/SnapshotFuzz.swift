internal import Secrets

/// What a fuzzer calls: whatever the bytes are, they are read or refused, and nothing else happens.
package enum SnapshotFuzz {
  /// Reads the bytes as a lone dropped file of any form; the first byte says how many are taken at
  /// a time.
  /// - Returns: how many records there are; nil if the file is refused.
  /// - Throws: what no snapshot should be able to make us throw.
  package static func read(_ bytes: UnsafeRawBufferPointer) throws -> Int? {
    guard let first = bytes.first else { return nil }
    var limits = SnapshotLimits()
    limits.batchBytes = Int(first) * 16 + 1
    limits.recordBytes = 1 << 16
    let text = Array(bytes.dropFirst())
    let source = SnapshotSource(name: "drop") { MemoryInput(text) }
    do {
      let report = try SnapshotChecker.check(source, limits: limits)
      return report.counts[SnapshotReader.mainModel]
    } catch is SnapshotFault {
      return nil
    }
  }
}

/// A lone file that is in memory.
private final class MemoryInput: SnapshotInput {
  let isArchive = false
  private let bytes: [UInt8]
  private var at = 0
  private var isOpened = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func next() -> String? {
    defer { isOpened = true }
    return isOpened ? nil : ""
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let piece = bytes[at...].prefix(buffer.count)
    buffer.copyBytes(from: piece)
    at += piece.count
    return piece.count
  }

  func finish() -> Digest { Digest(of: bytes) }
}
