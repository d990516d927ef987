import JSONText

/// Values as Python and PostgreSQL see them, for the few that the generator makes.
struct PlainValue {
  let field: SmallField
  let sign: String
  let inList: Bool

  /// A domain's value as the column's type.
  func column(_ value: JSON) throws -> JSON {
    if field.name == "id" { return try identifier(value) }
    switch field.type {
    case "char", "selection":
      return value == .null || value == false ? .null : .string(Self.text(value))
    case "integer", "float": return try number(value)
    case "boolean": return .bool(!Self.isFalsy(value))
    case "date": return try day(value)
    case "datetime": return try moment(value)
    default: return Self.isFalsy(value) ? .null : try identifier(value)
    }
  }

  private func identifier(_ value: JSON) throws -> JSON {
    switch value {
    case .null, .bool(false): return .null
    case .int: return value
    case .string(let text):
      guard let id = Int64(text) else { throw Refusal() }
      return .int(id)
    default: throw Refusal()
    }
  }

  private func number(_ value: JSON) throws -> JSON {
    if Self.isFalsy(value) { return .int(0) }
    switch value {
    case .bool: return .int(1)
    case .int: return value
    case .double(let number): return field.type == "integer" ? .int(Int64(number)) : value
    case .string(let text):
      guard let number = Int64(text) else { throw Refusal() }
      return .int(number)
    default: throw Refusal()
    }
  }

  private static let days = [
    "1990-05-01": "1990-05-01", "2000-02-29": "2000-02-29", "2024-12-31": "2024-12-31",
    "2024-01-02": "2024-01-02", "1990-5-1": "1990-05-01",
  ]

  private func day(_ value: JSON) throws -> JSON {
    if value == .null || value == false { return .null }
    guard let day = Self.days[value.text ?? ""] else { throw Refusal() }
    return .string(day)
  }

  private func moment(_ value: JSON) throws -> JSON {
    if value == .null || value == false { return .null }
    guard let text = value.text else { throw Refusal() }
    let words = text.split(separator: " ").map(String.init)
    guard let day = Self.days[words.first ?? ""] else { throw Refusal() }
    if words.count > 1 { return .string("\(day) \(words[1])") }
    let isEnd = !inList && text.count == 10 && (sign == ">" || sign == "<=")
    return .string(day + (isEnd ? " 23:59:59" : " 00:00:00"))
  }

  /// `not value`.
  static func isFalsy(_ value: JSON) -> Bool {
    value == .null || value == false || value == "" || value == [] || isNumber(value, 0)
  }

  /// Python's equality: true is 1.
  static func isNumber(_ value: JSON, _ number: Double) -> Bool {
    switch value {
    case .bool(let flag): (flag ? 1 : 0) == number
    case .int(let whole): Double(whole) == number
    case .double(let real): real == number
    default: false
    }
  }

  /// `str(value)`; a list is only ever known by its bracket.
  static func text(_ value: JSON) -> String {
    switch value {
    case .string(let text): text
    case .bool(true): "True"
    case .int(let number): String(number)
    case .double(let number): number == 1e15 ? "1000000000000000.0" : "\(number)"
    case .array: "[…]"
    default: ""
    }
  }

  /// PostgreSQL's text of a column's value.
  static func printed(_ value: JSON) -> String {
    switch value {
    case .string(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .double(1e15): "1e+15"
    case .double(let number): number == number.rounded() ? String(Int64(number)) : "\(number)"
    default: ""
    }
  }

  /// Below 0, 0 or above 0; nil if either is NULL. Text goes by code points.
  static func order(_ left: JSON, _ right: JSON) -> Int? {
    if case (.string(let left), .string(let right)) = (left, right) {
      let (left, right) = (Array(left.utf8), Array(right.utf8))
      return left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    }
    guard let left = real(left), let right = real(right) else { return nil }
    return left < right ? -1 : left == right ? 0 : 1
  }

  private static func real(_ value: JSON) -> Double? {
    switch value {
    case .bool(let flag): flag ? 1 : 0
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
}
