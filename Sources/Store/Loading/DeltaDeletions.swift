internal import GRDB
internal import Language
internal import Snapshots

/// Takes out what a delta removes: the records that it names, the lines that its nested lists no
/// longer have, and what goes with them.
///
/// Lines that are nothing without their registrant go with it (`cascades`), and so do pairs of
/// many2many lists. Any other link to a record that is gone makes the whole delta void.
struct DeltaDeletions {
  /// Models whose records go with the record that a many2one of theirs names.
  private static let cascades: [(model: String, field: String)] = [
    ("g2p.reg.id", "partner_id"), ("g2p.phone.number", "partner_id"),
    ("g2p.group.membership", "group"), ("g2p.group.membership", "individual"),
    ("g2p.reg.rel", "source"), ("g2p.reg.rel", "destination"),
  ]

  /// How many records a fault names.
  private static let mostNamed = 10

  private let merge: DeltaMerge
  private var db: Database { merge.db }

  init(_ merge: DeltaMerge) { self.merge = merge }

  /// - Returns: how many ids were to be deleted and were not there.
  func run() throws -> Int {
    try db.execute(
      sql: """
        CREATE TEMP TABLE gone (model TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (model, id))
        WITHOUT ROWID
        """)
    try noteNamed()
    let missing = try countMissing()
    try noteLinesLeftOut()
    try refuseContradictions()
    for (model, field) in Self.cascades { try cascade(model, field) }
    for model in try goneModels() { try delete(model) }
    try refuseDanglingLinks()
    try db.execute(sql: "DROP TABLE temp.gone")
    return missing
  }

  private func goneModels() throws -> [String] {
    try String.fetchAll(db, sql: "SELECT DISTINCT model FROM temp.gone ORDER BY model")
  }

  private func noteNamed() throws {
    let statement = try db.makeStatement(sql: "INSERT OR IGNORE INTO temp.gone VALUES (?, ?)")
    for deletion in merge.end.deletions {
      guard merge.sources[deletion.model] != nil else {
        throw merge.newModel(deletion.model, "deleted")
      }
      for id in deletion.ids { try statement.execute(arguments: [deletion.model, id]) }
    }
  }

  private func countMissing() throws -> Int {
    var missing = 0
    for model in try goneModels() {
      missing +=
        try Int.fetchOne(
          db,
          sql: """
            SELECT count(*) FROM temp.gone WHERE model = ?
            AND id NOT IN (SELECT id FROM main.\(quoted(model)))
            """, arguments: [model]) ?? 0
    }
    return missing
  }

  /// Where lines are nested in their owners, a list names all of an owner's lines.
  private func noteLinesLeftOut() throws {
    let nested = Set(merge.contents.tables.map(\.source))
    for list in merge.contents.lists {
      guard let (lines, inverse) = try merge.pointsBack(list.model, list.field) else { continue }
      let place = "\(list.model)/\(list.field)"
      guard nested.contains(place) || merge.sources[lines] == place else { continue }
      let (pairs, owner) = (PairTable.name(list.model, list.field), quoted(inverse))
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO temp.gone SELECT ?, l.id FROM main.\(quoted(lines)) AS l
          WHERE l.\(owner) IN (SELECT owner FROM delta.\(pairs) WHERE target = 0)
          AND NOT EXISTS (
            SELECT 1 FROM delta.\(pairs) AS p WHERE p.owner = l.\(owner) AND p.target = l.id)
          """, arguments: [lines])
    }
  }

  private func refuseContradictions() throws {
    for table in merge.contents.tables {
      let count = try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM delta.\(quoted(table.model)) AS d
          JOIN temp.gone AS g ON g.model = ? AND g.id = d.id
          """, arguments: [table.model])
      guard let count, count > 0 else { continue }
      throw SnapshotFault(
        .contradiction, "\(count) records of \(table.model) are both sent and deleted",
        at: SnapshotPlace(table.source))
    }
  }

  private func cascade(_ model: String, _ field: String) throws {
    guard let comodel = try link(model, field) else { return }
    let condition = "m.\(quoted(field)) IN (SELECT id FROM temp.gone WHERE model = ?)"
    if let table = merge.contents.tables.first(where: { $0.model == model }) {
      let count = try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM delta.\(quoted(model)) AS d
          JOIN main.\(quoted(model)) AS m ON m.id = d.id WHERE \(condition)
          """, arguments: [comodel])
      if let count, count > 0 {
        throw SnapshotFault(
          .contradiction,
          "\(count) records of \(model) are sent whose \(field) points to a deleted record",
          at: SnapshotPlace(table.source))
      }
    }
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO temp.gone SELECT ?, m.id FROM main.\(quoted(model)) AS m
        WHERE \(condition)
        """, arguments: [model, comodel])
  }

  /// The model that a stored many2one leads to; nil if there is no such column.
  private func link(_ model: String, _ field: String) throws -> String? {
    guard merge.sources[model] != nil, try merge.columns("main", model).contains(field) else {
      return nil
    }
    let known = merge.catalog[model]?[field] ?? merge.contents.catalog[model]?[field]
    return known?.type == .many2one ? known?.relation : nil
  }

  private func delete(_ model: String) throws {
    let gone = "(SELECT id FROM temp.gone WHERE model = ?)"
    try db.execute(
      sql: "DELETE FROM main.\(quoted(model)) WHERE id IN \(gone)", arguments: [model])
    for (owner, field) in try MergedContents(merge).pairs() {
      let pairs = PairTable.name(owner, field)
      let known = merge.catalog[owner]?[field] ?? merge.contents.catalog[owner]?[field]
      let ends = [owner == model ? "owner" : nil, known?.relation == model ? "target" : nil]
      for end in ends.compactMap({ $0 }) {
        try db.execute(sql: "DELETE FROM main.\(pairs) WHERE \(end) IN \(gone)", arguments: [model])
      }
    }
  }

  private func refuseDanglingLinks() throws {
    let gone = Set(try goneModels())
    var dangling: [String] = []
    var named = 0
    for model in merge.sources.keys.sorted() {
      for field in try merge.columns("main", model).dropFirst() {
        guard let comodel = try link(model, field), gone.contains(comodel) else { continue }
        let condition = "\(quoted(field)) IN (SELECT id FROM temp.gone WHERE model = ?)"
        let count = try Int.fetchOne(
          db, sql: "SELECT count(*) FROM main.\(quoted(model)) WHERE \(condition)",
          arguments: [comodel])
        guard let count, count > 0 else { continue }
        let ids = try Int64.fetchAll(
          db,
          sql: "SELECT id FROM main.\(quoted(model)) WHERE \(condition) ORDER BY id LIMIT ?",
          arguments: [comodel, Self.mostNamed - named])
        named += ids.count
        let list = ids.map(String.init).joined(separator: ", ")
        dangling.append(
          "\(count) of \(model) by \(field)"
            + (ids.isEmpty ? "" : " (id \(list)\(ids.count < count ? ", …" : ""))"))
      }
    }
    guard !dangling.isEmpty else { return }
    throw SnapshotFault(
      .danglingLinks, "records still point to deleted ones: \(dangling.joined(separator: ", "))")
  }
}
