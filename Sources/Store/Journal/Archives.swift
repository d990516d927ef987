internal import JSONText
internal import Faults
internal import GRDB
package import Ledger

/// A place in a stream that belongs to one drop, from reservation to publication.
package struct ArchiveEntry: Sendable, Equatable {
  package enum State: String, Sendable {
    /// The number is taken; nothing is written that counts.
    case reserved
    /// The archive is written and synced under its hidden name.
    case staged
    /// The archive is visible in the outbox.
    case published
    /// A receiver says that it opened it.
    case collected
    /// A receiver says what the MTS answered to it.
    case answered
  }

  package let stream: String
  /// From 1, without holes.
  package let sequence: Int64
  package let job: String
  package let state: State
  /// Digest of the archive before it in the stream, in hex; nil for the first.
  package let previous: String?
  /// Digest of the archive in hex, from `staged` on.
  package let digest: String?
}

extension Journal {
  /// Takes the next number of a stream for a drop, or finds the one that it took before.
  package func reserve(_ drop: Drop, stream: String, job: String) throws -> ArchiveEntry {
    try change { database in
      if let taken = try Self.entry(of: drop, in: database) { return taken }
      try database.execute(
        sql: """
          INSERT INTO archives (stream, sequence, drop_id, job, state, previous)
          SELECT :stream, coalesce(max(sequence), 0) + 1, :drop, :job, 'reserved',
            (SELECT digest FROM archives WHERE stream = :stream ORDER BY sequence DESC LIMIT 1)
          FROM archives WHERE stream = :stream
          """, arguments: ["stream": stream, "drop": drop.id, "job": job])
      guard let entry = try Self.entry(of: drop, in: database) else {
        throw StoreFault(code: "store_bug", message: "a reservation was not kept", blame: .bug)
      }
      return entry
    }
  }

  /// The archive is written and synced under its hidden name: from here on it is published, not
  /// written again. What belongs to it is kept with it, to stand when it is published.
  /// - Parameters:
  ///   - archive: what the ledger tells of it.
  ///   - job: the job as it is while this run is under way.
  ///   - run: the run's lineage.
  ///   - sent: whose VIDs go out with it.
  package func staged(
    _ drop: Drop, _ archive: ArchiveRecord, _ decision: Decision,
    job: JobRecord? = nil, run: RunRecord? = nil, sent: SentVIDs? = nil
  ) throws {
    try change { database in
      try database.execute(
        sql: """
          UPDATE archives SET state = 'staged', digest = ?, bytes = ?, records = ?, shown = ?
          WHERE drop_id = ? AND state = 'reserved'
          """,
        arguments: [archive.digest, archive.bytes, archive.records, now().seconds, drop.id])
      guard database.changesCount > 0 else {
        throw StoreFault(code: "store_bug", message: "an archive is staged twice", blame: .bug)
      }
      if let job { try Self.put(job, of: drop, in: database) }
      if let run { try note(run, of: drop, in: database) }
      try note(archive, in: database)
      if let sent { try sent.write(to: database) }
      _ = try decide(database, drop, decision, state: .claimed)
    }
  }

  /// The archive is visible, and the verdict stands: one step.
  /// - Parameter policyRun: what the run did, if it was one of a policy.
  package func published(
    _ drop: Drop, _ decision: Decision, policyRun: LedgerPolicyRun? = nil
  ) throws -> Drop {
    try change { database in
      if let policyRun { try note(policyRun, of: drop, in: database) }
      try database.execute(
        sql: "UPDATE archives SET state = 'published' WHERE drop_id = ? AND state = 'staged'",
        arguments: [drop.id])
      return try decide(database, drop, decision, state: .decided)
    }
  }

  /// The archive of a drop, if it has one.
  package func archive(of drop: Drop) throws -> ArchiveEntry? {
    try look { try Self.entry(of: drop, in: $0) }
  }

  /// The highest number that a stream has given; 0 if none.
  package func lastSequence(of stream: String) throws -> Int64 {
    try look {
      try Int64.fetchOne(
        $0, sql: "SELECT max(sequence) FROM archives WHERE stream = ?", arguments: [stream]) ?? 0
    }
  }

  private static func entry(of drop: Drop, in database: Database) throws -> ArchiveEntry? {
    let row = try Row.fetchOne(
      database,
      sql: "SELECT stream, sequence, job, state, previous, digest FROM archives WHERE drop_id = ?",
      arguments: [drop.id])
    return row.map(entry)
  }

  static func entry(_ row: Row) -> ArchiveEntry {
    ArchiveEntry(
      stream: row["stream"], sequence: row["sequence"], job: row["job"],
      state: ArchiveEntry.State(rawValue: row["state"]) ?? .reserved, previous: row["previous"],
      digest: row["digest"])
  }
}
