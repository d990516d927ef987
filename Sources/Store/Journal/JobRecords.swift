internal import GRDB

/// A job as the journal knows it.
package struct JobRecord: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case onetime, recurring
  }

  /// `draft`: waits for its start. `started`: recurring, between two runs. `running`: a run is under
  /// way. `completed`: nothing is to come.
  package enum State: String, Sendable {
    case draft, started, running, completed
  }

  package let name: String
  /// From 1; one more with each manifest of this name and other bytes.
  package var version: Int
  package var kind: Kind
  package var state: State
  package var manifestDigest: String
  package var stream: String
  package var intervalMinutes: Int?
  // Seconds since 1970, UTC.
  package var starts: Int64?
  package var ends: Int64?
  package var nextRun: Int64?
  package var lastRun: Int64?
  /// Runs that were accepted, over all versions.
  package var runs = 0
  /// Runs that were rejected.
  package var failed = 0
  /// Slots that were missed.
  package var skipped = 0

  package init(
    name: String, version: Int, kind: Kind, state: State, manifestDigest: String, stream: String
  ) {
    self.name = name
    self.version = version
    self.kind = kind
    self.state = state
    self.manifestDigest = manifestDigest
    self.stream = stream
  }
}

/// A run whose time has come.
package struct DueRun: Sendable, Equatable {
  /// The name that its verdict goes by, and its name in `store/claimed/`: one for each job and slot.
  package let name: String
  package let claim: String
  package let due: Int64
  package let skipped: Int

  package init(name: String, claim: String, due: Int64, skipped: Int) {
    self.name = name
    self.claim = claim
    self.due = due
    self.skipped = skipped
  }
}

extension Journal {
  package func job(named name: String) throws -> JobRecord? {
    try look { try Self.jobs($0, where: "name = ?", [name]).first }
  }

  /// All jobs by name.
  package func jobs() throws -> [JobRecord] { try look { try Self.jobs($0, where: "true", []) } }

  /// Jobs that have a run to come.
  package func jobsToCome() throws -> [JobRecord] {
    try look { try Self.jobs($0, where: "next_run IS NOT NULL", []) }
  }

  /// A job's time has come: its run is a drop from now on, and the job moves on, in one step.
  /// - Parameter job: the job as it is while the run is under way.
  /// - Returns: nil if this slot had its run before.
  package func begin(_ run: DueRun, of job: JobRecord, at time: String) throws -> Drop? {
    try change { database in
      try database.execute(
        sql: """
          INSERT INTO drops (name, claim, state, at, origin, job, version, due, skipped)
          VALUES (?, ?, 'claimed', ?, 'schedule', ?, ?, ?, ?) ON CONFLICT (claim) DO NOTHING
          """,
        arguments: [run.name, run.claim, time, job.name, job.version, run.due, run.skipped])
      guard database.changesCount > 0 else { return nil }
      try Self.put(job, in: database)
      return try Self.drops(database, where: "claim = ?", [run.claim])[0]
    }
  }

  /// Keeps a job whose schedule has changed without a run.
  package func keep(_ job: JobRecord) throws { try change { try Self.put(job, in: $0) } }

  /// Keeps the job, and that the drop is one of it.
  static func put(_ job: JobRecord, of drop: Drop, in database: Database) throws {
    try put(job, in: database)
    try database.execute(
      sql: "UPDATE drops SET job = ?, version = ? WHERE id = ?",
      arguments: [job.name, job.version, drop.id])
  }

  /// A drop that was a run has come to its end, however: the job goes on, or is completed.
  static func endRun(of drop: Drop, _ decision: Decision, in database: Database) throws {
    let ran = decision.outcome == "accepted"
    try database.execute(
      sql: """
        UPDATE jobs SET state = CASE WHEN next_run IS NULL THEN 'completed' ELSE 'started' END,
          runs = runs + :ran, failed = failed + :failed
        WHERE state = 'running'
          AND (name, version) = (SELECT job, version FROM drops WHERE id = :drop)
        """, arguments: ["ran": ran ? 1 : 0, "failed": ran ? 0 : 1, "drop": drop.id])
  }

  static func put(_ job: JobRecord, in database: Database) throws {
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO jobs (name, version, type, state, manifest_digest, stream,
          interval_minutes, starts, ends, next_run, last_run, runs, failed, skipped)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        job.name, job.version, job.kind.rawValue, job.state.rawValue, job.manifestDigest,
        job.stream, job.intervalMinutes, job.starts, job.ends, job.nextRun, job.lastRun, job.runs,
        job.failed, job.skipped,
      ])
  }

  private static func jobs(
    _ database: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [JobRecord] {
    let sql = "SELECT * FROM jobs WHERE \(condition) ORDER BY name"
    return try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
      var job = JobRecord(
        name: row["name"], version: row["version"],
        kind: JobRecord.Kind(rawValue: row["type"]) ?? .onetime,
        state: JobRecord.State(rawValue: row["state"]) ?? .completed,
        manifestDigest: row["manifest_digest"], stream: row["stream"])
      job.intervalMinutes = row["interval_minutes"]
      (job.starts, job.ends) = (row["starts"], row["ends"])
      (job.nextRun, job.lastRun) = (row["next_run"], row["last_run"])
      (job.runs, job.failed, job.skipped) = (row["runs"], row["failed"], row["skipped"])
      return job
    }
  }
}
