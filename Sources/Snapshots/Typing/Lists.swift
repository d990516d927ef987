internal import CSimdjson
internal import Language

extension RecordReading {
  /// A value that is not simply a cell.
  func readOther(
    _ slot: Int32, _ at: Int, of plan: ModelPlan, _ rows: TableRows
  ) throws(RecordProblem) {
    switch plan.slots.elements[Int(slot)].rule {
    case .lines: try putOff(slot, at)
    case .json: try spell(slot, at, of: plan, rows)
    case .translated: try readTranslated(slot, at, of: plan, rows)
    case .unknown: try readUnknown(slot, at, of: plan, rows)
    default: break
    }
  }

  /// Puts a list off until the owner's id is known.
  private func putOff(_ slot: Int32, _ at: Int) throws(RecordProblem) {
    switch events[at].sort {
    case .array: intake.waiting.append(WaitingList(slot: slot, event: at))
    case .false, .null:
      if events[at].sort == .false { intake.state.pointee.hasOdooStyle = true }
      if intake.isDelta { intake.waiting.append(WaitingList(slot: slot, event: at)) }
    case let sort: throw .wrongType("a list", sort, event: at)
    }
  }

  /// Reads the lists that waited for this record's id.
  func readLists(from first: Int, owner: Int64, of plan: ModelPlan) throws(RecordProblem) {
    let end = intake.waiting.count
    guard first < end else { return }
    for index in first..<end {
      let list = intake.waiting.elements[index]
      if intake.isDelta {
        try addPair(list, of: plan, owner, 0)
        guard events[list.event].sort == .array else { continue }
      }
      if events[list.event + 1].sort == .object, !areLinks(list, of: plan) {
        try readRecords(list, owner: owner, of: plan)
      } else {
        try readIDs(list, owner: owner, of: plan)
      }
    }
    intake.waiting.cut(to: first)
  }

  private func readIDs(
    _ list: WaitingList, owner: Int64, of plan: ModelPlan
  ) throws(RecordProblem) {
    if plan.slots.elements[Int(list.slot)].list == Slot.none {
      try openList(list.slot, of: plan, list.event)
    }
    let end = events[list.event].end
    guard list.event + 1 < end else { return }
    try note(ids: true, list, of: plan)
    let rows = batch.lists[Int(plan.slots.elements[Int(list.slot)].list)]
    let areObjects = events[list.event + 1].sort == .object
    var at = list.event + 1
    while at < end {
      let target = try link(at: at, ofObjects: areObjects) { names(of: list.slot, plan) }
      rows.pairs.append(.init(owner: owner, target: target))
      at = events[at].sort == .object ? events[at].end + 1 : at + 1
    }
  }

  /// The number of the names of the list's model; `Slot.none` if they are of no use.
  private func names(of slot: Int32, _ plan: ModelPlan) -> Int32 {
    plan.description?[plan.name(of: slot)]?.relation.map {
      intake.namesNumber(of: $0, into: batch)
    } ?? Slot.none
  }

  private func readRecords(
    _ list: WaitingList, owner: Int64, of plan: ModelPlan
  ) throws(RecordProblem) {
    try note(ids: false, list, of: plan)
    let child = try childPlan(list, of: plan)
    let parent = Parent(id: owner, column: plan.slots.base[Int(list.slot)].back)
    let rows = batch.tables[child.number]
    var at = list.event + 1
    while at < events[list.event].end {
      let id = try read(at: at, of: child, into: rows, parent: parent)
      if parent.column == Slot.none || intake.isDelta {
        try addPair(list, of: plan, owner, id)
      }
      at = events[at].end + 1
    }
  }

  /// A list holds ids or records; if it were one here and the other there, some would be lost.
  private func note(ids: Bool, _ list: WaitingList, of plan: ModelPlan) throws(RecordProblem) {
    let slot = plan.slots.base + Int(list.slot)
    if ids { slot.pointee.hadIDs = true } else { slot.pointee.hadRecords = true }
    guard slot.pointee.hadIDs, slot.pointee.hadRecords else { return }
    throw RecordProblem(
      .mixedLines, "the field holds ids in one record and whole records in another",
      event: list.event)
  }

  private func childPlan(
    _ list: WaitingList, of plan: ModelPlan
  ) throws(RecordProblem) -> ModelPlan {
    let slot = plan.slots.base + Int(list.slot)
    if slot.pointee.child != Slot.none { return intake.models[Int(slot.pointee.child)] }
    let name = plan.name(of: list.slot)
    let field = plan.description?[name]
    guard field?.type == .one2many, let relation = field?.relation else {
      throw .wrongType("an id", .object, event: list.event + 1)
    }
    do {
      let source = ModelPlan.Source.nested(model: plan.name, field: name)
      let child = try intake.model(relation, from: source, into: batch)
      slot.pointee.child = Int32(child.number)
    } catch {
      throw RecordProblem(error.kind, error.fact, event: list.event)
    }
    let child = intake.models[Int(slot.pointee.child)]
    slot.pointee.back = try backColumn(field?.inverse, of: child, to: plan, list.event)
    let hasBack = slot.pointee.back != Slot.none
    batch.changes.append(
      .nested(
        table: child.number, owner: plan.number,
        back: hasBack ? child.columns[Int(slot.pointee.back)] : nil))
    return child
  }

  /// The column of the many2one that points back to the owner, made if no record has had it yet.
  private func backColumn(
    _ inverse: String?, of child: ModelPlan, to owner: ModelPlan, _ event: Int
  ) throws(RecordProblem) -> Int32 {
    guard let inverse else { return Slot.none }
    let known = child[inverse]
    let slot =
      if let known { known } else {
        try child.addBack(inverse, to: owner.name, event: event)
      }
    let found = child.slots.base + Int(slot)
    guard found.pointee.rule == .many2one else { return Slot.none }
    if found.pointee.column == Slot.none {
      child.addColumn(for: slot)
      batch.changes.append(.column(table: child.number, name: inverse, .integer))
    }
    return found.pointee.column
  }

  /// The link to a record that does not point back.
  private func addPair(
    _ list: WaitingList, of plan: ModelPlan, _ owner: Int64, _ target: Int64
  ) throws(RecordProblem) {
    if plan.slots.elements[Int(list.slot)].list == Slot.none {
      try openList(list.slot, of: plan, list.event)
    }
    batch.lists[Int(plan.slots.elements[Int(list.slot)].list)].pairs.append(
      .init(owner: owner, target: target))
  }
}
