/// The typed rows of some records of one file, and the memory that their text points into.
///
/// A batch is filled by the reader, handed to whoever stores it, and handed back to be filled again.
package final class RowBatch: @unchecked Sendable {  // one thread at a time has it in hand
  /// To be applied in this order, before any row.
  package internal(set) var changes: [SchemaChange] = []
  /// By table number.
  package internal(set) var tables: [TableRows] = []
  /// By list number.
  package internal(set) var lists: [ListRows] = []
  /// By names number.
  package internal(set) var names: [NameRows] = []

  let records = RecordText()
  let parser: RecordParser
  var arena = TextArena()

  /// - Throws: `outOfMemory`.
  package init() throws(SnapshotFault) { parser = try RecordParser() }

  /// Where a record stands, by the number that a row has of it.
  package func place(ofRecord record: UInt32) -> SnapshotPlace { records.place(of: Int(record)) }

  func clear() {
    changes.removeAll(keepingCapacity: true)
    for table in tables { table.clear() }
    for list in lists { list.clear() }
    for name in names { name.clear() }
    records.clear()
    parser.clear()
    arena.clear()
  }
}

/// Rows of one model, cell after cell. A row may be narrower than the table has become by the end
/// of its batch: the cells that it lacks are null.
package final class TableRows {
  @frozen package struct Row: BitwiseCopyable {
    package var start: UInt32
    package var width: UInt32
    package var record: UInt32
  }

  let cells = Pile<Cell>(capacity: 1_024)
  let rows = Pile<Row>(capacity: 64)

  package var allCells: UnsafeBufferPointer<Cell> { UnsafeBufferPointer(cells.elements) }
  package var allRows: UnsafeBufferPointer<Row> { UnsafeBufferPointer(rows.elements) }

  func clear() {
    cells.clear(keeping: 1 << 18)
    rows.clear(keeping: 1 << 16)
  }
}

/// Pairs of one list of ids.
package final class ListRows {
  @frozen package struct Pair: BitwiseCopyable {
    package var owner: Int64
    package var target: Int64
  }

  let pairs = Pile<Pair>(capacity: 64)

  package var allPairs: UnsafeBufferPointer<Pair> { UnsafeBufferPointer(pairs.elements) }

  func clear() { pairs.clear(keeping: 1 << 16) }
}

/// Ids of one model with the name that was given for each; an id may come again.
package final class NameRows {
  @frozen package struct Name: BitwiseCopyable {
    package var id: Int64
    package var name: Cell
  }

  let names = Pile<Name>(capacity: 16)

  package var allNames: UnsafeBufferPointer<Name> { UnsafeBufferPointer(names.elements) }

  func clear() { names.clear(keeping: 1 << 16) }
}
