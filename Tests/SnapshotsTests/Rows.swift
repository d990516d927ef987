import Language

@testable import Snapshots

/// Everything that a snapshot becomes, kept for tests to look at.
struct Rows {
  enum Value: Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    /// JSON text in the making.
    case json(String)
  }

  private(set) var contents: SnapshotContents?
  private(set) var changes: [SchemaChange] = []
  private var cells: [Int: [[Value]]] = [:]
  private(set) var lists: [String: [[Int64]]] = [:]
  private(set) var names: [String: [Int64: String]] = [:]

  /// Reads a drop to its end.
  init(_ source: SnapshotSource, limits: SnapshotLimits = SnapshotLimits()) throws {
    self = try SnapshotReading.withDescriptions(source) { early in
      var rows = Rows()
      let reader = try SnapshotReader(
        source, catalog: BuiltIn.catalog, early: early, limits: limits)
      let batch = try RowBatch()
      while try reader.read(into: batch) { rows.take(batch, reader.intake) }
      rows.contents = try reader.finish().contents
      return rows
    }
  }

  private init() {}

  private mutating func take(_ batch: RowBatch, _ intake: Intake) {
    changes += batch.changes
    for (number, table) in batch.tables.enumerated() {
      for row in table.allRows {
        let range = Int(row.start)..<Int(row.start + row.width)
        cells[number, default: []].append(table.allCells[range].map(Self.value))
      }
    }
    for (number, list) in batch.lists.enumerated() {
      let plan = intake.lists[number]
      let name = "\(plan.model)/\(plan.field)"
      lists[name, default: []] += list.allPairs.map { [$0.owner, $0.target] }
    }
    for (number, rows) in batch.names.enumerated() {
      for name in rows.allNames {
        names[intake.names[number].model, default: [:]][name.id] = Self.text(name.name)
      }
    }
  }

  /// A model's records, field by field; what a record lacks is null.
  func records(_ model: String = "res.partner") -> [[String: Value]] {
    guard let tables = contents?.tables,
      let number = tables.firstIndex(where: { $0.model == model })
    else { return [] }
    return (cells[number] ?? []).map { row in
      Dictionary(
        uniqueKeysWithValues: tables[number].columns.enumerated().map { index, column in
          (column.name, index < row.count ? row[index] : .null)
        })
    }
  }

  func type(of field: String, in model: String = "res.partner") -> FieldType? {
    contents?.catalog[model]?[field]?.type
  }

  private static func value(_ cell: Cell) -> Value {
    switch cell.kind {
    case .null, .absent: .null
    case .integer: .integer(cell.integer)
    case .real: .real(cell.real)
    case .text: .text(text(cell))
    case .json: .json(text(cell))
    }
  }

  private static func text(_ cell: Cell) -> String {
    String(
      decoding: UnsafeRawBufferPointer(start: cell.bytes, count: Int(cell.length)), as: UTF8.self)
  }
}
