import JSONText

/// A leaf on a column of its own, as Odoo's `__leaf_to_sql` has it.
struct PlainLeaf {
  static let negatives: Set = ["!=", "not in", "not like", "not ilike"]

  let field: SmallField
  var sign: String
  var value: JSON

  var isTree: Bool { sign == "child_of" || sign == "parent_of" }

  /// A text, or a list of nothing but texts.
  var isNames: Bool {
    if let items = value.elements { return !items.isEmpty && items.allSatisfy { $0.text != nil } }
    return value.text != nil
  }

  /// `<>` is `!=`, `in` with a boolean is `=`, `=` with a list is `in`.
  var normalised: PlainLeaf {
    var leaf = self
    if sign == "<>" { leaf.sign = "!=" }
    switch (leaf.sign, value) {
    case ("in", .bool): leaf.sign = "="
    case ("not in", .bool): leaf.sign = "!="
    case ("=", .array): leaf.sign = "in"
    case ("!=", .array): leaf.sign = "not in"
    default: break
    }
    return leaf
  }

  /// What holds of a column's value.
  func condition() throws -> (JSON) -> Bool? {
    let isUnset = value == .null || value == false
    let isBoolean = field.type == "boolean"
    switch sign {
    case "in", "not in": return try membership()
    case "=" where isBoolean && value == false, "!=" where isBoolean && value == true:
      return { $0 == .null || $0 == false }
    case "!=" where isBoolean && value == false: return { $0 == true }
    case "=" where isUnset: return { $0 == .null }
    case "!=" where isUnset: return { $0 != .null }
    case "=?" where isUnset: return { _ in true }
    case "=?": return try PlainLeaf(field: field, sign: "=", value: value).condition()
    case "like", "ilike", "not like", "not ilike": return contains()
    case "=like", "=ilike": return try whole()
    default: return try comparison()
    }
  }

  private func comparison() throws -> (JSON) -> Bool? {
    let wanted = try PlainValue(field: field, sign: sign, inList: false).column(value)
    let takesNull = Self.negatives.contains(sign) && !PlainValue.isFalsy(value)
    let sign = sign
    return { found in
      if found == .null { return takesNull ? true : nil }
      guard let order = PlainValue.order(found, wanted) else { return nil }
      return switch sign {
      case "=": order == 0
      case "!=": order != 0
      case "<": order < 0
      case "<=": order <= 0
      case ">": order > 0
      default: order >= 0
      }
    }
  }

  private func membership() throws -> (JSON) -> Bool? {
    guard let items = value.elements else { throw Refusal() }
    let isIn = sign == "in"
    var (wanted, takesNull): ([JSON], Bool)
    if field.type == "boolean" {
      wanted = [true, false].filter { flag in
        items.contains { PlainValue.isNumber($0, flag == true ? 1 : 0) }
      }
      takesNull = wanted.contains(false)
    } else {
      let given = items.filter { $0 != .null && $0 != false }
      wanted = try given.map { try PlainValue(field: field, sign: sign, inList: true).column($0) }
      takesNull = given.count < items.count
    }
    return { found in
      if found == .null {
        // "not in" with an unset value also asks for one that is set: that is false, not unknown.
        return isIn == takesNull ? true : isIn && !wanted.isEmpty ? nil : false
      }
      if wanted.contains(where: { PlainValue.order(found, $0) == 0 }) { return isIn }
      return wanted.contains(.null) ? nil : !isIn
    }
  }

  /// `like` and its kin: the value between `%`, against the text of any column.
  private func contains() -> (JSON) -> Bool? {
    let pattern = "%\(midnight(PlainValue.text(value)))%"
    let isNegative = sign.hasPrefix("not")
    let takesNull = isNegative || PlainValue.isFalsy(value)
    let folds = sign.hasSuffix("ilike")
    return { found in
      if found == .null { return takesNull ? true : nil }
      return PlainLike.matches(pattern, PlainValue.printed(found), folds: folds) != isNegative
    }
  }

  /// `=like` and `=ilike`: the value is the whole pattern.
  private func whole() throws -> (JSON) -> Bool? {
    if field.isLink, PlainValue.isFalsy(value) { return { _ in nil } }
    guard ["char", "selection", "date", "datetime"].contains(field.type) || field.name == "id"
    else { throw Refusal() }
    if value == .null || value == false { return { _ in nil } }
    let pattern = midnight(PlainValue.text(value))
    guard pattern.count(where: { $0 == "\\" }) % 2 == 0 || !pattern.hasSuffix("\\") else {
      throw Refusal()
    }
    let folds = sign == "=ilike"
    return { found in
      found == .null
        ? nil : PlainLike.matches(pattern, PlainValue.printed(found), folds: folds)
    }
  }

  /// A bare day is midnight.
  private func midnight(_ text: String) -> String {
    field.type == "datetime" && value.text?.count == 10 ? text + " 00:00:00" : text
  }
}

/// PostgreSQL's LIKE, by trying everything.
enum PlainLike {
  static func matches(_ pattern: String, _ text: String, folds: Bool) -> Bool {
    matches(scalars(pattern, folds)[...], scalars(text, folds)[...])
  }

  private static func scalars(_ text: String, _ folds: Bool) -> [Unicode.Scalar] {
    text.unicodeScalars.map { scalar in
      if !folds { return scalar }
      return scalar == "İ" ? "i" : scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
    }
  }

  private static func matches(
    _ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>
  ) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    switch first {
    case "%":
      return matches(rest, text) || (!text.isEmpty && matches(pattern, text.dropFirst()))
    case "_": return !text.isEmpty && matches(rest, text.dropFirst())
    case "\\" where !rest.isEmpty:
      return text.first == rest.first && matches(rest.dropFirst(), text.dropFirst())
    default: return text.first == first && matches(rest, text.dropFirst())
    }
  }
}
