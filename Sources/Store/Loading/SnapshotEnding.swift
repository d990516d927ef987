internal import Foundation
internal import GRDB
internal import Secrets
internal import Snapshots

/// What is done once all rows are in: what turned out useless goes, types that were read off the
/// values are settled, indexes are made, and the whole is described.
struct SnapshotEnding {
  private let db: Database
  private let contents: SnapshotContents

  init(_ db: Database, _ contents: SnapshotContents) {
    self.db = db
    self.contents = contents
  }

  func run(_ head: SnapshotHead?, digest: Digest, dropName: String, now: Date) throws
    -> LoadedSnapshot
  {
    for names in contents.names { try settle(names) }
    for list in contents.lists { try settle(list) }
    for table in contents.tables { try settle(table) }
    try ExternalLinks(db, contents).settle()
    try SnapshotIndexes(contents).make(in: db)
    var summary = LoadedSnapshot(
      digest: digest, dropDigest: digest, dropName: dropName, form: contents.form,
      loadedAt: now.wholeSecond, name: head?.name,
      taken: try head?.taken ?? SnapshotTime.newestWrite(contents.catalog, in: db),
      languages: head?.languages ?? [], counts: try contents.counts(in: db), notes: contents.notes)
    summary.external = try external()
    try SnapshotRegister.write(contents, summary, in: db)
    return summary
  }

  /// Registrants that are known by their external id alone.
  private func external() throws -> Int {
    let main = SnapshotReader.mainModel
    guard contents.tables.contains(where: { $0.model == main }) else { return 0 }
    return try Int.fetchOne(
      db, sql: "SELECT count(*) FROM \(quoted(main)) WHERE \"id\" < 0") ?? 0
  }

  /// In a delta: settles the columns of fields that nobody knew, where what is absent is unset.
  func settleNewColumns() throws {
    for table in contents.tables {
      for column in table.columns where column.ending != .asIs {
        let name = quoted(column.name)
        try db.execute(
          sql: """
            UPDATE \(quoted(table.model)) SET \(name) = NULL WHERE \(name) = \(TableShape.absent)
            """)
      }
      try settle(table)
    }
  }

  private func settle(_ names: SnapshotContents.Names) throws {
    let table = NamesTable.name(names.model)
    try db.execute(
      sql: names.isSuperseded
        ? "DROP TABLE \(table)" : "ALTER TABLE \(table) RENAME TO \(quoted(names.model))")
  }

  private func settle(_ list: SnapshotContents.List) throws {
    guard list.isSuperseded else { return }
    try db.execute(sql: "DROP TABLE \(PairTable.name(list.model, list.field))")
  }

  private func settle(_ table: SnapshotContents.Table) throws {
    let changes = table.columns.compactMap { change($0, of: table.model) }
    guard !changes.isEmpty else { return }
    try db.execute(sql: "UPDATE \(quoted(table.model)) SET \(changes.joined(separator: ", "))")
  }

  /// The assignment that gives a column's values their final form; nil if they have it.
  private func change(_ column: SnapshotContents.Column, of model: String) -> String? {
    let name = quoted(column.name)
    switch column.ending {
    case .asIs: return nil
    case .real: return "\(name) = CAST(\(name) AS REAL)"
    case .integer: return "\(name) = CAST(\(name) AS INTEGER)"
    case .boolean(let blankIsFalse):
      return
        "\(name) = iif(\(name) IS NULL, \(blankIsFalse ? "0" : "NULL"), \(name) IN ('t', 'True'))"
    case .json(let hasList):
      let list =
        hasList
        ? """
        (SELECT json_group_array(target) FROM \(PairTable.name(model, column.name))
        WHERE owner = \(quoted(model)).id AND target > 0 HAVING count(*) > 0)
        """ : "NULL"
      return """
        \(name) = CASE typeof(\(name)) WHEN 'blob' THEN CAST(\(name) AS TEXT)
        WHEN 'null' THEN \(list) ELSE json_quote(\(name)) END
        """
    }
  }
}

extension SnapshotContents {
  /// Records by model, as they are stored.
  func counts(in db: Database) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for table in tables {
      counts[table.model] = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM \(quoted(table.model))")
    }
    return counts
  }
}

extension Date {
  /// Without the fraction of the second.
  var wholeSecond: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }
}
