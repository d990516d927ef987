package import Files
package import GRDB
package import Language

/// The snapshot that is in force, open for reading. It stays what it is, whatever is loaded
/// meanwhile: a new snapshot is a new file.
package final class SnapshotStore: Sendable {
  package let summary: LoadedSnapshot
  /// Every model that was described or came; its fields say whether they are present.
  package let catalog: ModelCatalog
  private let path: String
  /// Sets of ids and lists of patterns that queries on this connection look into.
  private let sets = KnownSets()
  private let patterns: KnownPatterns
  private let bounds: QueryBounds
  private let watch: QueryWatch
  /// One connection, which cannot write.
  package let queue: DatabaseQueue

  /// Opens the snapshot in the folder `store/`.
  /// - Throws: `noSnapshot` if none was ever loaded, other `LoadFault`s if the file is no good.
  package static func open(
    _ folder: Folder, _ kind: SnapshotKind = .registry, bounds: QueryBounds = QueryBounds()
  ) throws -> SnapshotStore {
    let name = kind.fileName
    guard try folder.exists(name) else { throw LoadFault.nothingLoaded(kind) }
    return try LoadFault.translating("open the snapshot") {
      try SnapshotStore(path: folder.path(of: name), bounds)
    }
  }

  /// Runs a reading of the snapshot.
  /// - Throws: `stopped` when it was asked to stop, `too_costly` when a time was set and is over.
  package func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try LoadFault.translating("read the snapshot") {
      do {
        return try queue.read { database in
          try watch.watching { try body(database) }
        }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
        try watch.check()
        throw error
      }
    }
  }

  /// Readings that may together take the time of the bounds.
  package func timed<Result>(_ body: () throws -> Result) rethrows -> Result {
    try watch.timed(body)
  }

  /// What the reader does with a row in a timed reading; that takes none of its time.
  package func handOver<Result>(_ body: () throws -> Result) rethrows -> Result {
    try watch.handOver(body)
  }

  /// Keeps a set of ids for queries; gives its number.
  func keep(_ ids: KnownSets.IDs) throws -> Int { try queue.read { _ in try sets.add(ids) } }

  /// Keeps patterns for queries; gives their number.
  func keep(_ list: [LikePattern]) throws -> Int { try queue.read { _ in patterns.add(list) } }

  /// Another connection to the same snapshot, for work on another thread.
  /// - Throws: `damaged` if another snapshot has come in force meanwhile.
  package func second() throws -> SnapshotStore {
    let other = try LoadFault.translating("open the snapshot") {
      try SnapshotStore(path: path, bounds)
    }
    guard other.summary == summary else {
      throw LoadFault(.damaged, "another snapshot came in force while this one was read")
    }
    return other
  }

  private init(path: String, _ bounds: QueryBounds) throws {
    self.path = path
    self.bounds = bounds
    watch = QueryWatch(bounds)
    patterns = KnownPatterns(watch)
    var configuration = Configuration()
    configuration.readonly = true
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { [sets, patterns, watch] db in
      try db.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536")
      TextFunctions.register(in: db)
      sets.register(in: db)
      patterns.register(in: db)
      watch.register(in: db)
    }
    queue = try DatabaseQueue(path: ReadOnlyDatabase.immutable(path), configuration: configuration)
    (summary, catalog) = try queue.read { db in
      try Self.checkKind(db)
      guard let summary = try SnapshotRegister.summary(in: db) else {
        throw LoadFault(.damaged, "the snapshot does not say what it is")
      }
      return (summary, try SnapshotRegister.catalog(in: db))
    }
  }

  private static func checkKind(_ db: Database) throws {
    guard try Int.fetchOne(db, sql: "PRAGMA application_id") == SnapshotRegister.applicationID
    else { throw LoadFault(.notASnapshot, "store/snapshot.sqlite is not a snapshot of ours") }
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard version == SnapshotRegister.version else {
      throw LoadFault(
        .otherVersion, "the snapshot was stored by another version of Airlock (\(version))")
    }
  }
}
