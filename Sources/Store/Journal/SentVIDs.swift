internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// A VID as the journal remembers it: 16 bytes of keyed BLAKE2b, which tell nothing to those who
/// lack the site's key. Ordered as its bytes are.
package struct VIDMark: Sendable, Hashable, Comparable {
  // Big-endian halves.
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// The bytes are a keyed hash already.
  package func hash(into hasher: inout Hasher) { hasher.combine(low) }

  package static func < (a: VIDMark, b: VIDMark) -> Bool {
    a.high != b.high ? a.high < b.high : a.low < b.low
  }
}

/// The VIDs of one archive, to be noted with it.
package struct SentVIDs: Sendable {
  package struct Entry: Sendable {
    package let mark: VIDMark
    package let registrant: Int64
  }

  package let stream: String
  package let sequence: Int64
  /// Until when an answer is waited for, in seconds since 1970.
  package let deadline: Int64
  private var entries: [Entry] = []

  package init(stream: String, sequence: Int64, deadline: Int64) {
    (self.stream, self.sequence, self.deadline) = (stream, sequence, deadline)
  }

  package var count: Int { entries.count }

  package mutating func append(_ mark: VIDMark, of registrant: Int64) {
    entries.append(Entry(mark: mark, registrant: registrant))
  }

  /// Rows go in sorted, as the table is, through the bare statement.
  func write(to database: Database) throws {
    try database.execute(
      sql: "UPDATE archives SET deadline = ? WHERE stream = ? AND sequence = ?",
      arguments: [deadline, stream, sequence])
    let statement = try database.makeStatement(
      sql: """
        INSERT OR REPLACE INTO sent_vids (stream, sequence, vid, registrant) VALUES (?, ?, ?, ?)
        """)
    try statement.setArguments([stream, sequence, Data(count: 16), 0])
    let handle = statement.sqliteStatement
    for entry in entries.sorted(by: { $0.mark < $1.mark }) {
      var bytes = (entry.mark.high.bigEndian, entry.mark.low.bigEndian)
      let code = withUnsafeBytes(of: &bytes) { vid in
        sqlite3_bind_blob(handle, 3, vid.baseAddress, 16, nil)
        sqlite3_bind_int64(handle, 4, entry.registrant)
        let code = sqlite3_step(handle)
        sqlite3_reset(handle)
        return code
      }
      guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
  }
}

extension Journal {
  /// VIDs that need not go out on a stream again: unanswered and before their deadline, or answered
  /// with a token, whenever that was. One that the MTS refused may go again.
  /// - Parameters:
  ///   - time: now, in seconds since 1970.
  ///     A deadline far ahead counts: with a clock that was put back nobody is sent twice.
  package func outstanding(on stream: String, at time: Int64) throws -> Set<VIDMark> {
    try look { database in
      let statement = try database.makeStatement(
        sql: """
          SELECT s.vid FROM archives a JOIN sent_vids s USING (stream, sequence)
          WHERE a.stream = ? AND (s.answered = 1 OR (s.answered IS NULL AND a.deadline > ?))
          """)
      try statement.setArguments([stream, time])
      let rows = try Row.fetchCursor(statement)
      var marks: Set<VIDMark> = []
      while try rows.next() != nil {
        guard let vid = sqlite3_column_blob(statement.sqliteStatement, 0) else { continue }
        marks.insert(
          VIDMark(
            high: vid.loadUnaligned(as: UInt64.self).byteSwapped,
            low: vid.loadUnaligned(fromByteOffset: 8, as: UInt64.self).byteSwapped))
      }
      return marks
    }
  }
}
