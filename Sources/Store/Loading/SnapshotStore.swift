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
  /// Sets of ids that queries on this connection look into.
  let known = KnownSets()
  /// One connection, which cannot write.
  package let queue: DatabaseQueue

  /// Opens the snapshot in the folder `store/`.
  /// - Throws: `noSnapshot` if none was ever loaded, other `LoadFault`s if the file is no good.
  package static func open(
    _ folder: Folder, _ kind: SnapshotKind = .registry
  ) throws -> SnapshotStore {
    let name = kind.fileName
    guard try folder.exists(name) else { throw LoadFault.nothingLoaded(kind) }
    return try LoadFault.translating("open the snapshot") {
      try SnapshotStore(path: folder.path(of: name))
    }
  }

  /// Runs a reading of the snapshot.
  package func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try LoadFault.translating("read the snapshot") { try queue.read(body) }
  }

  /// Another connection to the same snapshot, for work on another thread.
  /// - Throws: `damaged` if another snapshot has come in force meanwhile.
  package func second() throws -> SnapshotStore {
    let other = try LoadFault.translating("open the snapshot") { try SnapshotStore(path: path) }
    guard other.summary == summary else {
      throw LoadFault(.damaged, "another snapshot came in force while this one was read")
    }
    return other
  }

  private init(path: String) throws {
    self.path = path
    var configuration = Configuration()
    configuration.readonly = true
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { [known] db in
      try db.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536")
      TextFunctions.register(in: db)
      known.register(in: db)
    }
    queue = try DatabaseQueue(path: Self.uri(path), configuration: configuration)
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

  /// Nobody ever writes into the file: without locks, SQLite needs no more than to read it.
  private static func uri(_ path: String) -> String {
    let escaped = path.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0..<0x21, 0x7F...:
        "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      default: String(Unicode.Scalar(byte))
      }
    }
    return "file:\(escaped.joined())?immutable=1"
  }
}
