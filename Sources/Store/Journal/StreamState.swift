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
  /// Of those with a receipt, archives that lack one of another recipient, the oldest first.
  package internal(set) var partly: [PartlyCollected] = []
}

/// An archive that some of its recipients said they have, and others did not.
package struct PartlyCollected: Sendable, Equatable {
  package let sequence: Int64
  /// Who sent a receipt, and who did not, by name.
  package let by: [String]
  package let silent: [String]
}

extension Journal {
  /// The streams that have shown anything, by name.
  /// - Parameter time: what was shown until then, in seconds since 1970, and is without a receipt, is
  ///   overdue.
  package func streams(overdueBefore time: Int64) throws -> [StreamState] {
    let isLate = "state = 'published' AND shown <= :time"
    return try look { database in
      let partly = try Self.partlyCollected(in: database)
      return try Row.fetchAll(
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
        var state = StreamState(
          stream: $0["stream"], lastSequence: $0["last"], archives: $0["archives"],
          records: $0["records"], published: $0["published"], collected: $0["collected"],
          answered: $0["answered"], overdue: $0["overdue"], oldestOverdue: $0["oldest"],
          overdueSince: $0["since"])
        state.partly = partly[state.stream] ?? []
        return state
      }
    }
  }

  /// Looks at the newest entries of the ledger only: who asks how a site stands does not wait for
  /// years of it.
  private static func partlyCollected(
    in database: Database
  ) throws -> [String: [PartlyCollected]] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        WITH sealed AS (SELECT json_extract(line, '$.what.stream') AS stream,
            json_extract(line, '$.what.sequence') AS sequence, line
          FROM ledger WHERE entry > (SELECT max(entry) FROM ledger) - 20000
            AND json_extract(line, '$.kind') = 'archive'
            AND json_array_length(line, '$.what.recipients') > 1)
        SELECT stream, sequence, json_extract(r.value, '$.name') AS name,
          EXISTS (SELECT 1 FROM receipts g WHERE g.stream = s.stream AND g.sequence = s.sequence
            AND g.by = json_extract(r.value, '$.name')) AS has
        FROM sealed s JOIN archives a USING (stream, sequence),
          json_each(s.line, '$.what.recipients') r
        WHERE a.state IN ('collected', 'answered') ORDER BY stream, sequence, name
        """)
    var found: [String: [PartlyCollected]] = [:]
    for (key, names) in Dictionary(
      grouping: rows, by: { ArchivePlace(stream: $0["stream"], sequence: $0["sequence"]) })
    {
      let by = names.filter { $0["has"] }.map { $0["name"] as String }
      let silent = names.filter { !$0["has"] }.map { $0["name"] as String }
      guard !by.isEmpty, !silent.isEmpty else { continue }
      found[key.stream, default: []].append(
        PartlyCollected(sequence: key.sequence, by: by, silent: silent))
    }
    return found.mapValues { $0.sorted { $0.sequence < $1.sequence } }
  }
}

private struct ArchivePlace: Hashable {
  let stream: String
  let sequence: Int64
}
