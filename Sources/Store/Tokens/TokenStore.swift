internal import Faults
package import Files
internal import GRDB

// What came back: registrants' tokens, which VIDs the MTS refused, and which were erased.
//
// It stands apart from the snapshot (`store/tokens.sqlite`), so that it outlives every snapshot: a
// token is told to filters by `SnapshotRevision` until the registry brings it itself, and a VID that
// was erased is taken out of whatever is loaded later. It holds tokens, which are personal, and of
// VIDs only keyed marks. It must never hold a VID, and never forget that one was erased.

/// The registrants' tokens and erased VIDs of a site.
package final class TokenStore: Sendable {
  package static let fileName: EntryName = "tokens.sqlite"

  private let database: DatabaseQueue

  /// Opens `store/tokens.sqlite`, or makes it.
  /// - Throws: `StoreFault`.
  package init(in store: Folder) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA secure_delete = ON")
      // Marks come in no order: with less, pages of the erased are written many times over.
      try database.execute(sql: "PRAGMA cache_size = -65536")
    }
    do {
      if try !store.exists(Self.fileName) {
        // SQLite would make it readable for others, as far as the umask lets it.
        try AtomicFile.write([], as: Self.fileName, in: store, mode: 0o600)
      }
      database = try DatabaseQueue(
        path: store.path(of: Self.fileName), configuration: configuration)
      guard try database.read({ try TokenSchema.migrator.hasBeenSuperseded($0) }) == false else {
        throw Self.otherVersion
      }
      try TokenSchema.migrator.migrate(database)
    } catch let error as DatabaseError {
      throw StoreFault(tokens: error)
    }
  }

  /// Opens it to look at it: nothing is made, migrated or locked.
  /// - Throws: `StoreFault`.
  package init(reading store: Folder) throws {
    do {
      database = try ReadOnlyDatabase.open(Self.fileName, in: store, busySeconds: 5)
      guard try database.read({ try TokenSchema.migrator.hasCompletedMigrations($0) }) else {
        throw Self.otherVersion
      }
    } catch let error as DatabaseError {
      throw StoreFault(tokens: error)
    }
  }

  private static let otherVersion = StoreFault(
    code: "tokens_of_other_version",
    message: "store/tokens.sqlite was written by another version of airlock",
    hint: "use the version that wrote it", blame: .environment)

  /// Whether a site has one: one that never had a result has none, and needs none.
  package static func exists(in store: Folder) throws -> Bool { try store.exists(fileName) }

  /// Runs one change as one transaction, after which nothing of it is left in the WAL.
  func change<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try translating {
      let result = try database.write(body)
      try database.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
      return result
    }
  }

  func look<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try translating { try database.read(body) }
  }

  /// Rises whenever filters, or the registry, may have to be told of a token.
  package var revision: Int64 {
    get throws { try look { try Int64.fetchOne($0, sql: "SELECT number FROM revision") ?? 0 } }
  }

  /// To be called in each transaction that changes tokens.
  static func raiseRevision(in database: Database) throws {
    try database.execute(sql: "UPDATE revision SET number = number + 1")
  }

  private func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as DatabaseError { throw StoreFault(tokens: error) }
  }
}
