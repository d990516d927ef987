internal import CSimdjson
internal import Glibc

extension FieldRule {
  /// Whether a value becomes one cell of its row, whatever came before.
  @inline(__always) var isSimple: Bool { rawValue <= FieldRule.many2one.rawValue }
}

extension RecordReading {
  /// The cell for a value of a field whose type is known.
  /// - Throws: a problem at the value, if it is of another type.
  @inline(__always) func simple(
    _ rule: FieldRule, _ value: sj_event, _ at: Int, _ slot: UnsafeMutablePointer<Slot>
  ) throws(RecordProblem) -> Cell {
    let sort = value.sort
    if rule == .text, sort == .text { return try text(value, at) }
    if sort == .null, rule != .id { return .null }
    if sort == .false, rule != .boolean, rule != .id {
      intake.state.pointee.hasOdooStyle = true
      return .null
    }
    switch rule {
    case .id: return try id(value, at)
    case .integer: return try integer(value, at)
    case .real: return try real(value, at)
    case .boolean: return try boolean(value, at)
    case .date: return try date(value, at)
    case .datetime: return try datetime(value, at)
    case .many2one: return try reference(value, at, slot)
    // A VID as a number: its zeros in front are gone, and beyond 53 bits some programs round it.
    case .text where [.integer, .natural, .real].contains(sort):
      throw RecordProblem(
        .wrongType, "text was expected, and this is a number, which may have lost digits; quote it",
        event: at)
    default: throw .wrongType("text", sort, event: at)
    }
  }

  /// PostgreSQL keeps no NUL in a text, and C stops at one.
  @inline(__always) func text(_ value: sj_event, _ at: Int) throws(RecordProblem) -> Cell {
    guard !mayHoldNUL || memchr(value.payload.bytes, 0, Int(value.length)) == nil else {
      throw RecordProblem(.badText, "the text holds a NUL character", event: at)
    }
    return .text(value.payload.bytes, value.length)
  }

  func id(_ value: sj_event, _ at: Int) throws(RecordProblem) -> Cell {
    switch value.sort {
    case .integer where value.payload.integer > 0: return .integer(value.payload.integer)
    case .integer: throw RecordProblem(.badID, "an id must be above 0", event: at)
    case .natural: throw RecordProblem(.outOfRange, "the id does not fit 64 bits", event: at)
    default: throw .wrongType("an id", value.sort, event: at)
    }
  }

  private func integer(_ value: sj_event, _ at: Int) throws(RecordProblem) -> Cell {
    switch value.sort {
    case .integer: return .integer(value.payload.integer)
    case .natural: throw RecordProblem(.outOfRange, "the number does not fit 64 bits", event: at)
    default: throw .wrongType("a whole number", value.sort, event: at)
    }
  }

  private func real(_ value: sj_event, _ at: Int) throws(RecordProblem) -> Cell {
    switch value.sort {
    case .real: return .real(value.payload.real)
    case .integer: return .real(Double(value.payload.integer))
    case .natural: return .real(Double(value.payload.natural))
    default: throw .wrongType("a number", value.sort, event: at)
    }
  }

  private func boolean(_ value: sj_event, _ at: Int) throws(RecordProblem) -> Cell {
    switch value.sort {
    case .true: return .integer(1)
    case .false: return .integer(0)
    default: throw .wrongType("true or false", value.sort, event: at)
    }
  }

  private func date(_ given: sj_event, _ at: Int) throws(RecordProblem) -> Cell {
    guard given.sort == .text else { throw .wrongType("a date", given.sort, event: at) }
    let value = padded(given)
    guard DateText.isDate(octets(value), Int(value.length)) else {
      throw RecordProblem(.badDate, "a date must be YYYY-MM-DD and in the calendar", event: at)
    }
    return .text(value.payload.bytes, value.length)
  }

  private func datetime(_ given: sj_event, _ at: Int) throws(RecordProblem) -> Cell {
    guard given.sort == .text else { throw .wrongType("a date and time", given.sort, event: at) }
    let value = padded(given)
    let text = octets(value)
    guard let length = DateText.timeLength(text, Int(value.length)) else {
      throw RecordProblem(
        .badDate, "a time must be YYYY-MM-DD HH:MM:SS, with at most 6 digits of a fraction",
        event: at)
    }
    if text[10] == 0x20 { return .text(value.payload.bytes, UInt32(length)) }
    let copy = batch.arena.allocate(length)
    copy.update(from: value.payload.bytes, count: length)
    copy[10] = 0x20
    return .text(copy, UInt32(length))
  }

  /// The text of a date with a year of four digits.
  private func padded(_ value: sj_event) -> sj_event {
    let zeros = DateText.missingZeros(octets(value), Int(value.length))
    guard zeros > 0 else { return value }
    let copy = batch.arena.allocate(zeros + Int(value.length))
    copy.update(repeating: CChar(0x30), count: zeros)
    (copy + zeros).update(from: value.payload.bytes, count: Int(value.length))
    var padded = value
    padded.payload.bytes = UnsafePointer(copy)
    padded.length += UInt32(zeros)
    return padded
  }

  private func reference(
    _ value: sj_event, _ at: Int, _ slot: UnsafeMutablePointer<Slot>
  ) throws(RecordProblem) -> Cell {
    if value.sort == .object { return try object(at, slot) }
    guard value.sort == .array else { return try id(value, at) }
    guard isReference(at) else {
      throw RecordProblem(
        .wrongType, "an id or a pair of id and name was expected, and this is another list",
        event: at)
    }
    intake.state.pointee.hasOdooStyle = true
    let id = try id(events[at + 1], at + 1)
    if events[at + 2].sort == .text { try note(id, named: at + 2, slot) }
    return id
  }

  /// `{"id": 5, "display_name": "North"}`, as `web_read` links.
  private func object(
    _ at: Int, _ slot: UnsafeMutablePointer<Slot>
  ) throws(RecordProblem) -> Cell {
    guard let linked = LinkedObject(events, at: at) else {
      throw .wrongType("an id", .object, event: at)
    }
    intake.state.pointee.hasOdooStyle = true
    let id = try id(events[linked.id], linked.id)
    if let name = linked.name { try note(id, named: name, slot) }
    return id
  }

  @inline(__always) private func note(
    _ id: Cell, named name: Int, _ slot: UnsafeMutablePointer<Slot>
  ) throws(RecordProblem) {
    guard let noted = slot.pointee.noted else { return }
    let print = NamesPlan.print(events[name].payload.bytes, Int(events[name].length))
    if NamesPlan.isKnown(id.integer, print, noted) { return }
    try noteName(id.integer, named: name, Int(slot.pointee.names))
  }

  /// Whether the list at `at` is `[id, "name"]`; a name may be unset.
  func isReference(_ at: Int) -> Bool {
    guard events[at].end == at + 3, events[at + 1].sort == .integer else { return false }
    switch events[at + 2].sort {
    case .text, .false, .null: return true
    default: return false
    }
  }

  /// Notes the name of a linked record, for a model without records of its own.
  /// - Parameters:
  ///   - name: the event of the name, which is text.
  ///   - number: the number of the model among those of which names are noted.
  /// - Throws: `contradiction` for a second name of an id type.
  func noteName(_ id: Int64, named name: Int, _ number: Int) throws(RecordProblem) {
    let plan = intake.names[number]
    let print = NamesPlan.print(events[name].payload.bytes, Int(events[name].length))
    if NamesPlan.isKnown(id, print, plan.noted) { return }
    let text = try text(events[name], name)
    if try plan.take(id, print, event: name) {
      batch.names[number].names.append(.init(id: id, name: text))
    }
  }

  private func octets(_ value: sj_event) -> UnsafePointer<UInt8> {
    UnsafeRawPointer(value.payload.bytes).assumingMemoryBound(to: UInt8.self)
  }
}
