internal import GRDB
internal import Language
internal import Snapshots

/// Where records have both ids, the database's counts: links that name them by the external id are
/// led to it, and a record must not stand there once more under its external id alone.
struct ExternalLinks {
  private let db: Database
  private let contents: SnapshotContents

  init(_ db: Database, _ contents: SnapshotContents) { (self.db, self.contents) = (db, contents) }

  /// - Throws: `duplicateID` where one external id names two records.
  func settle() throws {
    for table in contents.tables where table.columns.contains(where: { $0.name == field }) {
      guard try contents.externalLinks.contains(table.model) || hasUnnumbered(table.model) else {
        continue
      }
      try settle(table.model)
    }
  }

  private var field: String { ExternalID.field }

  private func hasUnnumbered(_ model: String) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM \(quoted(model)) WHERE \"id\" < 0)") ?? false
  }

  private func settle(_ model: String) throws {
    try db.execute(
      sql: "CREATE TEMP TABLE known (external INTEGER PRIMARY KEY, id INTEGER NOT NULL)")
    defer { try? db.execute(sql: "DROP TABLE temp.known") }
    guard try note(model) else { return }
    let twice = """
      SELECT EXISTS (SELECT 1 FROM temp.known k JOIN \(quoted(model)) m ON m."id" = k.external)
      """
    guard try Bool.fetchOne(db, sql: twice) != true else { throw Self.twice(model) }
    for other in contents.catalog.models.values {
      for link in other.fields.values where link.isPresent && link.relation == model {
        try lead(link.name, of: other.name)
      }
    }
  }

  /// Notes the records that have both ids.
  /// - Returns: whether there are any.
  private func note(_ model: String) throws -> Bool {
    let rows = try BareStatement(
      db,
      """
      SELECT "id", \(quoted(field)) FROM \(quoted(model))
      WHERE "id" > 0 AND \(quoted(field)) > '' ORDER BY "id"
      """)
    let insert = try BareStatement(db, "INSERT OR IGNORE INTO temp.known VALUES (?, ?)")
    var count = 0
    while try rows.next() {
      insert.bind(ExternalID.number(rows.text(1)), at: 1)
      insert.bind(rows.integer(0), at: 2)
      try insert.run()
      count += 1
    }
    let kept = try Int.fetchOne(db, sql: "SELECT count(*) FROM temp.known")
    guard kept == count else { throw Self.twice(model) }
    return count > 0
  }

  private func lead(_ link: String, of model: String) throws {
    let columns = contents.tables.first { $0.model == model }?.columns.map(\.name) ?? []
    if columns.contains(link) { try lead(quoted(model), quoted(link)) }
    guard
      contents.lists.contains(where: { $0.model == model && $0.field == link && !$0.isSuperseded })
    else { return }
    let pairs = PairTable.name(model, link)
    try lead(pairs, "target")
    // What is left stands there under the database's id as well.
    try db.execute(
      sql: "DELETE FROM \(pairs) WHERE target IN (SELECT external FROM temp.known)")
  }

  private func lead(_ table: String, _ column: String) throws {
    try db.execute(
      sql: """
        UPDATE OR IGNORE \(table)
        SET \(column) = (SELECT k.id FROM temp.known k WHERE k.external = \(table).\(column))
        WHERE \(column) < 0 AND \(column) IN (SELECT external FROM temp.known)
        """)
  }

  private static func twice(_ model: String) -> SnapshotFault {
    SnapshotFault(.duplicateID, "an external id stands at two records of \(model)")
  }
}
