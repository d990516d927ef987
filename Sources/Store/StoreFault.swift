package import Faults
package import GRDB

/// The store could not do it. Messages name tables, files and codes; SQLite's own messages, which
/// may quote values, are not passed on.
package struct StoreFault: Fault {
  package let code: String
  package let message: String
  package let hint: String?
  package let blame: Blame

  package init(code: String, message: String, hint: String? = nil, blame: Blame) {
    self.code = code
    self.message = message
    self.hint = hint
    self.blame = blame
  }

  /// A fault of the journal's database.
  init(journal error: DatabaseError) { self.init(error, of: "the journal (store/journal.sqlite)") }

  /// A fault of the tokens' database.
  init(tokens error: DatabaseError) { self.init(error, of: "store/tokens.sqlite") }

  /// A fault of the snapshot's database.
  package init(snapshot error: DatabaseError) {
    self.init(error, of: "the snapshot (store/snapshot.sqlite)")
  }

  private init(_ error: DatabaseError, of what: String) {
    let number = error.extendedResultCode.rawValue
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(
        code: "disk_full", message: "the disk is full, and \(what) could not be written",
        hint: "free some space and run again; nothing is lost", blame: .environment)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        code: "store_busy", message: "\(what) is in use by another program",
        hint: "is another airlock at work on this site?", blame: .environment)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        code: "store_corrupt", message: "\(what) is damaged (SQLite code \(number))",
        hint: "restore it from a backup; a snapshot can be dropped again", blame: .environment)
    case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM:
      self.init(
        code: "store_unreachable",
        message: "\(what) cannot be read or written (SQLite code \(number))",
        hint: "check the disk and the permissions of the store folder", blame: .environment)
    case .SQLITE_INTERRUPT, .SQLITE_NOMEM, .SQLITE_TOOBIG:
      self.init(
        code: "too_costly", message: "SQLite gave up on \(what) (code \(number))",
        hint: "ask for less at once", blame: .environment)
    default:
      self.init(
        code: "store_bug", message: "SQLite refused a statement on \(what) (code \(number))",
        hint: "this is a defect of airlock: please report it", blame: .bug)
    }
  }
}
