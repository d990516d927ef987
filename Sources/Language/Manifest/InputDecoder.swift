import JSONText

/// `input`: `{"type": "registry"}`, or `{"type": "odk"}` with a window of submission dates.
enum InputDecoder {
  /// - Returns: nil if it is wrong.
  static func read(
    _ cursor: JSONCursor, _ faults: FaultCollector
  ) throws(DocumentFault) -> JobInput? {
    var block = try cursor.object()
    _ = faults.attempt(block.optional("note")) { try Remark.check($0) }
    let type = faults.attempt { try kind(block.required("type")) }
    let (from, to) = (block.optional("from"), block.optional("to"))
    defer { faults.note(block.strangers().map { $0 }) }
    guard type != .registry else {
      for bound in [from, to].compactMap(\.self) {
        faults.note(
          bound.fault(
            "contradiction",
            "a window of submission dates is for ODK, and the input is the registry",
            hint: "use the filter, for example on create_date"))
      }
      return .registry
    }
    let window = SubmissionWindow(
      from: faults.attempt(from) { try day($0, plus: 0) },
      to: faults.attempt(to) { try day($0, plus: 1) })
    if let to, let first = window.from, let last = window.to, last <= first {
      faults.note(to.fault("contradiction", "\"to\" must be later than \"from\""))
    }
    return type.map { _ in .odk(window) }
  }

  private enum Kind { case registry, odk }

  private static func kind(_ cursor: JSONCursor) throws(DocumentFault) -> Kind {
    switch try cursor.string() {
    case "registry", "custom": return .registry
    case "odk": return .odk
    default:
      throw cursor.fault(
        "unknown_input", "the input is not one that this version reads",
        hint: "use \"registry\" or \"odk\"")
    }
  }

  /// A time, or a whole day: its start, or for the end of a window the start of the next.
  private static func day(_ cursor: JSONCursor, plus days: Int64) throws(DocumentFault) -> UTCTime {
    guard let day = UTCTime(text: try cursor.string() + "T00:00:00Z") else {
      return try JobTimes.time(cursor)
    }
    return UTCTime(clamping: day.seconds + days * 86_400)
  }
}

/// `resend`.
enum ResendDecoder {
  /// - Returns: nil if it is wrong.
  static func read(
    _ cursor: JSONCursor, _ faults: FaultCollector
  ) throws(DocumentFault) -> ResendRule? {
    var block = try cursor.object()
    _ = faults.attempt(block.optional("note")) { try Remark.check($0) }
    let rule = faults.attempt { try kind(block.required("rule")) }
    let after = block.optional("after_hours")
    let hours = faults.attempt(after) { Int(try $0.integer(in: 1...8_784)) }
    if let after, rule == .always {
      faults.note(
        after.fault(
          "contradiction", "\"after_hours\" is for the rule \"pending\"", hint: "leave it out"))
    }
    faults.note(block.strangers().map { $0 })
    return rule.map { ResendRule(kind: $0, afterHours: hours ?? ResendRule.usual.afterHours) }
  }

  private static func kind(_ cursor: JSONCursor) throws(DocumentFault) -> ResendRule.Kind {
    guard let kind = ResendRule.Kind(rawValue: try cursor.string()) else {
      throw cursor.fault("unknown_rule", "the resend rule is \"pending\" or \"always\"")
    }
    return kind
  }
}
