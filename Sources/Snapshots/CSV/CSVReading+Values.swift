internal import Language

extension CSVReading {
  /// The cell for a value.
  /// - Throws: a problem at its column, if it is of another type than its field.
  @inline(__always) func cell(
    _ value: CSVGroup.Value, _ plan: ModelPlan
  ) throws(RecordProblem) -> Cell {
    let given = cells[Int(value.cell)]
    if given.isEmpty { return try blank(value, isQuoted: given.isQuoted) }
    if value.rule == .text, value.choices == Slot.none { return Self.cell(text(value.cell)) }
    return try typed(value, plan)
  }

  private func typed(
    _ value: CSVGroup.Value, _ plan: ModelPlan
  ) throws(RecordProblem) -> Cell {
    let bytes = bytes(value.cell)
    let event = Int(value.cell)
    switch value.rule {
    case .text: return choice(value)
    case .translated: return try translated(value.cell, mustLookSo: false)
    case .json: return Self.cell(text(value.cell))
    case .integer: return try integer(bytes, event)
    case .real: return try real(bytes, event)
    case .boolean: return try boolean(bytes, event)
    case .date: return try date(bytes, event)
    case .datetime: return try datetime(bytes, event)
    case .many2one, .id: return .integer(try number(value.cell))
    case .unknown:
      let slot = plan.slots.base + Int(value.slot)
      slot.pointee.looks.insert(TextKinds(of: bytes, isExport: isExport))
      return try translated(value.cell, mustLookSo: true)
    case .lines, .ignored: return .null
    }
  }

  /// PostgreSQL writes an empty text as `""`; Odoo writes false, and all that is unset, as nothing.
  private func blank(
    _ value: CSVGroup.Value, isQuoted: Bool
  ) throws(RecordProblem) -> Cell {
    if isExport { return value.rule == .boolean ? .integer(0) : .null }
    guard isQuoted else { return .null }
    switch value.rule {
    case .text, .translated, .unknown, .json: return Self.cell(bytes(value.cell))
    default:
      throw RecordProblem(
        .wrongType, "an empty text stands where its field is no text", event: Int(value.cell))
    }
  }

  @inline(__always) static func cell(_ text: UnsafeBufferPointer<UInt8>) -> Cell {
    let start = UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
    return .text(start, UInt32(truncatingIfNeeded: text.count))
  }

  private func choice(_ value: CSVGroup.Value) -> Cell {
    let choices = file.plan.choices[Int(value.choices)]
    guard let number = choices.find(text(value.cell)) else {
      choices.kept.count += 1
      return Self.cell(text(value.cell))
    }
    return batch.arena.copy(choices.keys[number])
  }

  private func integer(
    _ bytes: UnsafeBufferPointer<UInt8>, _ event: Int
  ) throws(RecordProblem) -> Cell {
    if let number = PlainNumber.integer(bytes) { return .integer(number) }
    let isNumber = bytes.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    throw isNumber
      ? RecordProblem(.outOfRange, "the number does not fit 64 bits", event: event)
      : RecordProblem(.wrongType, "a whole number was expected", event: event)
  }

  private func real(
    _ bytes: UnsafeBufferPointer<UInt8>, _ event: Int
  ) throws(RecordProblem) -> Cell {
    if let number = PlainNumber.real(bytes) { return .real(number) }
    throw PlainNumber.isReal(bytes)
      ? RecordProblem(.outOfRange, "the number is too large", event: event)
      : RecordProblem(
        .wrongType, "a number was expected, with a point before its fraction", event: event)
  }

  private func boolean(
    _ bytes: UnsafeBufferPointer<UInt8>, _ event: Int
  ) throws(RecordProblem) -> Cell {
    func matches(_ word: StaticString) -> Bool {
      bytes.count == word.utf8CodeUnitCount
        && zip(bytes, UnsafeBufferPointer(start: word.utf8Start, count: bytes.count))
          .allSatisfy { $0 | 0x20 == $1 }
    }
    if matches("t") || matches("true") { return .integer(1) }
    if matches("f") || matches("false") { return .integer(0) }
    throw RecordProblem(.wrongType, "true or false was expected", event: event)
  }

  private func date(
    _ bytes: UnsafeBufferPointer<UInt8>, _ event: Int
  ) throws(RecordProblem) -> Cell {
    guard let base = bytes.baseAddress, DateText.isDate(base, bytes.count) else {
      throw RecordProblem(.badDate, "a date must be YYYY-MM-DD and in the calendar", event: event)
    }
    return Self.cell(bytes)
  }

  private func datetime(
    _ bytes: UnsafeBufferPointer<UInt8>, _ event: Int
  ) throws(RecordProblem) -> Cell {
    guard let base = bytes.baseAddress, bytes.count < 19 || bytes[10] == 0x20,
      let count = DateText.timeLength(base, bytes.count)
    else {
      throw RecordProblem(
        .badDate, "a time must be YYYY-MM-DD HH:MM:SS, with at most 6 digits of a fraction",
        event: event)
    }
    return Self.cell(UnsafeBufferPointer(rebasing: bytes[..<count]))
  }
}
