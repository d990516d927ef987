import Secrets

@testable import Snapshots

/// A drop that is made up: one text, or several under names as in a tar.
final class TextSource: SnapshotInput {
  let isArchive: Bool
  private var entries: [(name: String, bytes: [UInt8])]
  private var current: ArraySlice<UInt8> = []
  /// How many bytes a read gives at most.
  private let piece: Int

  init(_ entries: [(String, String)], isArchive: Bool, piece: Int) {
    self.entries = entries.map { ($0, Array($1.utf8)) }
    self.isArchive = isArchive
    self.piece = piece
  }

  /// A lone file of any bytes.
  init(bytes: [UInt8], piece: Int) {
    entries = [("", bytes)]
    isArchive = false
    self.piece = piece
  }

  func next() throws -> String? {
    guard let entry = entries.first else { return nil }
    entries.removeFirst()
    current = entry.bytes[...]
    return entry.name
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let bytes = current.prefix(min(piece, buffer.count))
    buffer.copyBytes(from: bytes)
    current = current.dropFirst(bytes.count)
    return bytes.count
  }

  func finish() throws -> Digest { Digest(of: []) }
}

extension SnapshotSource {
  /// A lone file.
  static func text(_ text: String, piece: Int = .max) -> SnapshotSource {
    SnapshotSource(name: "drop.json") { TextSource([("", text)], isArchive: false, piece: piece) }
  }

  /// A tar of named texts.
  static func tar(_ entries: (String, String)...) -> SnapshotSource {
    SnapshotSource(name: "drop.tar") { TextSource(entries, isArchive: true, piece: .max) }
  }
}
