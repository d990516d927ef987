package import Faults
internal import GRDB
internal import GRDBSQLite
internal import Glibc

/// Why a snapshot could not be stored, or a stored one not be opened.
package struct LoadFault: Fault, Equatable {
  /// The class of the fault; its raw value is the code.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case doesNotFollow = "delta_does_not_follow"
    case diskFull = "disk_full"
    case databaseError = "database_error"
    case outOfMemory = "out_of_memory"
    case noSnapshot = "no_snapshot"
    case noSubmissions = "no_odk_submissions"
    case notASnapshot = "not_a_snapshot"
    case otherVersion = "other_version"
    case damaged = "damaged"
  }

  package let kind: Kind
  package let message: String

  package var code: String { kind.rawValue }
  package var blame: Blame {
    switch kind {
    case .databaseError: .bug
    case .noSnapshot, .noSubmissions, .doesNotFollow: .input
    default: .environment
    }
  }
  package var hint: String? { Self.hints[kind] }

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  static func nothingLoaded(_ kind: SnapshotKind) -> LoadFault {
    switch kind {
    case .registry: LoadFault(.noSnapshot, "no snapshot has been loaded yet")
    case .odk: LoadFault(.noSubmissions, "no ODK submissions have been loaded yet")
    }
  }

  /// A failure of SQLite. Its message may hold values: only the number and its meaning are told.
  init(sqlite code: Int32, _ action: String) {
    let meaning = String(cString: sqlite3_errstr(code))
    self.init(Self.kind(of: code), "cannot \(action): \(meaning) (SQLite \(code))")
  }

  /// A system call on the snapshot's file that failed.
  init(cannot action: String, errno number: Int32) {
    self.init(
      number == ENOSPC || number == EDQUOT ? .diskFull : .damaged,
      "cannot \(action) the snapshot's file: \(String(cString: strerror(number)).lowercased())")
  }

  private static func kind(of code: Int32) -> Kind {
    switch code & 0xFF {
    case SQLITE_FULL: .diskFull
    case SQLITE_NOMEM: .outOfMemory
    case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_READONLY: .damaged
    default: .databaseError
    }
  }

  private static let hints: [Kind: String] = [
    .doesNotFollow:
      "drop the deltas in the order in which they were made, or a full snapshot",
    .diskFull: "make room on the disk of the folder store/ and drop the snapshot again",
    .noSnapshot: "drop a snapshot into the inbox first",
    .noSubmissions: "drop what ODK Central exports of the form into the inbox first",
    .notASnapshot: "drop the snapshot again",
    .otherVersion: "drop the snapshot again",
    .damaged: "look after the disk of the folder store/, then drop the snapshot again",
  ]
}

extension LoadFault {
  /// Runs the body and turns what GRDB throws into a fault that tells no values.
  static func translating<Result>(
    _ action: String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw LoadFault(sqlite: error.extendedResultCode.rawValue, action)
    }
  }
}
