internal import CSimdjson

extension RecordReading {
  /// A value of a field that nobody described. Scalars are stored as they are, booleans as 0 and 1,
  /// what is neither as JSON text; when all has been seen, `SeenKinds.type` says what the field is.
  func readUnknown(
    _ slot: Int32, _ at: Int, of plan: ModelPlan, _ rows: TableRows
  ) throws(RecordProblem) {
    let isTranslated = events[at].sort == .object && Translation.isOne(events, at)
    let kind = isTranslated ? .text : kind(at)
    guard !kind.isEmpty else { return }
    let before = plan.slots.elements[Int(slot)].seen
    plan.slots.elements[Int(slot)].seen.insert(kind)
    if plan.slots.elements[Int(slot)].column != Slot.none {
      settle(before, kind, Int(plan.slots.elements[Int(slot)].column), of: plan, rows)
    } else if kind != .ids {
      openColumn(slot, of: plan, rows)
    }
    if kind == .ids { return intake.waiting.append(WaitingList(slot: slot, event: at)) }
    let column = Int(plan.slots.elements[Int(slot)].column)
    guard let row = rows.lastRowStart(width: plan.width) else { return }
    if isTranslated {
      return try readTranslated(slot, at, of: plan, rows)
    }
    rows.cells.elements[row + column] = try cell(kind, before, at)
  }

  private func kind(_ at: Int) -> SeenKinds {
    switch events[at].sort {
    case .false: .no
    case .true: .yes
    case .integer: .integer
    case .natural, .real: .real
    case .text: .text
    case .array: isReference(at) && events[at + 2].sort == .text ? .reference : listKind(at)
    case .object: linked(at) == nil ? .other : .reference
    case .null, .key, .end: []
    }
  }

  /// A link as `web_read` writes it: nothing but an id and a name.
  private func linked(_ at: Int) -> LinkedObject? {
    guard events[at].sort == .object, let linked = LinkedObject(events, at: at), linked.isBare,
      linked.name != nil, events[linked.id].sort == .integer
    else { return nil }
    return linked
  }

  private func listKind(_ at: Int) -> SeenKinds {
    for element in at + 1..<events[at].end {
      guard events[element].sort == .integer, events[element].payload.integer > 0 else {
        return .other
      }
    }
    return .ids
  }

  /// Earlier booleans were stored as 0 and 1. If another kind comes, they must not be taken for
  /// numbers: mere falses meant "unset", and with a true among them they become JSON text.
  private func settle(
    _ before: SeenKinds, _ kind: SeenKinds, _ column: Int, of plan: ModelPlan, _ rows: TableRows
  ) {
    guard !before.isEmpty, before.isSubset(of: .booleans), !kind.isSubset(of: .booleans) else {
      return
    }
    let spelled = before.contains(.yes)
    batch.changes.append(
      spelled
        ? .spellBooleans(table: plan.number, column: column)
        : .unsetFalses(table: plan.number, column: column))
    for row in rows.allRows where row.width > column {
      let place = rows.cells.base + Int(row.start) + column
      guard place.pointee.kind == .integer else { continue }
      place.pointee = spelled ? spelling(of: place.pointee.integer != 0) : .null
    }
  }

  private func cell(
    _ kind: SeenKinds, _ before: SeenKinds, _ at: Int
  ) throws(RecordProblem) -> Cell {
    let isPlain = before.isSubset(of: .booleans)
    switch kind {
    case .no where isPlain: return .integer(0)
    case .no: return .null
    case .yes: return isPlain ? .integer(1) : spelling(of: true)
    case .integer: return .integer(events[at].payload.integer)
    case .real where events[at].sort == .natural: return .real(Double(events[at].payload.natural))
    case .real: return .real(events[at].payload.real)
    case .text: return try text(events[at], at)
    case .reference:
      let place = linked(at)?.id ?? at + 1
      return try id(events[place], place)
    default: return spelling(at)
    }
  }

  /// A value of a field that is kept as JSON text.
  func spell(
    _ slot: Int32, _ at: Int, of plan: ModelPlan, _ rows: TableRows
  ) throws(RecordProblem) {
    var cell = Cell.null
    switch events[at].sort {
    case .null: break
    case .false: intake.state.pointee.hasOdooStyle = true
    default:
      cell = spelling(at)
      cell.kind = .text
    }
    guard let row = rows.lastRowStart(width: plan.width) else { return }
    rows.cells.elements[row + Int(plan.slots.elements[Int(slot)].column)] = cell
  }

  private func spelling(of flag: Bool) -> Cell {
    var cell = batch.arena.copy(Array((flag ? "true" : "false").utf8))
    cell.kind = .json
    return cell
  }

  private func spelling(_ at: Int) -> Cell {
    var speller = JSONSpeller(events: events)
    speller.spell(at)
    var cell = batch.arena.copy(speller.text)
    cell.kind = .json
    return cell
  }
}

extension TableRows {
  /// Where the row in hand begins, which has no entry in `rows` yet.
  func lastRowStart(width: Int) -> Int? {
    cells.count >= width ? cells.count - width : nil
  }
}
