internal import GRDB

/// A VID that a policy had deleted: its mark, and where it stood.
package struct ErasedVID: Sendable, Equatable {
  package let vid: VIDMark
  package let registrant: Int64
  /// The id that the registry gives the reg id.
  package let regID: Int64
  /// Seconds since 1970.
  package let at: Int64
  /// The name of the policy.
  package let policy: String
  /// The run that had it deleted, by the number of its drop.
  package let run: Int64?
  /// In bytes; 0 where that and the print were not kept.
  package let length: Int
  /// As `VIDHasher.print` gives it.
  package let print: Int64

  package init(
    vid: VIDMark, registrant: Int64, regID: Int64, at: Int64, policy: String, run: Int64?,
    length: Int, print: Int64
  ) {
    (self.vid, self.registrant, self.regID) = (vid, registrant, regID)
    (self.at, self.policy) = (at, policy)
    (self.run, self.length, self.print) = (run, length, print)
  }
}

extension TokenStore {
  /// Notes VIDs as erased, for ever. The next `SnapshotRevision` takes them out of the snapshot in force;
  /// a VID that was noted before keeps its note.
  static func note(_ vids: [ErasedVID], in database: Database) throws {
    let statement = try BareStatement(
      database,
      """
      INSERT OR IGNORE INTO erased (vid, registrant, reg_id, at, policy, run, length, print)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for vid in vids.sorted(by: { $0.vid < $1.vid }) {
      statement.bind(vid.vid, at: 1)
      statement.bind(vid.registrant, at: 2)
      statement.bind(vid.regID, at: 3)
      statement.bind(vid.at, at: 4)
      statement.bind(vid.policy, at: 5)
      if let run = vid.run { statement.bind(run, at: 6) } else { statement.bindNull(at: 6) }
      if vid.length > 0 {
        statement.bind(Int64(vid.length), at: 7)
        statement.bind(vid.print, at: 8)
      } else {
        statement.bindNull(at: 7)
        statement.bindNull(at: 8)
      }
      try statement.run()
    }
  }

  /// How many VIDs were ever erased.
  package func erasedCount() throws -> Int {
    try look { try Int.fetchOne($0, sql: "SELECT count(*) FROM erased") ?? 0 }
  }
}
