internal import CSimdjson

/// Says where a problem stands: reads the record once more, slowly.
struct ProblemPlace {
  let text: RecordText
  let limits: SnapshotLimits

  /// The fault for a problem with one value of a record.
  func fault(_ problem: RecordProblem, record: Int) throws(SnapshotFault) -> SnapshotFault {
    let parser = try RecordParser()
    let bytes = text.bytes(of: text.spans.elements[record])
    let located = parser.locate(bytes, depth: limits.depth)
    var place = text.place(of: record)
    if problem.event < located.events.count {
      place.pointer = Self.pointer(to: problem.event, in: located.events)
      place.column = column(of: Int(located.events[problem.event].offset), in: bytes)
    }
    return SnapshotFault(problem.kind, problem.fact, at: place)
  }

  /// The fault for a record that is not good JSON.
  func syntaxFault(record: Int) throws(SnapshotFault) -> SnapshotFault {
    let parser = try RecordParser()
    let span = text.spans.elements[record]
    let bytes = text.bytes(of: span)
    let located = parser.locate(bytes, depth: limits.depth)
    var place = text.place(of: record)
    if span.isCut, located.fault != SJ_TOO_DEEP, Self.isOpen(bytes) {
      return SnapshotFault(.cutShort, "the file ends inside a record", at: place)
    }
    place.column = column(of: located.faultOffset, in: bytes)
    if Self.isNoNumber(bytes, located.faultOffset) {
      return SnapshotFault(
        .notJSON, "NaN and Infinity are no JSON, though Python writes them: write null", at: place)
    }
    let (kind, fact) = Self.words(located.fault, depth: limits.depth)
    return SnapshotFault(kind, fact, at: place)
  }

  /// Whether what stands there is a number to Python alone.
  private static func isNoNumber(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
    let near = bytes[max(0, min(offset, bytes.count) - 1)...].prefix(12)
    let text = String(decoding: near, as: UTF8.self)
    return ["NaN", "Infinity"].contains { text.dropFirst().hasPrefix($0) || text.hasPrefix($0) }
      || text.hasPrefix("-Infinity") || text.dropFirst().hasPrefix("-Infinity")
  }

  /// From 1, in Unicode scalars; only lines have columns.
  private func column(of offset: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard text.hasLines else { return nil }
    return bytes.prefix(offset).count { $0 & 0xC0 != 0x80 } + 1
  }

  /// Whether a text or a bracket of the record is not closed.
  private static func isOpen(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var splitter = sj_splitter()
    let start = bytes.assumingMemoryBound(to: CChar.self).baseAddress
    let end = sj_split(&splitter, start, bytes.count)
    return end == bytes.count && (splitter.depth > 0 || splitter.in_string != 0)
  }

  private static func words(
    _ fault: sj_fault, depth: Int
  ) -> (SnapshotFault.Kind, String) {
    switch fault {
    case SJ_UTF8: (.notUTF8, "this is not UTF-8")
    case SJ_BAD_STRING: (.notJSON, "a text with a bad escape or a raw control character")
    case SJ_BAD_NUMBER: (.outOfRange, "a number that is malformed or does not fit 64 bits")
    case SJ_TOO_DEEP: (.tooDeep, "nested deeper than \(depth) levels")
    case SJ_TRAILING: (.notJSON, "more text after the end of the record")
    case SJ_MEMORY: (.outOfMemory, "out of memory")
    default: (.notJSON, "this is not JSON")
    }
  }

  /// The JSON pointer to an event; a bad name of a field is left out, for it may be anything.
  private static func pointer(to event: Int, in events: UnsafeBufferPointer<sj_event>) -> String {
    var steps: [String] = []
    var at = 0
    while at < event {
      let isObject = events[at].sort == .object
      guard let step = step(toward: event, from: at + 1, isObject, events) else { break }
      steps.append(step.name)
      at = step.event
    }
    return steps.map { "/" + $0 }.joined()
  }

  /// The member or element, of those that begin at `first`, which is or holds the event.
  private static func step(
    toward event: Int, from first: Int, _ isObject: Bool, _ events: UnsafeBufferPointer<sj_event>
  ) -> (name: String, event: Int)? {
    var at = first
    var index = 0
    while at <= event, events[at].sort != .end {
      let value = isObject ? at + 1 : at
      let isOpen = events[value].sort == .object || events[value].sort == .array
      let next = isOpen ? events[value].end + 1 : value + 1
      if event < next {
        guard isObject else { return (String(index), value) }
        return name(events[at]).map { ($0, max(value, event == at ? event : value)) }
      }
      at = next
      index += 1
    }
    return nil
  }

  private static func name(_ key: sj_event) -> String? {
    let bytes = UnsafeRawBufferPointer(start: key.payload.bytes, count: Int(key.length))
    return FieldName.isGood(bytes) ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
