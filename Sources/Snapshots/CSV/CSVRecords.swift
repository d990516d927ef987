/// A file of records in CSV, while it is read.
final class CSVRecords {
  let intake: Intake
  let header: CSVHeader
  let file: String
  let plan: CSVPlan
  /// The model's rows stand more than once where a join found several lines.
  private let joined: CSVJoined?
  private let nulls: CSVNulls

  /// - Parameter batch: that of the first rows; their columns and lists are made in it.
  init(
    _ header: CSVHeader, of model: ModelPlan, intake: Intake, into batch: RowBatch, file: String
  ) throws(SnapshotFault) {
    (self.header, self.file, self.intake) = (header, file, intake)
    nulls = CSVNulls(intake, file: file)
    let style =
      header.isCopyText
      ? .copy
      : CSVPlan.style(header.names, of: model.name, in: intake.catalog)
        ?? Self.look(at: batch.records, header)
    var planning = CSVPlanning(intake, batch, header, file: file, style: style)
    plan = try planning.plan(model)
    joined =
      style == .copy && plan.groups.count > 1
      ? CSVJoined(header, JoinedVID(header, model, intake.catalog)) : nil
    if style == .export {
      intake.state.pointee.hasExport = true
    } else {
      intake.state.pointee.hasCopy = true
    }
  }

  /// Whether the first id is a number, as a table has. With quotes around it and around the column's
  /// name it is Odoo's: an external id that is a plain number.
  private static func look(at text: RecordText, _ header: CSVHeader) -> CSVPlan.Style {
    guard let column = header.names.firstIndex(of: CSVPath.externalID) else { return .copy }
    let cells = text.cells.elements
    let places = stride(from: column, to: cells.count, by: header.names.count)
    guard let cell = places.lazy.map({ cells[$0] }).first(where: { !$0.isEmpty }) else {
      return .copy
    }
    let bytes = UnsafeBufferPointer(
      start: UnsafePointer(text.bytes.base) + Int(cell.start), count: cell.count)
    guard bytes.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }) else {
      return .export
    }
    return cell.isQuoted && header.areQuoted[column] ? .export : .copy
  }

  /// Makes rows of the batch's text.
  func read(_ batch: RowBatch) throws(SnapshotFault) {
    let text = batch.records
    let width = header.names.count
    if text.hasDoubled {
      for index in 0..<text.cells.count where text.cells.base[index].hasDoubled {
        text.cells.base[index].undouble(in: text.bytes.base)
      }
    }
    if text.hasNullWords || header.separator == 0x09 {
      try nulls.settle(text, header) { plan.typedColumns }
    }
    let groups = plan.groups
    for row in 0..<text.spans.count {
      let reading = CSVReading(
        file: self, batch: batch, base: UnsafePointer(text.bytes.base),
        cells: UnsafePointer(text.cells.base + row * width), record: UInt32(row))
      do {
        try read(reading, groups)
      } catch {
        var place = text.place(of: row)
        if error.event >= 0 { header.fill(&place, error.event) }
        throw SnapshotFault(error.kind, error.fact, at: place)
      }
    }
    joined?.keep()
  }

  /// Whether the row of a record goes on with the one in hand. Odoo leaves the columns of a record
  /// blank in the rows that go on with it; PostgreSQL repeats them all.
  private func goesOn(_ row: CSVReading, _ top: CSVGroup, id: Int64) throws(RecordProblem) -> Bool {
    guard id == top.current.base.pointee else { return false }
    guard let joined else {
      let column = row.isBlank(top.id) ? top.external : top.id
      throw RecordProblem(
        .duplicateID, "the row before it has the same id", event: Int(column))
    }
    try joined.requireSame(row)
    return true
  }

  private func read(_ row: CSVReading, _ groups: [CSVGroup]) throws(RecordProblem) {
    let top = groups[0]
    let id = try row.id(of: top)
    var isNew = false
    if let id {
      isNew = try !goesOn(row, top, id: id)
      if isNew {
        try row.begin(top, id: id, owner: nil)
        joined?.begin(row)
      }
    } else {
      if plan.style == .copy, row.isEmpty { return }
      guard plan.style == .export, top.current.base.pointee != 0, top.goesOn(row.cells) else {
        throw RecordProblem(.missingID, "the row has no id", event: Int(max(top.id, top.external)))
      }
    }
    let owner = top.current.base.pointee
    if isNew { for number in 1..<max(1, groups.count) { groups[number].current.base.pointee = 0 } }
    try row.readLists(of: top, isNew: isNew)
    for number in 1..<max(1, groups.count) { try row.readLine(of: groups[number], owner: owner) }
  }
}

extension CSVHeader {
  func place(_ column: Int, in file: String) -> SnapshotPlace {
    var place = SnapshotPlace(file, line: 1)
    fill(&place, column)
    return place
  }

  /// Adds a column's number and name.
  func fill(_ place: inout SnapshotPlace, _ column: Int) {
    place.column = column + 1
    place.pointer = SnapshotPlace.printable(names[column])
  }
}
