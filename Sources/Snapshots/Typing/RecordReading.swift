internal import CSimdjson
internal import Language

/// One record on its way into the batch: the events of its text, and where its rows go.
struct RecordReading {
  let intake: Intake
  let batch: RowBatch
  let events: UnsafePointer<sj_event>
  /// The record's number in the batch.
  let record: UInt32
  /// Only an escape can make a NUL.
  let mayHoldNUL: Bool

  /// The record that nested ones belong to.
  struct Parent {
    let id: Int64
    /// The child's column that points back; `Slot.none` if it has none.
    let column: Int32
  }

  /// Reads the record whose object begins at `start` into a row, and then what it nests.
  /// - Returns: its id.
  @discardableResult
  func read(
    at start: Int, of plan: ModelPlan, into rows: TableRows, parent: Parent?
  ) throws(RecordProblem) -> Int64 {
    guard events[start].sort == .object else {
      throw .wrongType("a record, in { }", events[start].sort, event: start)
    }
    let waitingFrom = intake.waiting.count
    let firstCell = rows.cells.count
    rows.cells.extend(by: plan.width).update(
      repeating: intake.state.pointee.filler, count: plan.width)
    try readFields(from: start + 1, to: events[start].end, of: plan, into: rows, firstCell)
    let row = rows.cells.base + firstCell
    guard row[0].kind == .integer else {
      throw RecordProblem(.missingID, "the record has no id", event: start)
    }
    let id = row[0].integer
    if let parent { try link(row, to: parent, event: start) }
    rows.rows.append(
      .init(
        start: UInt32(firstCell), width: UInt32(rows.cells.count - firstCell), record: record))
    try readLists(from: waitingFrom, owner: id, of: plan)
    return id
  }

  private func readFields(
    from start: Int, to end: Int, of plan: ModelPlan, into rows: TableRows, _ firstCell: Int
  ) throws(RecordProblem) {
    let stamp = intake.state.pointee.stamp + 1
    intake.state.pointee.stamp = stamp
    var slots = plan.slots.base
    var row = rows.cells.base + firstCell
    var guess = plan.shape.pointee.first
    var last = Slot.none
    var at = start
    while at < end {
      if guess == Slot.none || !ModelPlan.matches(slots + Int(guess), events[at]) {
        guess = try find(events[at], at, in: plan)
        slots = plan.slots.base
        if last == Slot.none {
          plan.shape.pointee.first = guess
        } else {
          slots[Int(last)].follower = guess
        }
      }
      let slot = slots + Int(guess)
      guard slot.pointee.record != stamp else {
        throw RecordProblem(.duplicateKey, "the field stands twice in the record", event: at)
      }
      if slot.pointee.record == 0 {
        open(guess, of: plan, rows)
        row = rows.cells.base + firstCell
      }
      slot.pointee.record = stamp
      let value = events[at + 1]
      if slot.pointee.rule.isSimple {
        row[Int(slot.pointee.column)] = try simple(slot.pointee.rule, value, at + 1, slot)
      } else {
        try readOther(guess, at + 1, of: plan, rows)
        row = rows.cells.base + firstCell
      }
      at = value.sort == .object || value.sort == .array ? value.end + 1 : at + 2
      last = guess
      guess = slot.pointee.follower
    }
  }

  /// The slot of a key that did not come where it was expected.
  private func find(
    _ key: sj_event, _ event: Int, in plan: ModelPlan
  ) throws(RecordProblem) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: key.payload.bytes, count: Int(key.length))
    let name = String(decoding: bytes, as: UTF8.self)
    if let slot = plan[name] { return slot }
    // What lines of partners have, and partners themselves have not.
    if name == "partner_id", plan.name == SnapshotReader.mainModel, plan.description?[name] == nil {
      throw RecordProblem(
        .otherModel, "partners have no partner_id: records of another model stand among them",
        event: event)
    }
    return try plan.add(name, limit: intake.limits.fields, event: event)
  }

  /// Makes the column of a field that a record has for the first time, even if unset: it is there
  /// from now on.
  private func open(_ slot: Int32, of plan: ModelPlan, _ rows: TableRows) {
    let found = plan.slots.elements[Int(slot)]
    switch found.rule {
    case .id, .ignored, .unknown, .lines: return
    case .many2one:
      let relation = plan.description?[plan.name(of: slot)]?.relation
      let names = relation.map { intake.namesNumber(of: $0, into: batch) }
      if let names, names != Slot.none {
        plan.slots.elements[Int(slot)].names = names
        plan.slots.elements[Int(slot)].noted = intake.names[Int(names)].noted
      }
    default: break
    }
    if found.column == Slot.none { openColumn(slot, of: plan, rows) }
  }

  /// Gives the slot a column, and the row in hand, which is the last of its table, a cell for it.
  func openColumn(_ slot: Int32, of plan: ModelPlan, _ rows: TableRows) {
    plan.addColumn(for: slot)
    let type = plan.slots.elements[Int(slot)].rule.columnType ?? .any
    batch.changes.append(.column(table: plan.number, name: plan.name(of: slot), type))
    rows.cells.append(intake.state.pointee.filler)
  }

  /// Makes the list of a slot, and a place for the other model, of which nothing more may come.
  func openList(_ slot: Int32, of plan: ModelPlan, _ event: Int) throws(RecordProblem) {
    if let relation = plan.description?[plan.name(of: slot)]?.relation {
      _ = intake.namesNumber(of: relation, into: batch)
    }
    do {
      plan.slots.elements[Int(slot)].list = try intake.addList(
        plan.name(of: slot), of: plan.name, into: batch)
    } catch {
      throw RecordProblem(error.kind, error.fact, event: event)
    }
  }

  private func link(
    _ row: UnsafeMutablePointer<Cell>, to parent: Parent, event: Int
  ) throws(RecordProblem) {
    guard parent.column != Slot.none else { return }
    let cell = row + Int(parent.column)
    guard cell.pointee.kind != .integer || cell.pointee.integer == parent.id else {
      throw RecordProblem(
        .contradictingParent, "the record names another owner than the one it is nested in",
        event: event)
    }
    cell.pointee = .integer(parent.id)
  }
}
