internal import JSONText
internal import GRDB

/// The lineage of one run: what it was made from and what it came to. No value of a registrant, and
/// none of the filter's.
package struct RunRecord: Sendable, Equatable {
  package var job: String
  package var version: Int
  /// Salted digests in hex, as the ledger shows them.
  package var snapshot: String
  package var manifest: String
  package var policy: String
  package var filter: String
  /// The filter's leaves, each as field and operator.
  package var conditions: [[String]]
  /// The fields of the filter of which the export has lost something, with the operator's word that
  /// it may. Goes into the ledger, and is not read back.
  package var acceptedLoss: [String] = []
  package var fields: [String]
  package var matched: Int
  package var sent: Int
  package var leftOut: [String: Int]
  package var stream: String
  /// The archive's number; nil if none was made.
  package var sequence: Int64?
  /// Seconds since 1970.
  package var at: Int64

  package init(
    job: String, version: Int, snapshot: String, manifest: String, policy: String, filter: String,
    conditions: [[String]], fields: [String], matched: Int, sent: Int, leftOut: [String: Int],
    stream: String, sequence: Int64?, at: Int64
  ) {
    (self.job, self.version) = (job, version)
    (self.snapshot, self.manifest, self.policy) = (snapshot, manifest, policy)
    (self.filter, self.conditions, self.fields) = (filter, conditions, fields)
    (self.matched, self.sent, self.leftOut) = (matched, sent, leftOut)
    (self.stream, self.sequence, self.at) = (stream, sequence, at)
  }
}

extension Journal {
  /// The runs of a job, or all of them, the oldest first.
  package func runs(of job: String? = nil) throws -> [RunRecord] {
    try look { database in
      let sql = "SELECT * FROM runs WHERE :job IS NULL OR job = :job ORDER BY drop_id"
      return try Row.fetchAll(database, sql: sql, arguments: ["job": job]).map(RunRecord.init)
    }
  }

  /// How many records went out on a stream from a time on, in seconds since 1970; those of runs whose
  /// archive is staged count as well.
  package func recordsSent(on stream: String, since time: Int64) throws -> Int {
    try look {
      try Int.fetchOne(
        $0,
        sql:
          "SELECT coalesce(sum(sent), 0) FROM runs WHERE stream = ? AND at >= ? AND sequence NOT NULL",
        arguments: [stream, time]) ?? 0
    }
  }

  func note(_ run: RunRecord, of drop: Drop, in database: Database) throws {
    let conditions = JSON.array(run.conditions.map { .array($0.map(JSON.string)) })
    let leftOut = run.leftOut.sorted { $0.key < $1.key }.map {
      JSON.Member($0.key, .count($0.value))
    }
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO runs (drop_id, job, version, snapshot, manifest, policy, filter,
          conditions, fields, matched, sent, left_out, stream, sequence, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        drop.id, run.job, run.version, run.snapshot, run.manifest, run.policy, run.filter,
        conditions.line(), JSON.array(run.fields.map(JSON.string)).line(), run.matched, run.sent,
        JSON.object(leftOut).line(), run.stream, run.sequence, run.at,
      ])
    try append(run, dropID: drop.id, in: database)
  }

  static func run(of drop: Int64, in database: Database) throws -> RunRecord? {
    try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE drop_id = ?", arguments: [drop])
      .map(RunRecord.init)
  }

  /// With the drops that they were.
  static func allRuns(in database: Database) throws -> [(Int64, RunRecord)] {
    try Row.fetchAll(database, sql: "SELECT * FROM runs ORDER BY drop_id").map {
      ($0["drop_id"], RunRecord($0))
    }
  }
}

extension RunRecord {
  fileprivate init(_ row: Row) {
    func list(_ column: String) -> [JSON] {
      let text: String = row[column]
      return (try? JSONDocument(parsing: text).root.json.elements) ?? []
    }
    let reasons: String = row["left_out"]
    var leftOut: [String: Int] = [:]
    if case .object(let members)? = try? JSONDocument(parsing: reasons).root.json {
      for member in members { leftOut[member.key] = member.value.integer.map(Int.init) }
    }
    self.init(
      job: row["job"], version: row["version"], snapshot: row["snapshot"],
      manifest: row["manifest"], policy: row["policy"], filter: row["filter"],
      conditions: list("conditions").map { ($0.elements ?? []).compactMap(\.text) },
      fields: list("fields").compactMap(\.text), matched: row["matched"], sent: row["sent"],
      leftOut: leftOut, stream: row["stream"], sequence: row["sequence"], at: row["at"])
  }
}
