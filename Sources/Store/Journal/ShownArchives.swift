package import JSONText
internal import Ledger
internal import GRDB

/// An archive that was shown in the outbox.
package struct ShownArchive: Sendable, Equatable {
  /// Where its file lies, or is on the way to.
  package enum Place: String, Sendable {
    /// `outbox/STREAM/`
    case outbox
    /// `store/sent/STREAM/`
    case kept
    /// Nowhere any more.
    case removed
  }

  package let stream: String
  package let sequence: Int64
  package let job: String
  package let state: ArchiveEntry.State
  package let place: Place
  // Digests in hex.
  package let digest: String
  package let previous: String?
  package let bytes: Int64
  package let records: Int64
  package let kind: String
  package let created: UTCTime
}

extension Journal {
  /// The streams that have shown anything, by name.
  package func shownStreams() throws -> [String] {
    try look {
      try String.fetchAll(
        $0, sql: "SELECT DISTINCT stream FROM archives WHERE \(Self.isShown) ORDER BY stream")
    }
  }

  /// What a stream has shown, ascending from 1; nothing behind a number that was given and is not
  /// shown yet.
  package func shown(on stream: String) throws -> [ShownArchive] {
    let all = try look {
      try Self.shown($0, where: "stream = ?", [stream])
    }
    return zip(all, 1...).prefix { $0.sequence == $1 }.map(\.0)
  }

  /// One archive; nil if the stream never showed it.
  package func shown(on stream: String, _ sequence: Int64) throws -> ShownArchive? {
    try look {
      try Self.shown($0, where: "stream = ? AND sequence = ?", [stream, sequence]).first
    }
  }

  /// Archives that are to leave a place: those that were collected before a time, and lie in the
  /// outbox; or those that were retired before it, and are kept.
  package func due(in place: ShownArchive.Place, before time: Int64) throws -> [ShownArchive] {
    let since = place == .outbox ? "collected" : "retired"
    return try look {
      try Self.shown($0, where: "place = ? AND \(since) <= ?", [place.rawValue, time])
    }
  }

  /// Archives leave their place, in one step with the ledger. Their files are moved after it.
  /// - Parameter place: `kept` or `removed`.
  package func retire(_ archives: [ShownArchive], to place: ShownArchive.Place) throws {
    try change { database in
      for archive in archives {
        try database.execute(
          sql: """
            UPDATE archives SET place = ?, retired = ?
            WHERE stream = ? AND sequence = ? AND place <> ?
            """,
          arguments: [
            place.rawValue, now().seconds, archive.stream, archive.sequence, place.rawValue,
          ])
        guard database.changesCount > 0 else { continue }
        try append(
          .retired,
          [
            "stream": .string(archive.stream), "sequence": .int(archive.sequence),
            "to": .string(place.rawValue),
          ], in: database)
      }
    }
  }

  static let isShown = "state IN ('published', 'collected', 'answered')"

  private static func shown(
    _ database: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [ShownArchive] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT stream, sequence, job, state, place, digest, previous, bytes, records, kind, created
        FROM archives WHERE \(isShown) AND kind IS NOT NULL AND \(condition)
        ORDER BY stream, sequence
        """, arguments: arguments)
    return rows.map { row in
      ShownArchive(
        stream: row["stream"], sequence: row["sequence"], job: row["job"],
        state: ArchiveEntry.State(rawValue: row["state"]) ?? .published,
        place: ShownArchive.Place(rawValue: row["place"]) ?? .outbox, digest: row["digest"],
        previous: row["previous"], bytes: row["bytes"], records: row["records"],
        kind: row["kind"], created: UTCTime(text: row["created"]) ?? UTCTime(clamping: 0))
    }
  }
}
