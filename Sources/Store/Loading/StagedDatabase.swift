internal import Files
internal import GRDB
internal import Glibc

/// A new SQLite file under a temporary name, built at full speed: without a journal and without
/// syncing, since until it is sealed it is worth nothing anyway.
final class StagedDatabase {
  private let folder: Folder
  private let name: EntryName
  private var descriptor: Int32
  private var isGone = false

  /// Makes a copy of a file that nobody changes.
  convenience init(copying original: EntryName, in folder: Folder) throws {
    try self.init(in: folder)
    let source = open(folder.path(of: original), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard source >= 0 else { throw LoadFault(cannot: "copy", errno: errno) }
    defer { close(source) }
    // What fails here is discarded with this object.
    try FileCopy.rest(of: source, to: descriptor, named: "store/\(original)")
    guard lseek(descriptor, 0, SEEK_CUR) == lseek(source, 0, SEEK_END) else {
      throw LoadFault(.damaged, "the copy of the snapshot's file ended early")
    }
  }

  /// Makes the empty file, for us alone to read.
  init(in folder: Folder) throws {
    var random = SystemRandomNumberGenerator()
    let token = String(random.next(upperBound: 1 << 32 as UInt64) | 1 << 32, radix: 16).dropFirst()
    // As `StagedFile` names its files, so that `Folder.removeLeftovers()` knows them.
    name = try EntryName(".\(SnapshotLoader.fileName.text ?? "").\(token).tmp")
    self.folder = folder
    descriptor = open(
      folder.path(of: name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LoadFault(cannot: "create", errno: errno) }
  }

  deinit { discard() }

  /// Runs the body in one transaction, which fills the file.
  func build<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try run(configuration(cacheKiB: 8_192), beside: nil, body)
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result { try build(body) }

  /// Runs the body in one transaction, which changes rows here and there: much of the indexes should be
  /// at hand.
  /// - Parameter other: a database that the body finds under the name `delta`.
  func change<Result>(
    beside other: StagedDatabase? = nil, _ body: (Database) throws -> Result
  ) throws -> Result {
    try run(configuration(cacheKiB: 65_536), beside: other, body)
  }

  private func run<Result>(
    _ configuration: Configuration, beside other: StagedDatabase?,
    _ body: (Database) throws -> Result
  ) throws -> Result {
    try LoadFault.translating("store the snapshot") {
      let queue = try DatabaseQueue(path: folder.path(of: name), configuration: configuration)
      let result = try queue.writeWithoutTransaction { db in
        if let other {
          try db.execute(
            sql: "ATTACH ? AS delta", arguments: [other.folder.path(of: other.name)])
        }
        var result: Result?
        try db.inTransaction(.exclusive) {
          result = try body(db)
          return .commit
        }
        return result
      }
      try queue.close()
      guard let result else { throw LoadFault(.databaseError, "the transaction gave nothing") }
      return result
    }
  }

  /// Deletes rows, of which copies may be left until it is scrubbed.
  /// - Parameter ids: ascending.
  /// - Returns: those that are left to SQLite, ascending.
  func delete(_ ids: [Int64], from table: String) throws -> [Int64] {
    let trees = try read { try LeafDeletion.Tree.all(of: table, in: $0) }
    return try LeafDeletion(descriptor).run(ids, of: trees)
  }

  /// Overwrites what belongs to no row any more.
  func scrub() throws(LoadFault) {
    try PageScrub(descriptor).run()
  }

  private func configuration(cacheKiB: Int) -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { [folder] db in
      for pragma in Self.pragmas { try db.execute(sql: "PRAGMA \(pragma)") }
      try db.execute(sql: "PRAGMA cache_size = -\(cacheKiB)")
      // What the sorter spills are registrants' values: they stay in our folder.
      let path = folder.path.split(separator: "'", omittingEmptySubsequences: false).joined(
        separator: "''")
      try db.execute(sql: "PRAGMA temp_store_directory = '\(path)'")
    }
    return configuration
  }

  private static let pragmas = [
    "page_size = 16384", "locking_mode = EXCLUSIVE", "journal_mode = OFF",
    // What is deleted is overwritten by `scrub()`, where it must be.
    "synchronous = OFF", "secure_delete = OFF", "auto_vacuum = NONE", "temp_store = FILE",
  ]

  /// Syncs the complete file.
  func seal() throws {
    guard fsync(descriptor) == 0 else { throw LoadFault(cannot: "sync", errno: errno) }
  }

  /// Gives the sealed file its name.
  func commit(as final: EntryName) throws(FileFault) {
    guard !isGone else { return }
    try folder.rename(name, to: folder, as: final, replacing: true)
    isGone = true
    closeDescriptor()
    try folder.sync()
  }

  /// Removes the file, if it has not got its name.
  func discard() {
    closeDescriptor()
    guard !isGone else { return }
    isGone = true
    // Nobody can act on a failure here; start-up removes what is left.
    _ = try? folder.removeIfThere(name)
  }

  private func closeDescriptor() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}
