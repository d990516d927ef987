internal import GRDB
internal import GRDBSQLite
internal import Snapshots

/// Puts batches into the tables of a new database.
final class SnapshotWriter {
  private let db: Database
  private let isDelta: Bool
  private var tables: [TableShape] = []
  private var inserts: [BulkInsert] = []
  private var lists: [BulkInsert] = []
  private var names: [BulkInsert] = []

  /// - Parameter isDelta: what a record does not name is kept apart from what is unset.
  init(_ db: Database, isDelta: Bool = false) {
    self.db = db
    self.isDelta = isDelta
  }

  /// Takes all batches that a reader gives.
  func write(all pipeline: BatchPipeline) throws -> BatchPipeline.End {
    while let batch = try pipeline.next() {
      try write(batch)
      pipeline.giveBack(batch)
    }
    return try pipeline.end()
  }

  /// - Throws: `duplicateID` with the place of the record, `LoadFault`, `DatabaseError`.
  func write(_ batch: RowBatch) throws {
    try apply(batch.changes)
    for (number, table) in batch.tables.enumerated() {
      do {
        try inserts[number].insert(table)
      } catch {
        throw fault(error, of: table, number, batch)
      }
    }
    for (number, list) in batch.lists.enumerated() {
      try fill { () throws(BulkInsert.Refusal) in try lists[number].insert(list.allPairs) }
    }
    for (number, rows) in batch.names.enumerated() {
      try fill { () throws(BulkInsert.Refusal) in try names[number].insert(rows.allNames) }
    }
  }

  private func fill(_ body: () throws(BulkInsert.Refusal) -> Void) throws(LoadFault) {
    do {
      try body()
    } catch {
      throw LoadFault(sqlite: error.code, "store the snapshot")
    }
  }

  private func fault(
    _ refusal: BulkInsert.Refusal, of table: TableRows, _ number: Int, _ batch: RowBatch
  ) -> any Error {
    guard refusal.code & 0xFF == SQLITE_CONSTRAINT else {
      return LoadFault(sqlite: refusal.code, "store the snapshot")
    }
    let row = table.allRows[refusal.row]
    let id = table.allCells[Int(row.start)].integer
    return SnapshotFault(
      .duplicateID, "the id \(id) stands twice in \(tables[number].model)",
      at: batch.place(ofRecord: row.record))
  }

  private func apply(_ changes: [SchemaChange]) throws {
    guard !changes.isEmpty else { return }
    let old = tables.count
    var wider: Set<Int> = []
    for change in changes {
      if case .column(let table, _, _) = change, table < old { wider.insert(table) }
      try apply(change, old: old)
    }
    for number in old..<tables.count { try tables[number].create(in: db) }
    for number in wider { inserts[number] = try tables[number].insert(in: db) }
    for number in old..<tables.count { inserts.append(try tables[number].insert(in: db)) }
  }

  /// New tables are made with all the columns that the batch brings, old ones are widened.
  private func apply(_ change: SchemaChange, old: Int) throws {
    switch change {
    case .table(let model): tables.append(TableShape(model: model, isDelta: isDelta))
    case .column(let table, let name, let type):
      tables[table].columns.append(.init(name: name, type: type))
      if table < old { try tables[table].addLastColumn(in: db) }
    case .list(let model, let field): lists.append(try PairTable.make(model, field, in: db))
    case .names(let model): names.append(try NamesTable.make(model, in: db))
    case .unsetFalses(let table, let column):
      if table < old { try tables[table].unsetFalses(column, in: db) }
    case .spellBooleans(let table, let column):
      if table < old { try tables[table].spellBooleans(column, in: db) }
    }
  }
}
