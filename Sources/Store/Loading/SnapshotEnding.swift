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

  func run(digest: Digest, dropName: String, now: Date) throws -> LoadedSnapshot {
    for names in contents.names { try settle(names) }
    for list in contents.lists { try settle(list) }
    for table in contents.tables { try settle(table) }
    try SnapshotIndexes(contents).make(in: db)
    let summary = LoadedSnapshot(
      digest: digest, dropDigest: digest, dropName: dropName, form: contents.form,
      loadedAt: Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down)),
      counts: try counts(), notes: contents.notes)
    try SnapshotRegister.write(contents, summary, in: db)
    return summary
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
        WHERE owner = \(quoted(model)).id HAVING count(*) > 0)
        """ : "NULL"
      return """
        \(name) = CASE typeof(\(name)) WHEN 'blob' THEN CAST(\(name) AS TEXT)
        WHEN 'null' THEN \(list) ELSE json_quote(\(name)) END
        """
    }
  }

  private func counts() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for table in contents.tables {
      counts[table.model] = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM \(quoted(table.model))")
    }
    return counts
  }
}
