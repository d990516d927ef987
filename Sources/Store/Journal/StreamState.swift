internal import GRDB

/// What went out on a stream, and what receivers said of it.
package struct StreamState: Sendable, Equatable {
  package let stream: String
  package let lastSequence: Int64
  /// All that were shown.
  package let archives: Int
  package let records: Int
  /// Shown, and no receipt has come.
  package let published: Int
  package let collected: Int
  package let answered: Int
  /// Published for too long.
  package let overdue: Int
  /// The first of those, and when it was shown, in seconds since 1970.
  package let oldestOverdue: Int64?
  package let overdueSince: Int64?
}

extension Journal {
  /// The streams that have shown anything, by name.
  /// - Parameter time: what was shown until then, in seconds since 1970, and is without a receipt, is
  ///   overdue.
  package func streams(overdueBefore time: Int64) throws -> [StreamState] {
    let isLate = "state = 'published' AND shown <= :time"
    return try look { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT stream, max(sequence) AS last, count(*) AS archives, sum(records) AS records,
            sum(state = 'published') AS published, sum(state = 'collected') AS collected,
            sum(state = 'answered') AS answered, sum(\(isLate)) AS overdue,
            min(CASE WHEN \(isLate) THEN sequence END) AS oldest,
            min(CASE WHEN \(isLate) THEN shown END) AS since
          FROM archives WHERE \(Self.isShown) GROUP BY stream ORDER BY stream
          """, arguments: ["time": time]
      ).map {
        StreamState(
          stream: $0["stream"], lastSequence: $0["last"], archives: $0["archives"],
          records: $0["records"], published: $0["published"], collected: $0["collected"],
          answered: $0["answered"], overdue: $0["overdue"], oldestOverdue: $0["oldest"],
          overdueSince: $0["since"])
      }
    }
  }
}
