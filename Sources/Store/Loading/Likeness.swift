internal import GRDB
internal import Language
package import Snapshots

/// What a new snapshot has in common with the one in force, in counts.
package struct Likeness: Sendable, Equatable {
  /// Records by model, in force and in the new one.
  package let before: [String: Int]
  package let now: [String: Int]
  /// Of partners in force, how many were looked for in the new one, and how many are in it; nil if
  /// their ids say nothing.
  package var partners: (looked: Int, found: Int)?
  /// VIDs in force and in the new one; nil if either does not tell.
  package var vids: (before: Int, now: Int)?

  package init(
    before: [String: Int], now: [String: Int], partners: (looked: Int, found: Int)? = nil,
    vids: (before: Int, now: Int)? = nil
  ) {
    (self.before, self.now, self.partners, self.vids) = (before, now, partners, vids)
  }

  package static func == (a: Likeness, b: Likeness) -> Bool {
    a.before == b.before && a.now == b.now && a.partners ?? (0, 0) == b.partners ?? (0, 0)
      && a.vids ?? (0, 0) == b.vids ?? (0, 0)
  }
}

extension Likeness {
  /// Of a snapshot that is staged.
  /// - Parameter vidType: the name of the id type that holds VIDs; nil if nobody can tell.
  package init(_ staged: StagedSnapshot, to inForce: SnapshotStore, vidType: String?) throws {
    self.init(before: inForce.summary.counts, now: staged.summary.counts)
    let sample = try inForce.someIDs()
    try staged.read { db in
      let table = quoted(SnapshotReader.mainModel)
      if try Bool.fetchOne(db, sql: "SELECT max(id) > 0 FROM \(table)") == true, !sample.isEmpty {
        let there = try db.makeStatement(sql: "SELECT 1 FROM \(table) WHERE id = ?")
        let found = try sample.count { try Int.fetchOne(there, arguments: [$0]) != nil }
        partners = (sample.count, found)
      }
      guard let vidType else { return }
      let now = try Self.vids(vidType, db, SnapshotRegister.catalog(in: db))
      let before = try inForce.read { try Self.vids(vidType, $0, inForce.catalog) }
      if let before, let now { vids = (before, now) }
    }
  }

  /// Of a snapshot that was read and not kept.
  package init(
    counts: [String: Int], partners ids: IDSet?, to inForce: SnapshotStore
  ) throws {
    self.init(before: inForce.summary.counts, now: counts)
    let sample = try inForce.someIDs()
    if let ids, !ids.isOverfull, !sample.isEmpty {
      partners = (sample.count, sample.count { ids.contains($0) })
    }
  }

  private static func vids(
    _ type: String, _ db: Database, _ catalog: ModelCatalog
  ) throws -> Int? {
    let types = try VIDTypes.ids(named: type, in: db, catalog: catalog)
    guard !types.isEmpty else { return VIDTypes.areTold(by: catalog) ? 0 : nil }
    let list = types.map(String.init).joined(separator: ", ")
    return try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM "g2p.reg.id"
        WHERE "id_type" IN (\(list)) AND "value" IS NOT NULL AND "value" <> ''
        """)
  }
}

extension SnapshotStore {
  private static let sample: Int64 = 2_000

  /// Ids of partners from all of the registry: all of a small one's.
  fileprivate func someIDs() throws -> [Int64] {
    try read { db in
      let table = quoted(SnapshotReader.mainModel)
      let ends = try Row.fetchOne(
        db, sql: "SELECT min(id), max(id) FROM \(table) WHERE id > 0")
      guard let first = ends?[0] as Int64?, let last = ends?[1] as Int64? else { return [] }
      guard summary.partners > Self.sample else {
        return try Int64.fetchAll(db, sql: "SELECT id FROM \(table) WHERE id > 0")
      }
      let next = try db.makeStatement(
        sql: "SELECT id FROM \(table) WHERE id >= ? ORDER BY id LIMIT 1")
      var ids: Set<Int64> = []
      let step = (last - first) / Self.sample + 1
      for at in stride(from: first, through: last, by: Int64.Stride(step)) {
        if let id = try Int64.fetchOne(next, arguments: [at]) { ids.insert(id) }
      }
      return ids.sorted()
    }
  }
}
