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
  private var listModels: [(model: String, field: String)] = []
  /// Tables of models that stand in several files, by number.
  private var parts: [Int: PartedTable] = [:]
  private var nested: [(owner: Int, table: Int, back: String?)] = []

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
    for part in parts.values { try part.end() }
    return try pipeline.end()
  }

  /// - Throws: `duplicateID` with the place of the record, `DifferingRow`, `LoadFault`,
  ///   `DatabaseError`.
  func write(_ batch: RowBatch) throws {
    try apply(batch.changes)
    for (number, table) in batch.tables.enumerated() {
      do {
        if let part = parts[number] {
          if let id = try part.take(table) { throw differing(id, of: number, batch) }
        } else {
          try inserts[number].insert(table)
        }
      } catch let error as BulkInsert.Refusal {
        throw fault(error, of: table, number, batch)
      }
    }
    try settleParts(batch)
    for (number, list) in batch.lists.enumerated() {
      if let part = part(of: listModels[number].model), list.allPairs.count > 0 {
        let name = PairTable.name(listModels[number].model, listModels[number].field)
        let clash = try part.value.clash(list.allPairs, in: name)
        if let clash { throw differing(clash, of: part.key, batch) }
      }
      try fill { () throws(BulkInsert.Refusal) in try lists[number].insert(list.allPairs) }
    }
    for (number, rows) in batch.names.enumerated() {
      try fill { () throws(BulkInsert.Refusal) in try names[number].insert(rows.allNames) }
    }
  }

  /// Sees that what came again holds the same records as before, and moves what is new.
  private func settleParts(_ batch: RowBatch) throws {
    guard !parts.isEmpty else { return }
    for (number, part) in parts {
      for child in part.nested {
        guard let other = parts[child.table],
          let id = try part.clash(with: other, back: child.back)
        else { continue }
        throw differing(id, of: number, batch)
      }
    }
    for part in parts.values { try part.settle() }
  }

  private func part(of model: String) -> (key: Int, value: PartedTable)? {
    parts.first { $0.value.model == model }.map { (key: $0.key, value: $0.value) }
  }

  private func differing(_ id: Int64, of table: Int, _ batch: RowBatch) -> DifferingRow {
    let rows = batch.tables[table]
    let row = rows.allRows.first { rows.allCells[Int($0.start)].integer == id }
    return DifferingRow(
      model: tables[table].model, id: id, place: row.map { batch.place(ofRecord: $0.record) })
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
    for change in changes { try applyPart(change) }
  }

  /// With a table, those go beside whose records are nested in its own.
  private func applyPart(_ change: SchemaChange) throws {
    switch change {
    case .part(let table): try goBeside(table)
    case .nested(let table, let owner, let back):
      nested.append((owner, table, back))
      if parts[owner] != nil { try goBeside(owner) }
    default: break
    }
  }

  private func goBeside(_ table: Int) throws {
    let part = try parts[table] ?? PartedTable(db, tables[table])
    parts[table] = part
    for child in nested where child.owner == table {
      try goBeside(child.table)
      guard let back = child.back, !part.nested.contains(where: { $0.table == child.table }) else {
        continue
      }
      part.nested.append(.init(table: child.table, back: back))
    }
  }

  /// New tables are made with all the columns that the batch brings, old ones are widened.
  private func apply(_ change: SchemaChange, old: Int) throws {
    switch change {
    case .table(let model): tables.append(TableShape(model: model, isDelta: isDelta))
    case .column(let table, let name, let type):
      tables[table].columns.append(.init(name: name, type: type))
      if table < old { try tables[table].addLastColumn(in: db) }
      try parts[table]?.widen(tables[table].columns[tables[table].columns.count - 1])
    case .list(let model, let field):
      listModels.append((model, field))
      lists.append(try PairTable.make(model, field, in: db))
    case .names(let model): names.append(try NamesTable.make(model, in: db))
    case .unsetFalses(let table, let column):
      if table < old { try tables[table].unsetFalses(column, in: db) }
    case .spellBooleans(let table, let column):
      if table < old { try tables[table].spellBooleans(column, in: db) }
    // Once the tables are there.
    case .part, .nested: break
    }
  }
}
