internal import GRDB
package import JSONText
package import Ledger

// Drops of our own that no job asks for: runs of policies, and patches for the registry.

extension Journal {
  /// Makes a drop of our own, whose bytes lie in `store/claimed/` already.
  /// - Returns: nil if there is one of that claim.
  package func begin(own name: String, claim: String, at time: String) throws -> Drop? {
    try change { database in
      try database.execute(
        sql: """
          INSERT INTO drops (name, claim, state, at, origin)
          VALUES (?, ?, 'claimed', ?, 'schedule') ON CONFLICT (claim) DO NOTHING
          """, arguments: [name, claim, time])
      guard database.changesCount > 0 else { return nil }
      return try Self.drops(database, where: "claim = ?", [claim])[0]
    }
  }

  /// Whether one could not be ended yet: no other is begun meanwhile.
  package func hasUnfinishedOwnDrop() throws -> Bool {
    try look {
      try Bool.fetchOne(
        $0,
        sql: """
          SELECT EXISTS (SELECT 1 FROM drops
            WHERE state <> 'reported' AND origin = 'schedule' AND job IS NULL)
          """) ?? false
    }
  }

  /// Every run of a policy, as the ledger has it, the oldest first.
  package func policyRuns() throws -> [LedgerPolicyRun] {
    try policyRunEntries().map { try LedgerPolicyRun($0) }
  }

  /// The newest run of each policy that ever ran, by the policy's name, and when it was told.
  package func lastPolicyRuns() throws -> [String: (run: LedgerPolicyRun, at: UTCTime)] {
    var last: [String: (LedgerPolicyRun, UTCTime)] = [:]
    for entry in try policyRunEntries() {
      let run = try LedgerPolicyRun(entry)
      last[run.policy] = (run, entry.at)
    }
    return last
  }

  private func policyRunEntries() throws -> [LedgerEntry] {
    let lines = try look {
      try String.fetchAll(
        $0,
        sql: "SELECT line FROM ledger WHERE json_extract(line, '$.kind') = ? ORDER BY entry",
        arguments: [LedgerKind.policyRun.rawValue])
    }
    return try lines.map { try LedgerEntry(parsing: Array($0.utf8)) }
  }

  /// Notes a policy's run once: when its drop is decided already, it stands.
  func note(_ run: LedgerPolicyRun, of drop: Drop, in database: Database) throws {
    guard try Self.drops(database, where: "id = ?", [drop.id])[0].state == .claimed else { return }
    try append(.policyRun, run.json, in: database)
  }
}
