internal import GRDB

// A policy run in `tokens.sqlite`: the step that counts, and what it takes to go on after it.

extension TokenStore {
  /// The step from which on a run is done: all of its VIDs are erased, and the registry is asked for
  /// what its patch asks. The next `SnapshotRevision` takes the VIDs out of the snapshot in force.
  /// - Parameters:
  ///   - run: the id of its drop.
  ///   - outcome: what brings it to its end after the process was killed; no registrant's value.
  ///   - patch: the sealed patch's place, and what it asks.
  ///   - asksAll: whether that is every token that the registry was not asked for before.
  package func commit(
    run: Int64, outcome: String, erased: [ErasedVID],
    patch: (stream: String, sequence: Int64, items: some Sequence<PatchItem>)?,
    asksAll: Bool = true
  ) throws {
    try change { database in
      try database.execute(
        sql: "INSERT INTO policy_runs (run, outcome) VALUES (?, ?)", arguments: [run, outcome])
      try Self.note(erased, in: database)
      if let patch {
        try Self.note(patch.items, of: patch.stream, patch.sequence, isAll: asksAll, in: database)
      }
    }
  }

  /// The outcome of a run that was committed; nil if it was not.
  package func outcome(ofRun run: Int64) throws -> String? {
    try look {
      try String.fetchOne(
        $0, sql: "SELECT outcome FROM policy_runs WHERE run = ?", arguments: [run])
    }
  }

  /// The runs that were committed, by their drops.
  package func committedRuns() throws -> Set<Int64> {
    try look { Set(try Int64.fetchAll($0, sql: "SELECT run FROM policy_runs")) }
  }

  /// Notes a run that was forgotten, and the VIDs that it deleted. Whose they were is not known any
  /// more: they are taken out wherever they stand as VIDs.
  /// - Parameter time: of the run, in seconds since 1970.
  package func remember(run: Int64, policy: String, at time: Int64, _ vids: [VIDMark]) throws {
    try commit(
      run: run, outcome: #"{"remembered":true}"#,
      erased: vids.map {
        ErasedVID(
          vid: $0, registrant: Self.nobody, regID: 0, at: time, policy: policy, run: run,
          length: 0, print: 0)
      }, patch: Optional<(String, Int64, [PatchItem])>.none)
  }

  /// In place of a registrant.
  static let nobody: Int64 = 0

  /// The VIDs that a run erased, ascending.
  package func marks(erasedBy run: Int64) throws -> [VIDMark] {
    try look { database in
      let rows = try BareStatement(database, "SELECT vid FROM erased WHERE run = ? ORDER BY vid")
      rows.bind(run, at: 1)
      var marks: [VIDMark] = []
      while try rows.next() { marks.append(rows.mark(0)) }
      return marks
    }
  }
}

/// What was seen when a policy was last looked at.
package struct PolicyLook: Sendable, Equatable {
  package let policy: String
  /// When it is looked at again, and when it was, in seconds since 1970.
  package var next: Int64
  package var looked: Int64?
  /// The state of the store that was looked at: as long as it is the same, there is nothing new.
  package var basis: String?
  /// What a run would do, as a document; counts only.
  package var found: String?
  /// The digest of the list that the operator let through, in hex.
  package var approved: String?

  package init(policy: String, next: Int64) { (self.policy, self.next) = (policy, next) }
}

extension TokenStore {
  /// All looks, by policy.
  package func policyLooks() throws -> [String: PolicyLook] {
    try look { database in
      let rows = try Row.fetchAll(database, sql: "SELECT * FROM policy_looks")
      return Dictionary(
        uniqueKeysWithValues: rows.map { row in
          var look = PolicyLook(policy: row["policy"], next: row["next"])
          (look.looked, look.basis) = (row["looked"], row["basis"])
          (look.found, look.approved) = (row["found"], row["approved"])
          return (look.policy, look)
        })
    }
  }

  package func keep(_ look: PolicyLook) throws {
    try change {
      try $0.execute(
        sql: """
          INSERT OR REPLACE INTO policy_looks (policy, next, looked, basis, found, approved)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [look.policy, look.next, look.looked, look.basis, look.found, look.approved])
    }
  }
}
