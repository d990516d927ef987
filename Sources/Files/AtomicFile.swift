/// Small files, written whole or not at all.
package enum AtomicFile {
  /// Writes `bytes` as `name`: temporary file, length check, sync, rename, sync of the folder.
  /// Throws `alreadyThere` if the name is taken and not `replacing`. On a throw nothing is left.
  package static func write(
    _ bytes: [UInt8], as name: EntryName, in folder: Folder, mode: UInt32 = 0o600,
    replacing: Bool = false
  ) throws(FileFault) {
    let file = try StagedFile(name, in: folder, mode: mode)
    try file.write(bytes)
    try file.commit(replacing: replacing)
  }

  /// The same for text, as UTF-8.
  package static func write(
    _ text: String, as name: EntryName, in folder: Folder, mode: UInt32 = 0o600,
    replacing: Bool = false
  ) throws(FileFault) {
    try write(Array(text.utf8), as: name, in: folder, mode: mode, replacing: replacing)
  }
}

extension EntryName {
  static let stagedEnding = ".tmp"

  /// What SQLite adds to the name of a database while it is written.
  private static let databaseEndings = ["-journal", "-wal", "-shm"]

  /// Whether the name is one that `StagedFile` gives while writing, `.NAME.XXXXXXXX.tmp`, or one of
  /// SQLite's beside such a file.
  package var isStaged: Bool {
    var name = bytes
    if let ending = Self.databaseEndings.first(where: hasSuffix) {
      name.removeLast(ending.utf8.count)
    }
    let tail = name.suffix(13)
    guard name.first == UInt8(ascii: "."), name.count > 14, tail.first == UInt8(ascii: "."),
      tail.suffix(4).elementsEqual(Self.stagedEnding.utf8)
    else { return false }
    return tail.dropFirst().prefix(8).allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
    }
  }
}

extension Folder {
  /// Removes the temporary files that a crash left here, and says how many. Only for the holder
  /// of the site's lock, when nothing is being written.
  @discardableResult
  package func removeLeftovers() throws -> Int {
    var leftovers: [EntryName] = []
    try scan {
      if $0.isStaged { leftovers.append($0) }
      return leftovers.count < 100_000
    }
    // A folder that was being filled is one of them.
    for name in leftovers { try removeTree(name) }
    return leftovers.count
  }
}
