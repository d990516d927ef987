package import Secrets

/// A drop that can be read, and read again.
package struct SnapshotSource: Sendable {
  /// The file's name, for messages and for the record of what was loaded.
  package let name: String
  private let opener: @Sendable () throws -> any SnapshotInput

  /// `open` opens the very same file each time, at its first byte.
  package init(name: String, open: @escaping @Sendable () throws -> any SnapshotInput) {
    self.name = name
    opener = open
  }

  func open() throws -> any SnapshotInput { try opener() }
}

/// The opened, uncompressed content of a drop.
package protocol SnapshotInput {
  /// Whether it is a tar or zip; otherwise there is one entry without a name of its own.
  var isArchive: Bool { get }
  /// Goes to the next regular file; nil after the last.
  mutating func next() throws -> String?
  /// The next bytes of this file, as many as there are at hand; 0 at its end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
  /// Reads what is left and gives the digest of all bytes of the drop as they lay on the disk.
  mutating func finish() throws -> Digest
}
