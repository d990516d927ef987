internal import GRDB
internal import JSONText
package import Ledger

/// A drop as the journal knows it.
package struct Drop: Sendable, Equatable {
  /// How far it has come. `claimed`: it lies in `store/claimed/` and may be worked on. `decided`: its
  /// verdict stands. `reported`: the verdict is in the inbox and nothing is left to do.
  package enum State: String, Sendable {
    case claimed, decided, reported
  }

  /// Where it came from: someone dropped it, or a job's time had come.
  package enum Origin: String, Sendable {
    case inbox, schedule
  }

  package let id: Int64
  /// The name that it was dropped under.
  package let name: String
  /// Its name in `store/claimed/`.
  package let claim: String
  /// What is wrong with the name that it was dropped under, if anything is.
  package let objection: String?
  package let state: State
  /// How it ended, and the verdict document: from the moment that they stand.
  package let decision: Decision?
  package let origin: Origin
  /// The job that it is a manifest or a run of, and the job's version: as soon as that is known.
  package let job: String?
  package let version: Int?
  /// For a scheduled run: when it was due, in seconds since 1970, and how many slots before it were
  /// missed.
  package let due: Int64?
  package let skipped: Int
}

extension Journal {
  /// Notes a drop that has just been claimed, or finds it if it is known.
  /// - Parameter objection: what is wrong with the name that it was dropped under.
  package func claimed(
    name: String, claim: String, objection: String?, at time: String
  ) throws -> Drop {
    try change { database in
      try database.execute(
        sql: """
          INSERT INTO drops (name, claim, objection, state, at) VALUES (?, ?, ?, 'claimed', ?)
          ON CONFLICT (claim) DO NOTHING
          """, arguments: [name, claim, objection, time])
      return try Self.drops(database, where: "claim = ?", [claim])[0]
    }
  }

  /// Whether a claimed file has its row.
  package func knows(claim: String) throws -> Bool {
    try look {
      try Bool.fetchOne($0, sql: "SELECT count(*) FROM drops WHERE claim = ?", arguments: [claim])
        ?? false
    }
  }

  /// Whether nothing is to be done any more for what was claimed under this name.
  package func isReported(claim: String) throws -> Bool {
    try look {
      try Bool.fetchOne(
        $0, sql: "SELECT count(*) FROM drops WHERE claim = ? AND state = 'reported'",
        arguments: [claim]) ?? false
    }
  }

  /// Drops that still want something done, in the order of their coming.
  package func unfinished() throws -> [Drop] {
    try look { try Self.drops($0, where: "state <> 'reported'", []) }
  }

  /// The verdict stands. A reservation that led to no archive is given back in the same step.
  /// - Parameters:
  ///   - job: the job as the drop leaves it, if it makes or changes one.
  ///   - run: its lineage, if it was a run.
  ///   - stopped: a job that the drop stops, without being one of its manifests.
  ///   - receipt: what a receiver said of an archive.
  ///   - result: what the MTS answered, and to which VIDs.
  ///   - policyRun: what it did, if it was a run of a policy.
  ///   - ready: waits for what must be done before the verdict stands; if that fails, it does not.
  package func decided(
    _ drop: Drop, _ decision: Decision, job: JobRecord? = nil, run: RunRecord? = nil,
    stopped: JobRecord? = nil, receipt: ReceiptRecord? = nil,
    result: (places: SentPlaces, answers: ResultAnswers)? = nil,
    policyRun: LedgerPolicyRun? = nil, ready: () throws -> Void = {}
  ) throws -> Drop {
    try change { database in
      try database.execute(
        sql: "DELETE FROM archives WHERE drop_id = ? AND state = 'reserved'", arguments: [drop.id]
      )
      let known = try Self.drops(database, where: "id = ?", [drop.id])[0]
      guard known.state == .claimed else { return known }
      if let job { try Self.put(job, of: drop, in: database) }
      if let run { try note(run, of: drop, in: database) }
      if let stopped { try Self.put(stopped, in: database) }
      if let receipt { try take(receipt, of: drop, in: database) }
      if let result { try take(result.places, result.answers, in: database) }
      if let policyRun { try note(policyRun, of: drop, in: database) }
      try ready()
      return try decide(database, drop, decision, state: .decided)
    }
  }

  /// Everything is done; the drop is history.
  package func reported(_ drop: Drop) throws {
    try change {
      try $0.execute(sql: "UPDATE drops SET state = 'reported' WHERE id = ?", arguments: [drop.id])
    }
  }

  /// How many drops ended how.
  package func outcomes() throws -> [String: Int] {
    try look { database in
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT outcome, count(*) AS n FROM drops WHERE outcome IS NOT NULL GROUP BY outcome")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["outcome"], $0["n"]) })
    }
  }

  func decide(
    _ database: Database, _ drop: Drop, _ decision: Decision, state: Drop.State
  ) throws -> Drop {
    try database.execute(
      sql: """
        UPDATE drops SET state = ?, kind = ?, digest = ?, outcome = ?, verdict = ?
        WHERE id = ? AND state = 'claimed'
        """,
      arguments: [
        state.rawValue, decision.kind, decision.digest, decision.outcome, decision.verdict, drop.id,
      ])
    if state == .decided, database.changesCount > 0 {
      try Self.endRun(of: drop, decision, in: database)
      try Self.useRelease(of: drop, decision, in: database)
      try append(drop, decision, in: database)
    }
    return try Self.drops(database, where: "id = ?", [drop.id])[0]
  }

  static func drops(
    _ database: Database, where condition: String, _ arguments: StatementArguments
  ) throws -> [Drop] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, name, claim, objection, state, kind, digest, outcome, verdict, origin, job,
          version, due, skipped
        FROM drops WHERE \(condition) ORDER BY id
        """,
      arguments: arguments)
    return rows.map { row in
      Drop(
        id: row["id"], name: row["name"], claim: row["claim"], objection: row["objection"],
        state: Drop.State(rawValue: row["state"]) ?? .claimed, decision: decision(row),
        origin: Drop.Origin(rawValue: row["origin"]) ?? .inbox, job: row["job"],
        version: row["version"], due: row["due"], skipped: row["skipped"])
    }
  }

  private static func decision(_ row: Row) -> Decision? {
    guard let kind: String = row["kind"], let outcome: String = row["outcome"],
      let verdict: String = row["verdict"]
    else { return nil }
    return Decision(kind: kind, digest: row["digest"], outcome: outcome, verdict: verdict)
  }
}

/// The end of a drop, as the journal keeps it.
package struct Decision: Sendable, Equatable {
  package let kind: String
  /// Of the drop's bytes, in hex. It never leaves the store.
  package let digest: String?
  package let outcome: String
  /// The verdict document, ready to be written.
  package let verdict: String
  /// Of the verdict's reason, for the ledger; nil also in what the journal gives back.
  package let code: String?

  package init(
    kind: String, digest: String?, outcome: String, verdict: String, code: String? = nil
  ) {
    self.kind = kind
    self.digest = digest
    self.outcome = outcome
    self.verdict = verdict
    self.code = code
  }

  /// What the verdict shows for the digest, salted: all that may be told of it.
  package var shown: String? {
    (try? JSONDocument(parsing: verdict))?.root.json["digest"]?.text
  }
}
