internal import GRDB

/// Takes erased VIDs out of columns: a table that was joined, or a form, may have them beside the
/// reg ids.
///
/// Only what is an erased VID as a whole is taken out, and in its place is nothing (NULL). A VID
/// within a longer text stays, and so does one in a column of numbers: `ErasureScan` finds the former.
struct ErasedValues {
  private let db: Database
  private let erased: [VIDMark: Int64]
  private let lengths: Set<Int>?
  private let mark: (UnsafeBufferPointer<UInt8>) -> VIDMark

  /// - Parameter lengths: of the erased VIDs, in bytes; nil where they are not all known.
  init(
    _ db: Database, _ erased: [VIDMark: Int64], lengths: Set<Int>?,
    mark: @escaping (UnsafeBufferPointer<UInt8>) -> VIDMark
  ) {
    (self.db, self.erased, self.lengths, self.mark) = (db, erased, lengths, mark)
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
    let sizes = lengths.map { $0.sorted().map(String.init).joined(separator: ", ") }
    // In bytes: `length` alone counts letters.
    let mayBe = list.map { name in
      sizes.map { "length(CAST(\(name) AS BLOB)) IN (\($0))" } ?? "\(name) > ''"
    }
    let rows = try BareStatement(
      db,
      """
      SELECT "id", \(owner), \(list.joined(separator: ", ")) FROM \(quoted(table))
      WHERE \(mayBe.joined(separator: " OR "))
      """)
    var found: [(column: Int, id: Int64)] = []
    while try rows.next() {
      for column in list.indices {
        let text = rows.text(Int32(column + 2))
        guard lengths?.contains(text.count) ?? true, let registrant = erased[mark(text)] else {
          continue
        }
        if rows.isNull(1) || rows.integer(1) == registrant {
          found.append((column, rows.integer(0)))
        }
      }
    }
    for (column, id) in found {
      try db.execute(
        sql: "UPDATE \(quoted(table)) SET \(list[column]) = NULL WHERE \"id\" = ?", arguments: [id])
    }
    return found.count
  }
}

extension TokenStore {
  /// Of how many bytes the erased VIDs are; nil unless that was kept of all: of those that a
  /// certificate brought back, it is not.
  func erasedLengths() throws -> Set<Int>? {
    try look {
      let lengths = try (Int?).fetchSet($0, sql: "SELECT DISTINCT length FROM erased")
      return lengths.contains(nil) ? nil : Set(lengths.compactMap(\.self))
    }
  }
}
