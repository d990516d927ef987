import JSONText

/// Why a value does not fit a column. Never holds the value.
struct ValueProblem: Error {
  let fact: String
  let hint: String?

  init(_ fact: String, hint: String? = nil) {
    self.fact = fact
    self.hint = hint
  }
}

/// A domain's value as the column's type (Odoo's `convert_to_column`, then PostgreSQL's cast).
struct ColumnValue {
  let field: FieldDescription
  let operation: Operator
  let inList: Bool

  func scalar(_ json: JSON) throws(ValueProblem) -> Scalar {
    if field.name == "id" { return try identifier(json) }
    switch field.type {
    case .char, .text, .html, .selection, .binary, .other: return try text(json)
    case .integer: return try integer(json)
    case .float, .monetary: return try real(json)
    case .boolean: return .boolean(!json.isFalsy)
    case .date: return try date(json)
    case .datetime: return try datetime(json)
    case .many2one: return json.isFalsy ? .null : try identifier(json)
    case .one2many, .many2many: throw ValueProblem("a list of records has no single value")
    }
  }

  private func text(_ json: JSON) throws(ValueProblem) -> Scalar {
    if json.isUnset { return .null }
    let text = field.type == .html ? paragraph(json.pythonText) : json.pythonText
    guard !text.utf8.contains(0) else { throw ValueProblem("the text holds a NUL character") }
    guard let size = field.size else { return .text(text) }
    return .text(String(text.unicodeScalars.prefix(size)))
  }

  /// Odoo sanitises what is compared with HTML: text in front of a tag becomes a paragraph.
  private func paragraph(_ text: String) -> String {
    text.hasPrefix("<") || !text.contains("<") ? text : "<p>\(text)</p>"
  }

  /// `int(value or 0)`: fractions are cut, text must be digits.
  private func integer(_ json: JSON) throws(ValueProblem) -> Scalar {
    if json.isFalsy { return .integer(0) }
    switch json {
    case .bool: return .integer(1)
    case .int(let number): return .integer(number)
    case .double(let number):
      guard let whole = Int64(exactly: number.rounded(.towardZero)) else {
        throw ValueProblem("the number is out of range")
      }
      return .integer(whole)
    case .string(let text):
      guard let number = PythonNumber.integer(text) else {
        throw ValueProblem(
          PythonNumber.isWhole(text)
            ? "the number is out of range" : "the text is not a whole number")
      }
      return .integer(number)
    default: throw ValueProblem("a list or an object is no number")
    }
  }

  /// `float(value or 0.0)`.
  private func real(_ json: JSON) throws(ValueProblem) -> Scalar {
    if json.isFalsy { return .real(0) }
    switch json {
    case .bool: return .real(1)
    case .int(let number): return .real(Double(number))
    case .double(let number): return .real(number)
    case .string(let text):
      guard let number = PythonNumber.real(text) else {
        throw ValueProblem("the text is not a number")
      }
      return .real(number)
    default: throw ValueProblem("a list or an object is no number")
    }
  }

  /// Ids go to PostgreSQL as they are: text of digits passes, a fraction only inside a list.
  private func identifier(_ json: JSON) throws(ValueProblem) -> Scalar {
    switch json {
    case .null: return .null
    case .bool(false) where !inList: return .null
    case .bool: throw ValueProblem("an id is a number, not true or false")
    case .int(let number):
      guard field.name != "id" || Int32(exactly: number) != nil else {
        throw ValueProblem("an id beyond 32 bits")
      }
      return .integer(number)
    case .double(let number):
      guard inList || field.name != "id" else { throw ValueProblem("an id has no fraction") }
      return Int64(exactly: number).map { .integer($0) } ?? .real(number)
    case .string(let text):
      guard let number = PythonNumber.postgresInteger(text) else {
        throw ValueProblem(
          "this list mixes ids with text, or has text where an id belongs",
          hint: "give ids only, or names only")
      }
      guard Int32(exactly: number) != nil else { throw ValueProblem("an id beyond 32 bits") }
      return .integer(number)
    case .array, .object: throw ValueProblem("an id is a number, not a list or an object")
    }
  }

  /// The whole text goes to PostgreSQL, and so does a number's.
  private func date(_ json: JSON) throws(ValueProblem) -> Scalar {
    if json.isUnset { return .null }
    guard !json.isCollection, let date = PostgresDate.date(json.pythonText) else {
      throw ValueProblem(
        "this is no date, or one that another server may read otherwise",
        hint: "write dates as \"2024-12-31\", the year first")
    }
    return .text(date)
  }

  private func datetime(_ json: JSON) throws(ValueProblem) -> Scalar {
    if json.isUnset { return .null }
    var text = json.pythonText
    if !inList, json.text?.unicodeScalars.count == 10 {
      text += operation == .greater || operation == .lessOrEqual ? " 23:59:59" : " 00:00:00"
    }
    guard !json.isCollection, let datetime = PostgresDate.datetime(text) else {
      throw ValueProblem(
        "this is no date and time, or one that another server may read otherwise",
        hint: "write \"2024-12-31 23:59:59\", in UTC, the year first")
    }
    return .text(datetime)
  }
}

extension JSON {
  /// A list or an object.
  fileprivate var isCollection: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}
