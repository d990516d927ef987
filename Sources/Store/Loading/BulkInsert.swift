internal import GRDB
internal import GRDBSQLite
internal import Snapshots

/// An `INSERT` of many rows at a time that takes cells as they lie in a batch: text is bound where
/// it is, not copied.
final class BulkInsert {
  /// Rows that were refused: how many went in before, and why.
  struct Refusal: Error {
    let row: Int
    let code: Int32
  }

  private let one: PreparedRows
  private let many: PreparedRows

  /// - Parameter statement: everything up to `VALUES`. It should say `OR FAIL` or `OR IGNORE`:
  ///   to undo a statement of many rows, SQLite would have to keep copies of the pages it touches.
  init(_ db: Database, _ statement: String, width: Int, filler: Cell = .null) throws {
    one = try PreparedRows(db, statement, width: width, rows: 1, filler: filler)
    // A statement has a fixed cost that a few rows share; past some 400 values nothing is gained.
    many = try PreparedRows(
      db, statement, width: width, rows: max(1, min(32, 400 / width)), filler: filler)
  }

  /// Inserts the rows of one table.
  func insert(_ rows: TableRows) throws(Refusal) {
    guard let cells = rows.allCells.baseAddress, let all = rows.allRows.baseAddress else { return }
    try inGroups(rows.allRows.count) { statement, first in
      for row in 0..<statement.rows {
        let place = all[first + row]
        statement.bind(cells + Int(place.start), count: Int(place.width), row: row)
      }
    }
  }

  /// Inserts pairs.
  func insert(_ pairs: UnsafeBufferPointer<ListRows.Pair>) throws(Refusal) {
    guard let all = pairs.baseAddress else { return }
    try inGroups(pairs.count) { statement, first in
      for row in 0..<statement.rows {
        let pair = all[first + row]
        statement.bind(.integer(pair.owner), .integer(pair.target), row: row)
      }
    }
  }

  /// Inserts names.
  func insert(_ names: UnsafeBufferPointer<NameRows.Name>) throws(Refusal) {
    guard let all = names.baseAddress else { return }
    try inGroups(names.count) { statement, first in
      for row in 0..<statement.rows {
        let name = all[first + row]
        statement.bind(.integer(name.id), name.name, row: row)
      }
    }
  }

  @inline(__always) private func inGroups(
    _ count: Int, bind: (PreparedRows, Int) -> Void
  ) throws(Refusal) {
    var first = 0
    while first < count {
      let statement = count - first >= many.rows ? many : one
      bind(statement, first)
      if let code = statement.run() {
        throw Refusal(row: first + statement.changes, code: code)
      }
      first += statement.rows
    }
  }
}
