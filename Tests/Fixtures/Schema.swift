import Foundation
package import JSONText

/// A JSON Schema (draft 2020-12) of `docs/schemas/`, as far as those use the draft. A keyword that is
/// not known here is an error, so that no rule is passed over in silence.
package struct Schema {
  package struct Unknown: Error { package let keyword: String }

  private let root: JSON

  /// - Parameter name: `job` for `docs/schemas/job.json`.
  package init(_ name: String) throws {
    let path = "\(Fixture.package)/docs/schemas/\(name).json"
    root = try JSONDocument(parsing: String(contentsOfFile: path, encoding: .utf8)).root.json
  }

  package func accepts(_ value: JSON) throws -> Bool { try meets(value, root) }

  private func meets(_ value: JSON, _ schema: JSON) throws -> Bool {
    switch schema {
    case .bool(let flag): return flag
    case .object(let rules):
      return try rules.allSatisfy { try meets(value, $0.key, $0.value, in: schema) }
    default: throw Unknown(keyword: "a schema that is no object")
    }
  }

  private func meets(_ value: JSON, _ keyword: String, _ rule: JSON, in schema: JSON) throws -> Bool
  {
    switch keyword {
    case "$schema", "$id", "$defs", "title", "description", "default", "examples", "then", "else":
      return true
    case "$ref": return try meets(value, target(of: rule))
    case "type": return (rule.elements ?? [rule]).contains { value.isOf($0.text ?? "") }
    case "const": return value == rule
    case "enum": return rule.elements?.contains(value) == true
    case "allOf": return try (rule.elements ?? []).allSatisfy { try meets(value, $0) }
    case "anyOf": return try (rule.elements ?? []).contains { try meets(value, $0) }
    case "oneOf": return try (rule.elements ?? []).filter { try meets(value, $0) }.count == 1
    case "not": return try !meets(value, rule)
    case "if":
      let branch = try meets(value, rule) ? schema["then"] : schema["else"]
      return try branch.map { try meets(value, $0) } ?? true
    default: return try meetsByType(value, keyword, rule, in: schema)
    }
  }

  /// Rules for values of one type, which every value of another type meets.
  private func meetsByType(
    _ value: JSON, _ keyword: String, _ rule: JSON, in schema: JSON
  ) throws -> Bool {
    let bound = rule.integer ?? 0
    switch keyword {
    case "minimum", "maximum":
      guard let number = value.number else { return true }
      return keyword == "minimum" ? number >= Double(bound) : number <= Double(bound)
    case "minLength": return value.text.map { $0.unicodeScalars.count >= bound } ?? true
    case "maxLength": return value.text.map { $0.unicodeScalars.count <= bound } ?? true
    case "pattern": return try value.text.map { try Self.matches($0, rule.text ?? "") } ?? true
    case "minItems": return value.elements.map { $0.count >= bound } ?? true
    case "maxItems": return value.elements.map { $0.count <= bound } ?? true
    case "uniqueItems": return value.elements.map { Set($0).count == $0.count } ?? true
    case "prefixItems":
      return try zip(value.elements ?? [], rule.elements ?? []).allSatisfy { try meets($0, $1) }
    case "items":
      let start = schema["prefixItems"]?.elements?.count ?? 0
      return try (value.elements ?? []).dropFirst(start).allSatisfy { try meets($0, rule) }
    default: return try meetsAsObject(value, keyword, rule, in: schema)
    }
  }

  private func meetsAsObject(
    _ value: JSON, _ keyword: String, _ rule: JSON, in schema: JSON
  ) throws -> Bool {
    let members = value.members
    switch keyword {
    case "required":
      guard case .object = value else { return true }
      return (rule.elements ?? []).allSatisfy { value[$0.text ?? ""] != nil }
    case "properties":
      return try members.allSatisfy { member in
        try rule[member.key].map { try meets(member.value, $0) } ?? true
      }
    case "additionalProperties":
      return try members.filter { schema["properties"]?[$0.key] == nil }
        .allSatisfy { try meets($0.value, rule) }
    case "propertyNames": return try members.allSatisfy { try meets(.string($0.key), rule) }
    default: throw Unknown(keyword: keyword)
    }
  }

  private func target(of reference: JSON) throws -> JSON {
    guard let path = reference.text, path.hasPrefix("#/$defs/"),
      let found = root["$defs"]?[String(path.dropFirst(8))]
    else { throw Unknown(keyword: "$ref \(reference.text ?? "")") }
    return found
  }

  private static func matches(_ text: String, _ pattern: String) throws -> Bool {
    let range = NSRange(text.startIndex..., in: text)
    return try NSRegularExpression(pattern: pattern).firstMatch(in: text, range: range) != nil
  }
}

extension JSON {
  fileprivate var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  fileprivate var number: Double? {
    switch self {
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  fileprivate func isOf(_ type: String) -> Bool {
    switch (self, type) {
    case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"),
      (.object, "object"), (.int, "integer"), (.int, "number"), (.double, "number"):
      true
    case (.double(let number), "integer"): number.rounded() == number
    default: false
    }
  }
}
