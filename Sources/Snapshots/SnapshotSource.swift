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

  /// The drop at its first byte, its files in forms that the readers know.
  func open() throws -> any SnapshotInput {
    ForeignInput(try opener(), file: name, reopen: opener)
  }
}

/// The opened, uncompressed content of a drop.
package protocol SnapshotInput: AnyObject {
  /// Whether it is a tar or zip; otherwise there is one entry without a name of its own.
  var isArchive: Bool { get }
  /// Goes to the next regular file; nil after the last.
  func next() throws -> String?
  /// The next bytes of this file, as many as there are at hand; 0 at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
  /// Passes over the files in folders of this name from here on, however many.
  func passOver(folder: String)
  /// How many files were passed over.
  var passedOver: Int { get }
  /// Reads what is left and gives the digest of all bytes of the drop as they lay on the disk.
  /// Call it once, last.
  func finish() throws -> Digest
  /// What is known of the form of this file's cells, if it is a table.
  var table: TableForm { get }
  /// What was passed over, in words that hold no values; complete when all has been read.
  var notes: [String] { get }
}

extension SnapshotInput {
  package var table: TableForm { .told }
  package var notes: [String] { [] }
}

extension SnapshotInput {
  package func passOver(folder: String) {}
  package var passedOver: Int { 0 }

  /// The rest of this file, if it is not more than the limit.
  func readAll(limit: Int) throws -> [UInt8] {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try piece.withUnsafeMutableBytes { try read(into: $0) }
      guard count > 0 else { return all }
      guard all.count + count <= limit else {
        throw SnapshotFault(.tooLarge, "a description is larger than \(limit) bytes")
      }
      all += piece[..<count]
    }
  }
}
