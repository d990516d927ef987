internal import Language

/// The table of a many2many, as PostgreSQL writes it: pairs of ids. It serves the field on either
/// side.
final class CSVPairs {
  private struct Target {
    let list: Int32
    let owner: Int
    let target: Int
  }

  private let header: CSVHeader
  private var targets: [Target] = []

  init(
    _ header: CSVHeader, table: String, intake: Intake, into batch: RowBatch, file: String
  ) throws(SnapshotFault) {
    self.header = header
    intake.state.pointee.hasCopy = true
    guard header.names.count == 2 else {
      intake.note("\(SnapshotPlace(file)): left out, since it is no table of pairs")
      return
    }
    let fields = Self.fields(of: table, in: intake.catalog)
    for field in fields where fields.count(where: { $0.model == field.model }) == 1 {
      guard let owner = Self.column(of: field.model, not: field.relation, header.names) else {
        continue
      }
      do {
        let list = try intake.addList(field.name, of: field.model, into: batch)
        _ = intake.namesNumber(of: field.relation, into: batch)
        targets.append(Target(list: list, owner: owner, target: 1 - owner))
      } catch {
        throw SnapshotFault(error.kind, error.fact, at: SnapshotPlace(file))
      }
    }
    if targets.isEmpty {
      intake.note("\(SnapshotPlace(file)): left out, since no known list is kept in this table")
    }
  }

  func read(_ batch: RowBatch) throws(SnapshotFault) {
    let text = batch.records
    for row in 0..<text.spans.count {
      let (first, second) = (try id(row, 0, text), try id(row, 1, text))
      for target in targets {
        let pair = target.owner == 0 ? (first, second) : (second, first)
        batch.lists[Int(target.list)].pairs.append(.init(owner: pair.0, target: pair.1))
      }
    }
  }

  private func id(_ row: Int, _ column: Int, _ text: RecordText) throws(SnapshotFault) -> Int64 {
    guard !targets.isEmpty else { return 0 }
    let cell = text.cells.elements[row * 2 + column]
    let bytes = UnsafeBufferPointer(start: text.bytes.base + Int(cell.start), count: cell.count)
    if let id = PlainNumber.integer(bytes), id > 0 { return id }
    var place = text.place(of: row)
    header.fill(&place, column)
    throw SnapshotFault(.badID, "an id above 0 was expected", at: place)
  }

  /// The many2many fields that Odoo keeps in a table of this name.
  private static func fields(
    of table: String, in catalog: ModelCatalog
  ) -> [(model: String, name: String, relation: String)] {
    catalog.models.values.flatMap { model in
      model.fields.values.compactMap { field in
        guard field.type == .many2many, field.isStored, let relation = field.relation,
          relation != model.name
        else { return nil }
        let sides = [TableName.of(model.name), TableName.of(relation)].sorted()
        return sides.joined(separator: "_") + "_rel" == table
          ? (model.name, field.name, relation) : nil
      }
    }
    .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
  }

  /// The column of one side: `res_partner_id`, or `partner_id` where that is not the other side.
  private static func column(of model: String, not other: String, _ names: [String]) -> Int? {
    let (table, otherTable) = (TableName.of(model), TableName.of(other))
    if let exact = names.firstIndex(of: table + "_id") { return exact }
    if let theirs = names.firstIndex(of: otherTable + "_id") { return 1 - theirs }
    let fitting = names.indices.filter {
      names[$0].hasSuffix("_id") && table.hasSuffix("_" + names[$0].dropLast(3))
    }
    let theirs = names.indices.filter {
      names[$0].hasSuffix("_id") && otherTable.hasSuffix("_" + names[$0].dropLast(3))
    }
    if fitting.count == 1, theirs != fitting { return fitting[0] }
    if theirs.count == 1, theirs != fitting { return 1 - theirs[0] }
    return nil
  }
}
