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
  /// Whether what is deleted is overwritten as well.
  private let erases: Bool

  /// Makes a copy of a file that nobody changes.
  convenience init(copying original: EntryName, in folder: Folder) throws {
    try self.init(in: folder, erases: true)
    let source = open(folder.path(of: original), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard source >= 0 else { throw Self.failure("copy", errno) }
    defer { close(source) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(source, &buffer, buffer.count)
      guard count != 0 else { return }
      guard count > 0 else { throw Self.failure("copy", errno) }
      let written = write(descriptor, buffer, count)
      guard written == count else { throw Self.failure("copy", written < 0 ? errno : ENOSPC) }
    }
  }

  /// Makes the empty file, for us alone to read.
  init(in folder: Folder, erases: Bool = false) throws {
    self.erases = erases
    var random = SystemRandomNumberGenerator()
    let token = String(random.next(upperBound: 1 << 32 as UInt64) | 1 << 32, radix: 16).dropFirst()
    // As `StagedFile` names its files, so that `Folder.removeLeftovers()` knows them.
    name = try EntryName(".\(SnapshotLoader.fileName.text ?? "").\(token).tmp")
    self.folder = folder
    descriptor = open(
      folder.path(of: name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("create", errno) }
  }

  deinit { discard() }

  /// Runs the body in one transaction.
  /// - Parameter other: a database that the body finds under the name `delta`.
  func build<Result>(
    beside other: StagedDatabase? = nil, _ body: (Database) throws -> Result
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

  /// A new file with the rows of this one, and with nothing else: SQLite leaves copies of rows behind
  /// in its pages wherever it moves them, which overwriting what is deleted does not reach.
  func compacted() throws -> StagedDatabase {
    let copy = try StagedDatabase(in: folder, erases: true)
    do {
      try LoadFault.translating("store the snapshot") {
        let queue = try DatabaseQueue(path: folder.path(of: name), configuration: configuration)
        try queue.writeWithoutTransaction {
          try $0.execute(sql: "VACUUM INTO ?", arguments: [folder.path(of: copy.name)])
        }
        try queue.close()
      }
      return copy
    } catch {
      copy.discard()
      throw error
    }
  }

  private var configuration: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { [folder, erases] db in
      for pragma in Self.pragmas { try db.execute(sql: "PRAGMA \(pragma)") }
      // A copy is changed here and there: much of its indexes should be at hand.
      if erases { try db.execute(sql: "PRAGMA secure_delete = ON; PRAGMA cache_size = -131072") }
      // What the sorter spills are registrants' values: they stay in our folder.
      let path = folder.path.split(separator: "'", omittingEmptySubsequences: false).joined(
        separator: "''")
      try db.execute(sql: "PRAGMA temp_store_directory = '\(path)'")
    }
    return configuration
  }

  private static let pragmas = [
    "page_size = 16384", "cache_size = -8192", "locking_mode = EXCLUSIVE", "journal_mode = OFF",
    "synchronous = OFF", "secure_delete = OFF", "auto_vacuum = NONE", "temp_store = FILE",
  ]

  /// Syncs the complete file.
  func seal() throws {
    guard fsync(descriptor) == 0 else { throw Self.failure("sync", errno) }
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

  private static func failure(_ action: String, _ number: Int32) -> LoadFault {
    let reason = String(cString: strerror(number)).lowercased()
    return LoadFault(
      number == ENOSPC || number == EDQUOT ? .diskFull : .damaged,
      "cannot \(action) the snapshot's file: \(reason)")
  }
}
