internal import GRDB

/// Takes erased VIDs out of columns: a table that was joined, or a form, may have them beside the
/// reg ids.
///
/// Only what is an erased VID as a whole is taken out, and in its place is nothing (NULL). A VID
/// within a longer text stays, and so does one in a column of numbers: `ErasureScan` finds the former.
struct ErasedValues {
  private let db: Database
  private let erased: ErasedVIDs
  private let owners: Set<Int64>
  /// Whether there are some of whom it is not known any more whose they were.
  private let isAnyones: Bool

  init(_ db: Database, _ erased: ErasedVIDs) {
    (self.db, self.erased, owners) = (db, erased, erased.owners)
    isAnyones = owners.contains(TokenStore.nobody)
  }

  /// In a form, which does not say whose a record is, anywhere; else in the record of the registrant
  /// who had the VID, and in those that are theirs.
  /// - Returns: how many values went.
  func clear(_ kind: SnapshotKind) throws -> Int {
    guard !erased.isEmpty else { return 0 }
    return try tables().reduce(0) { count, table in try count + clear(table, kind) }
  }

  private struct Column {
    let name: String
    let mayHoldText: Bool

    init(_ row: Row) {
      name = row["name"]
      let type: String = row["type"]
      // Without a type it keeps whatever came.
      mayHoldText = type == "TEXT" || type.isEmpty
    }
  }

  private func tables() throws -> [String] {
    try String.fetchAll(db, sql: "SELECT name FROM airlock_models WHERE complete ORDER BY name")
  }

  private func clear(_ table: String, _ kind: SnapshotKind) throws -> Int {
    let columns = try Row.fetchAll(db, sql: "PRAGMA main.table_info(\(quoted(table)))").map(
      Column.init)
    let (names, texts) = (Set(columns.map(\.name)), columns.filter(\.mayHoldText).map(\.name))
    let owner = table == SnapshotKind.registry.mainModel ? "id" : "partner_id"
    guard !texts.isEmpty, names.contains("id"), kind == .odk || names.contains(owner) else {
      return 0
    }
    return try clear(texts, of: table, owner: kind == .odk ? "NULL" : quoted(owner))
  }

  private func clear(_ columns: [String], of table: String, owner: String) throws -> Int {
    let list = columns.map(quoted)
    let rows = try BareStatement(
      db,
      "SELECT \"id\", \(owner), \(list.joined(separator: ", ")) FROM \(quoted(table)) NOT INDEXED")
    var found: [(column: Int, id: Int64)] = []
    while try rows.next() {
      // Whose record it is, is asked first: most are of nobody who had a VID erased.
      let owner = rows.isNull(1) ? nil : rows.integer(1)
      guard owner.map({ isAnyones || owners.contains($0) }) ?? true else { continue }
      for column in list.indices {
        let place = Int32(column + 2)
        guard erased.mayBe(rows.byteCount(place)), !rows.isNull(place),
          let registrant = erased.find(rows.text(place))?.registrant,
          owner == nil || owner == registrant || registrant == TokenStore.nobody
        else { continue }
        found.append((column, rows.integer(0)))
      }
    }
    for (column, id) in found {
      try db.execute(
        sql: "UPDATE \(quoted(table)) SET \(list[column]) = NULL WHERE \"id\" = ?", arguments: [id])
    }
    return found.count
  }
}
