/// JSON as the house reads and writes it: its own small documents (manifests, cards, policies,
/// headers, verdicts), strictly. Registry data, which may be gigabytes, never becomes a `JSON`;
/// `Snapshots` walks simdjson's events instead.
///
/// A duplicate key, a lone surrogate, a number that does not fit and anything after the end are
/// errors, each with its line and column. Parsing is simdjson's.

/// A JSON value without its place: what we build to write.
package indirect enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case array([JSON])
  /// Members in the order of writing; keys are unique.
  case object([Member])

  package struct Member: Sendable, Hashable {
    package let key: String
    package let value: JSON

    package init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// The member of an object, or nil.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The text of a string, or nil.
  package var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The number of an integer, or nil.
  package var integer: Int64? {
    guard case .int(let number) = self else { return nil }
    return number
  }

  /// The elements of an array, or nil.
  package var elements: [JSON]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  package init(nilLiteral: ()) { self = .null }
}

extension JSON {
  /// An integer of any width; it must fit 64 bits.
  package static func count(_ number: some BinaryInteger) -> JSON { .int(Int64(number)) }

  /// An object without the members whose value is nil.
  package static func object(present members: [(String, JSON?)]) -> JSON {
    .object(members.compactMap { key, value in value.map { Member(key, $0) } })
  }
}
