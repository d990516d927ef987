internal import JSONText
internal import Ledger
internal import GRDB

/// A drop of the inbox that was accepted before.
package struct AcceptedDrop: Sendable, Equatable {
  package let name: String
  /// The verdict document.
  package let verdict: String
  package let time: String
}

extension Journal {
  /// The newest accepted drop of these bytes; nil if they are to be judged. Runs of the schedule do
  /// not count, and neither does a recurring job's manifest that is no longer in force: dropping it
  /// again starts the job again. A manifest that stops a job never counts: it may be needed twice.
  /// A one-time job's manifest whose run was rejected since does not count.
  ///
  /// Not to be asked for a drop whose origin is the schedule.
  /// - Parameters:
  ///   - kind: `snapshot` or `job`, as in the verdict.
  ///   - digest: in hex.
  package func accepted(kind: String, digest: String) throws -> AcceptedDrop? {
    try look { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT d.name, d.verdict, d.at FROM drops d LEFT JOIN jobs j ON j.name = d.job
          WHERE d.kind = :kind AND d.digest = :digest AND d.outcome = 'accepted'
            AND d.origin = 'inbox' AND d.state <> 'claimed'
            AND (:kind <> 'job' OR d.job IS NOT NULL)
            AND NOT coalesce(j.type = 'recurring'
              AND (j.state = 'completed' OR j.manifest_digest <> d.digest), false)
            AND NOT (coalesce(j.type = 'onetime', false) AND EXISTS (
              SELECT 1 FROM drops r WHERE r.origin = 'schedule' AND r.id > d.id
                AND r.job = d.job AND r.version = d.version
                AND r.outcome IN ('rejected', 'quarantined')))
          ORDER BY d.id DESC LIMIT 1
          """, arguments: ["kind": kind, "digest": digest])
      return row.map { AcceptedDrop(name: $0["name"], verdict: $0["verdict"], time: $0["at"]) }
    }
  }

  /// Whether these bytes were accepted from the inbox at any time, be they in force or not: for who
  /// must not let a signed file count twice. Stops count, and so do replaced versions.
  /// - Parameters: as of `accepted`.
  package func wasAccepted(kind: String, digest: String) throws -> Bool {
    try look {
      try Bool.fetchOne(
        $0,
        sql: """
          SELECT EXISTS (SELECT 1 FROM drops WHERE kind = ? AND digest = ?
            AND outcome = 'accepted' AND origin = 'inbox' AND state <> 'claimed')
          """, arguments: [kind, digest]) ?? false
    }
  }

  /// The operator lets these bytes through, once.
  /// - Parameter shown: what the drop's verdict shows for the digest: the ledger is in the open.
  package func release(digest: String, shown: String, name: String, at time: String) throws {
    try change { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO releases (digest, name, at) VALUES (?, ?, ?)",
        arguments: [digest, name, time])
      try append(.release, ["digest": .string(shown)], in: database)
    }
  }

  /// The digest of the drop whose verdict shows this, both in hex; nil if there is none.
  package func digest(shownAs shown: String) throws -> String? {
    try look {
      try String.fetchOne(
        $0,
        sql: """
          SELECT digest FROM drops WHERE json_extract(verdict, '$.digest') = ?
          ORDER BY id DESC LIMIT 1
          """, arguments: [shown])
    }
  }

  /// Whether the operator let these bytes through, and they have not been taken in since.
  package func isReleased(_ digest: String) throws -> Bool {
    try look {
      try Bool.fetchOne(
        $0, sql: "SELECT count(*) FROM releases WHERE digest = ? AND used IS NULL",
        arguments: [digest]) ?? false
    }
  }

  /// Whether any bytes were let through that have not been taken in since.
  package func hasReleases() throws -> Bool {
    try look {
      try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM releases WHERE used IS NULL)")
        ?? false
    }
  }

  /// A drop that was taken in, now or just before a crash, uses up the release of its bytes.
  static func useRelease(of drop: Drop, _ decision: Decision, in database: Database) throws {
    guard ["accepted", "duplicate"].contains(decision.outcome), let digest = decision.digest else {
      return
    }
    try database.execute(
      sql: """
        UPDATE releases SET used = (SELECT at FROM drops WHERE id = ?)
        WHERE digest = ? AND used IS NULL
        """, arguments: [drop.id, digest])
    guard database.changesCount > 0 else { return }
    try database.execute(sql: "UPDATE drops SET released = 1 WHERE id = ?", arguments: [drop.id])
  }
}
