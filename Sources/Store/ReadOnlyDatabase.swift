import Faults
import Files
internal import GRDB
import Glibc

/// A database of the store that is only looked at: nothing is made, changed or removed beside it, so
/// that another account, or a medium that cannot be written, is enough.
enum ReadOnlyDatabase {
  /// - Throws: `store_unfinished` where a process ended without its last checkpoint; `DatabaseError`.
  static func open(
    _ name: EntryName, in folder: Folder, busySeconds: Double = 60
  ) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(busySeconds)
    let path = folder.path(of: name)
    // A writer is at work, or was: what it wrote last stands in the log.
    if let log = try folder.status(of: name.appending("-wal")), log.size > 0 {
      if try !folder.exists(name.appending("-shm")) {
        // A process was killed: to read the log is to bring it to its end, which is the owner's to do.
        guard try folder.status().owner == geteuid() else { throw unfinished(name) }
        configuration.readonly = false
      }
      return try DatabaseQueue(path: path, configuration: configuration)
    }
    return try DatabaseQueue(path: immutable(path), configuration: configuration)
  }

  private static func unfinished(_ name: EntryName) -> StoreFault {
    StoreFault(
      code: "store_unfinished", message: "store/\(name) was not ended cleanly",
      hint: "start airlock on this site once, as its owner", blame: .environment)
  }

  /// The address of a file that nobody writes into: SQLite takes no locks, and needs no more than to
  /// read it (https://www.sqlite.org/uri.html).
  static func immutable(_ path: String) -> String {
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
