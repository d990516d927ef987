import Faults
package import Files
import Glibc
package import JSONText
internal import GRDB

/// The journal: what was dropped, what became of it, and which archives went out. It is the one
/// durable memory of a site; every change of state is one transaction, synced before it counts.
///
/// It holds names, digests, counts and states. It never holds a registrant's value.
package final class Journal: Sendable {
  private let database: DatabaseQueue
  /// The time of day, for the entries of the ledger.
  let now: @Sendable () -> UTCTime

  private static let name: EntryName = "journal.sqlite"
  /// What only a site with a journal has.
  private static let traces: [EntryName] = ["snapshot.sqlite", "hash.key", "streams"]

  /// Opens `journal.sqlite` in the store folder, making or migrating it.
  /// - Parameter now: the time of day.
  /// - Throws: `journal_missing` where a site has worked and its journal is gone; `StoreFault` if it
  ///   cannot be opened, or was made by a newer version.
  package init(
    in store: Folder, now: @escaping @Sendable () -> UTCTime = Journal.timeOfDay
  ) throws {
    self.now = now
    _ = try Journal.isThere(in: store)
    var configuration = Configuration()
    // A verdict may wait for a large snapshot that is revised.
    configuration.busyMode = .timeout(60)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA foreign_keys = ON")
    }
    do {
      database = try DatabaseQueue(
        path: store.path(of: "journal.sqlite"), configuration: configuration)
      guard try database.read({ try JournalSchema.migrator.hasBeenSuperseded($0) }) == false else {
        throw StoreFault(
          code: "journal_is_newer",
          message: "the journal was written by a newer version of airlock",
          hint: "use that version", blame: .environment)
      }
      try JournalSchema.migrator.migrate(database)
    } catch let error as DatabaseError {
      throw StoreFault(journal: error)
    }
  }

  /// Opens the journal to look at it: nothing is made, migrated or locked.
  /// - Throws: `StoreFault` if it cannot be read, or is of another version.
  package init(reading store: Folder) throws {
    now = Journal.timeOfDay
    do {
      guard try Journal.isThere(in: store) else {
        // A site that has not worked yet: what it will have, with nothing in it.
        database = try DatabaseQueue()
        try JournalSchema.migrator.migrate(database)
        return
      }
      database = try ReadOnlyDatabase.open(Journal.name, in: store)
      guard try database.read({ try JournalSchema.migrator.hasCompletedMigrations($0) }) else {
        throw StoreFault(
          code: "journal_of_other_version",
          message: "the journal was written by another version of airlock",
          hint: "start airlock once on this site, as its owner, or use that version",
          blame: .environment)
      }
    } catch let error as DatabaseError {
      throw StoreFault(journal: error)
    }
  }

  /// Whether there is a journal; there need not be one where nothing has been done yet.
  /// - Throws: `journal_missing` where a site has worked and its journal is gone.
  private static func isThere(in store: Folder) throws -> Bool {
    if try store.exists(name) { return true }
    guard try !traces.contains(where: store.exists) else {
      throw StoreFault(
        code: "journal_missing",
        message: "store/journal.sqlite is gone, and this site has sent or loaded before",
        hint: "restore the newest one; without it numbers would be given, and people sent, twice",
        blame: .environment)
    }
    return false
  }

  /// The system's clock.
  package static let timeOfDay: @Sendable () -> UTCTime = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UTCTime(clamping: Int64(time.tv_sec))
  }

  /// Runs one change of state as one transaction.
  func change<Result>(_ body: (Database) throws -> Result) throws -> Result {
    do { return try database.write(body) } catch let error as DatabaseError {
      throw StoreFault(journal: error)
    }
  }

  func look<Result>(_ body: (Database) throws -> Result) throws -> Result {
    do { return try database.read(body) } catch let error as DatabaseError {
      throw StoreFault(journal: error)
    }
  }
}
