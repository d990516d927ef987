package import GRDB
internal import GRDBSQLite
package import Language

/// One registrant of a selection, as SQLite holds it: the bytes live until the next row.
package struct RegistrantRow: ~Copyable {
  package let id: Int64
  private let statement: OpaquePointer

  /// The row that a statement stands on. For `Selection`, and for tests that make a row of their own.
  package init(statement: OpaquePointer) {
    self.statement = statement
    id = sqlite3_column_int64(statement, 0)
  }

  /// The VID; nil if the registrant has none that is not blank.
  package var vid: UnsafeBufferPointer<UInt8>? { text(1) }

  /// The field at an index of the selection; nil if it is unset.
  package func field(_ index: Int) -> UnsafeBufferPointer<UInt8>? { text(2 + index) }

  private func text(_ column: Int) -> UnsafeBufferPointer<UInt8>? {
    // The pointer first, then the length, as sqlite3_column_blob(3) asks.
    guard let start = sqlite3_column_text(statement, Int32(column)) else { return nil }
    let count = Int(sqlite3_column_bytes(statement, Int32(column)))
    return UnsafeBufferPointer(start: start, count: count)
  }
}

extension Selection {
  /// The same over a snapshot, in the time that its bounds give a filter.
  /// - Throws: `too_costly`, `stopped`, and as the other.
  package func forEach(
    over snapshot: SnapshotStore, _ each: (borrowing RegistrantRow) throws -> Bool
  ) throws {
    try snapshot.timed {
      try snapshot.read { database in
        try forEach(in: database, catalog: snapshot.catalog) { row in
          try snapshot.handOver { try each(row) }
        }
      }
    }
  }

  /// Hands over each registrant in ascending id, until `each` says false. No row becomes a `String`
  /// or is copied.
  /// - Throws: `StoreFault`, and whatever `each` throws.
  package func forEach(
    in database: Database, catalog: ModelCatalog,
    _ each: (borrowing RegistrantRow) throws -> Bool
  ) throws {
    let sql = sql(catalog: catalog)
    do {
      let statement = try database.makeStatement(sql: sql.text)
      try statement.setArguments(sql.arguments)
      let rows = try Row.fetchCursor(statement)
      while try rows.next() != nil {
        guard try each(RegistrantRow(statement: statement.sqliteStatement)) else { break }
      }
    } catch let error as DatabaseError where error.resultCode != .SQLITE_INTERRUPT {
      throw StoreFault(snapshot: error)
    }
  }
}
