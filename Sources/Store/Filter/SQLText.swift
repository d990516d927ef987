package import GRDB
package import Language

/// SQL text and the values that belong to its question marks; they only ever travel together.
package struct SQLText: Sendable, Hashable {
  package private(set) var text = ""
  package private(set) var values: [Scalar] = []

  package init() {}

  package init(_ text: String, _ values: [Scalar] = []) {
    self.text = text
    self.values = values
  }

  package mutating func append(_ text: String) { self.text += text }

  package mutating func append(_ other: SQLText) {
    text += other.text
    values += other.values
  }

  /// A question mark for a value.
  package mutating func bind(_ value: Scalar) {
    text += "?"
    values.append(value)
  }

  /// The text with each value's type in place of it, for people to read: never a value.
  package var shown: String {
    var kinds = values.map(\.kind)[...]
    return text.map { $0 == "?" ? "<\(kinds.popFirst() ?? "value")>" : String($0) }.joined()
  }

  /// The values as GRDB binds them.
  package var arguments: StatementArguments { StatementArguments(values.map(\.databaseValue)) }
}

/// An identifier in double quotes, so that any name is only ever a name.
func quoted(_ identifier: String) -> String {
  "\""
    + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    + "\""
}

extension Scalar {
  var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .boolean(let flag): (flag ? 1 : 0).databaseValue
    case .integer(let number): number.databaseValue
    case .real(let number): number.databaseValue
    case .text(let text): text.databaseValue
    }
  }

  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "boolean"
    case .integer: "integer"
    case .real: "number"
    case .text: "text"
    }
  }
}
