internal import GRDB

/// How far an archive's VIDs are answered.
package struct ArchiveAnswers: Sendable, Equatable {
  package let stream: String
  package let sequence: Int64
  /// Until when an answer is waited for, in seconds since 1970.
  package let deadline: Int64?
  package let sent: Int
  /// With a token.
  package let answered: Int
  /// Refused by the MTS, by its code.
  package internal(set) var refused: [String: Int] = [:]
  package let missing: Int

  package func isOverdue(at time: Int64) -> Bool {
    missing > 0 && (deadline.map { $0 <= time } ?? false)
  }
}

extension Journal {
  /// The newest archives, the newest first.
  /// - Parameter tokens: tells by which codes VIDs were refused; nil where no result ever came.
  package func archiveAnswers(
    atMost count: Int, _ tokens: TokenStore?
  ) throws -> [ArchiveAnswers] {
    let found = try look { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT a.stream, a.sequence, a.deadline, count(s.vid) AS sent,
            coalesce(sum(s.answered = 1), 0) AS answered, sum(s.vid NOT NULL AND s.answered IS NULL)
              AS missing
          FROM (SELECT * FROM archives WHERE \(Self.isShown) AND deadline NOT NULL
            ORDER BY shown DESC, sequence DESC LIMIT ?) a
          LEFT JOIN sent_vids s USING (stream, sequence)
          GROUP BY a.stream, a.sequence ORDER BY a.stream, a.sequence DESC
          """, arguments: [count]
      ).map {
        ArchiveAnswers(
          stream: $0["stream"], sequence: $0["sequence"], deadline: $0["deadline"],
          sent: $0["sent"], answered: $0["answered"], missing: $0["missing"])
      }
    }
    guard let tokens else { return found }
    return try found.map { answers in
      var answers = answers
      answers.refused = try tokens.refusals(of: answers.stream, answers.sequence)
      return answers
    }
  }
}

extension TokenStore {
  /// VIDs of an archive that the MTS refused, by its code.
  package func refusals(of stream: String, _ sequence: Int64) throws -> [String: Int] {
    try look { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT code, count(*) AS n FROM refusals WHERE stream = ? AND sequence = ? GROUP BY code
          """, arguments: [stream, sequence])
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["code"], $0["n"]) })
    }
  }
}
