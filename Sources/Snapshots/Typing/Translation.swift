internal import CSimdjson
internal import Language

/// Texts that Odoo keeps in several languages. Since Odoo 16 their column is jsonb,
/// `{"en_US": "Nigeria", "fr_FR": "Nigéria"}`, and Odoo reads it as `COALESCE(column->>lang,
/// column->>'en_US')` (odoo/fields.py, `get_translation_fallback_langs`).
struct Translation {
  private let languages: [[UInt8]]

  /// - Parameter language: the one that is asked for before English.
  init(_ language: String) {
    let source = LanguageCode.source
    languages = (language == source ? [source] : [language, source]).map { Array($0.utf8) }
  }

  /// The text that Odoo shows, of an object of translations; nil where there is none.
  /// - Parameter object: the number of the event that begins the object.
  func text(_ events: UnsafePointer<sj_event>, _ object: Int) -> sj_event? {
    for language in languages {
      var at = object + 1
      while at < events[object].end {
        let value = events[at + 1]
        if value.sort == .text, Self.bytes(events[at]).elementsEqual(language) { return value }
        at = value.sort == .object || value.sort == .array ? value.end + 1 : at + 2
      }
    }
    return nil
  }

  /// Whether an object is one of translations by its looks: texts by languages, English among them.
  static func isOne(_ events: UnsafePointer<sj_event>, _ object: Int) -> Bool {
    var hasSource = false
    var at = object + 1
    while at < events[object].end {
      let (key, value) = (bytes(events[at]), events[at + 1].sort)
      guard LanguageCode.isValid(key), value == .text || value == .null else { return false }
      if key.elementsEqual(LanguageCode.source.utf8) { hasSource = true }
      at += 2
    }
    return hasSource
  }

  private static func bytes(_ event: sj_event) -> UnsafeBufferPointer<UInt8> {
    let start = UnsafeRawPointer(event.payload.bytes)?.assumingMemoryBound(to: UInt8.self)
    return UnsafeBufferPointer(start: start, count: Int(event.length))
  }
}

extension RecordReading {
  /// A value of a translated field: a text as `search_read` gives it, or all translations.
  func readTranslated(
    _ slot: Int32, _ at: Int, of plan: ModelPlan, _ rows: TableRows
  ) throws(RecordProblem) {
    guard let row = rows.lastRowStart(width: plan.width) else { return }
    let place = row + Int(plan.slots.elements[Int(slot)].column)
    switch events[at].sort {
    case .text: rows.cells.elements[place] = try text(events[at], at)
    case .object:
      let found = intake.translation.text(events, at)
      rows.cells.elements[place] =
        try found.map { value throws(RecordProblem) in
          try text(value, at)
        } ?? .null
    case .null: rows.cells.elements[place] = .null
    case .false:
      intake.state.pointee.hasOdooStyle = true
      rows.cells.elements[place] = .null
    case let sort: throw .wrongType("text", sort, event: at)
    }
  }
}

extension CSVReading {
  /// The cell for a text that may be jsonb.
  /// - Parameter mustLookSo: nothing says that the column holds translations but its cells.
  func translated(_ column: Int32, mustLookSo: Bool) throws(RecordProblem) -> Cell {
    let bytes = bytes(column)
    guard bytes.first == UInt8(ascii: "{"),
      let events = batch.parser.parse(UnsafeRawBufferPointer(bytes), depth: 4)?.baseAddress,
      events[0].sort == .object, !mustLookSo || Translation.isOne(events, 0)
    else { return Self.cell(text(column)) }
    guard let value = file.intake.translation.text(events, 0) else { return .null }
    let text = UnsafeRawBufferPointer(start: value.payload.bytes, count: Int(value.length))
    guard !text.contains(0) else {
      throw RecordProblem(.badText, "the text holds a NUL character", event: Int(column))
    }
    return .text(value.payload.bytes, value.length)
  }
}
