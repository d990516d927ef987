import JSONText

/// Odoo is Python: what its truth, equality and text of a JSON value are decides who is picked.
extension JSON {
  /// `not value`.
  var isFalsy: Bool {
    switch self {
    case .null, .bool(false), .int(0), .string(""), .array([]), .object([]): true
    case .double(let number): number == 0
    default: false
    }
  }

  /// Whether the character NUL is anywhere in it: PostgreSQL has no such text.
  var holdsNUL: Bool {
    switch self {
    case .string(let text): text.utf8.contains(0)
    case .array(let items): items.contains(where: \.holdsNUL)
    case .object(let members): members.contains { $0.key.utf8.contains(0) || $0.value.holdsNUL }
    default: false
    }
  }

  /// `value is False or value is None`: what Odoo calls unset.
  var isUnset: Bool { self == .null || self == .bool(false) }

  /// The number that Python's `==` sees: booleans are 0 and 1.
  var pythonNumber: Double? {
    switch self {
    case .bool(let flag): flag ? 1 : 0
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  /// `str(value)`, with `False` and `None` as the empty text, as `to_text` has them.
  var pythonText: String {
    switch self {
    case .null, .bool(false): ""
    case .string(let text): text
    default: pythonRepr
    }
  }

  /// `repr(value)`.
  private var pythonRepr: String {
    switch self {
    case .null: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): String(number)
    case .double(let number): JSON.pythonText(of: number)
    case .string(let text): JSON.quoted(text)
    case .array(let items): "[" + items.map(\.pythonRepr).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(JSON.quoted($0.key)): \($0.value.pythonRepr)" }.joined(separator: ", ")
        + "}"
    }
  }

  /// Python switches to an exponent from 1e16; Swift's shortest digits are the same.
  private static func pythonText(of number: Double) -> String {
    let text = number.description
    guard let mark = text.firstIndex(of: "e") else { return text }
    var mantissa = text[..<mark]
    if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
    let exponent = text[text.index(after: mark)...]
    let sign = exponent.hasPrefix("-") ? "-" : "+"
    let digits = exponent.drop { $0 == "-" || $0 == "+" }
    return "\(mantissa)e\(sign)\(digits.count < 2 ? "0" : "")\(digits)"
  }

  private static func quoted(_ text: String) -> String {
    let mark = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case "'" where mark == "'": "\\'"
      default: String(scalar)
      }
    }
    return mark + escaped.joined() + mark
  }
}
