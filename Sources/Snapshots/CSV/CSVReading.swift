internal import Language

/// One row of CSV on its way into the batch.
struct CSVReading {
  let file: CSVRecords
  let batch: RowBatch
  let base: UnsafePointer<UInt8>
  /// The row's cells.
  let cells: UnsafePointer<CSVCell>
  /// The row's number in the batch.
  let record: UInt32

  var isExport: Bool { file.plan.style == .export }

  @inline(__always) func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let cell = cells[Int(column)]
    return UnsafeBufferPointer(start: base + Int(cell.start), count: cell.count)
  }

  /// The text of a cell, without the apostrophe that Odoo puts before `=`, `+` and `-` lest a
  /// spreadsheet takes it for a formula.
  @inline(__always) func text(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let bytes = bytes(column)
    guard isExport, bytes.count > 1, bytes[0] == UInt8(ascii: "'") else { return bytes }
    switch bytes[1] {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"):
      return UnsafeBufferPointer(rebasing: bytes[1...])
    default: return bytes
    }
  }

  @inline(__always) func isBlank(_ column: Int32) -> Bool {
    column == Slot.none || cells[Int(column)].isEmpty
  }

  /// Whether the row is nothing but separators, as spreadsheets leave them below a table.
  var isEmpty: Bool {
    (0..<file.header.names.count).allSatisfy { cells[$0].isEmpty && !cells[$0].isQuoted }
  }

  /// The id that the row gives for the group; nil if it gives none.
  func id(of group: CSVGroup) throws(RecordProblem) -> Int64? {
    if !group.twins.isEmpty { try requireTwins(group) }
    if !isBlank(group.id) {
      return try number(group.id)
    }
    guard !isBlank(group.external) else { return nil }
    return try externalID(text(group.external), group.external)
  }

  /// Sees that columns of one name say one id.
  private func requireTwins(_ group: CSVGroup) throws(RecordProblem) {
    for twin in group.twins where !bytes(twin.first).elementsEqual(bytes(twin.second)) {
      throw RecordProblem(
        .disagreement, "two columns of this name say two ids", event: Int(twin.second))
    }
  }

  /// The id that stands for an external id, whatever is said in it.
  func externalID(
    _ text: UnsafeBufferPointer<UInt8>, _ column: Int32
  ) throws(RecordProblem) -> Int64 {
    guard text.contains(where: { $0 > 0x20 }) else {
      throw RecordProblem(.missingID, "this external id is blank", event: Int(column))
    }
    return file.intake.externalIDs.id(of: text)
  }

  /// The id in a cell.
  func number(_ column: Int32) throws(RecordProblem) -> Int64 {
    guard let id = PlainNumber.integer(bytes(column)) else {
      throw RecordProblem(.wrongType, "an id was expected", event: Int(column))
    }
    guard id > 0 else {
      throw RecordProblem(.badID, "an id must be above 0", event: Int(column))
    }
    return id
  }

  /// Adds a row for a record of the group.
  func begin(_ group: CSVGroup, id: Int64, owner: Int64?) throws(RecordProblem) {
    let rows = batch.tables[group.plan.number]
    let width = group.plan.width
    let first = rows.cells.count
    let row = rows.cells.extend(by: width)
    row.update(repeating: .null, count: width)
    row[0] = .integer(id)
    for value in group.values.elements {
      row[Int(value.column)] = try cell(value, group.plan)
    }
    for link in group.links.elements { row[Int(link.column)] = try target(link) }
    if group.externalColumn != Slot.none, !isBlank(group.external) {
      row[Int(group.externalColumn)] = Self.cell(text(group.external))
    }
    if let constant = group.constant { row[Int(constant.column)] = .integer(constant.id) }
    if let (marks, type) = group.watch {
      marks.note(
        bytes(marks.column), type: type.map { $0 < 0 ? 0 : row[Int($0)].integer } ?? 0)
    }
    if let owner { try point(row, of: group, to: owner) }
    rows.rows.append(.init(start: UInt32(first), width: UInt32(width), record: record))
    group.current.base.pointee = id
  }

  private func point(
    _ row: UnsafeMutablePointer<Cell>, of group: CSVGroup, to owner: Int64
  ) throws(RecordProblem) {
    guard group.back != Slot.none else { return }
    let cell = row + Int(group.back)
    guard cell.pointee.kind == .null || cell.pointee.integer == owner else {
      throw RecordProblem(
        .contradictingParent, "the line names another owner than the one it stands beside",
        event: -1)
    }
    cell.pointee = .integer(owner)
  }

  /// Reads what stands in a row for a line of the owner.
  @inline(__always) func readLine(of group: CSVGroup, owner: Int64) throws(RecordProblem) {
    if group.isBlank(cells) {
      // A line of its own may go on, too: more of its lists.
      guard group.lists.count > 0, group.hasLists(cells) else { return }
      if group.current.base.pointee == 0 {
        try begin(group, id: group.nextID(), owner: owner)
        return try readLists(of: group, isNew: true)
      }
      return try readLists(of: group, isNew: false)
    }
    var id = try id(of: group)
    if id == nil, group.id == Slot.none { id = group.nextID() }
    guard let id else {
      throw RecordProblem(.missingID, "the line has no id", event: Int(group.id))
    }
    try begin(group, id: id, owner: owner)
    try readLists(of: group, isNew: true)
  }
}
