internal import GRDB
internal import JSONText

/// What the ledger tells of a policy run: counts, and the certificate that holds the rest.
package struct PolicyRunRecord: Sendable, Equatable {
  package var policy: String
  // Digests in hex.
  package var digest: String
  package var snapshot: String
  package var matched: Int
  package var registrants: Int
  package var deleted: Int
  package var leftOut: [String: Int]
  package var certificate: String
  /// Path of the certificate below the outbox.
  package var file: String

  package init(
    policy: String, digest: String, snapshot: String, matched: Int, registrants: Int, deleted: Int,
    leftOut: [String: Int], certificate: String, file: String
  ) {
    (self.policy, self.digest, self.snapshot) = (policy, digest, snapshot)
    (self.matched, self.registrants, self.deleted) = (matched, registrants, deleted)
    (self.leftOut, self.certificate, self.file) = (leftOut, certificate, file)
  }
}

extension Journal {
  /// Notes a run once: when its drop is decided already, it stands.
  func note(_ run: PolicyRunRecord, of drop: Drop, in database: Database) throws {
    guard try Self.drops(database, where: "id = ?", [drop.id])[0].state == .claimed else { return }
    let leftOut = run.leftOut.sorted { $0.key < $1.key }.map {
      JSON.Member($0.key, .count($0.value))
    }
    try append(
      .policyRun,
      [
        "drop": .int(drop.id), "policy": .string(run.policy), "digest": .string(run.digest),
        "snapshot": .string(run.snapshot), "matched": .count(run.matched),
        "registrants": .count(run.registrants), "deleted": .count(run.deleted),
        "left_out": .object(leftOut), "certificate": .string(run.certificate),
        "file": .string(run.file),
      ], in: database)
  }

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
}
