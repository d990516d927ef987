import JSONText

/// A leaf on a column of its own: text, numbers, booleans, dates, and many2one by id.
/// Follows `__leaf_to_sql`, case by case.
struct ScalarCondition {
  let leaf: Leaf
  let field: FieldDescription
  let column: Column

  func predicate() throws(DomainFault) -> Predicate {
    if field.isTranslated { try requireTranslatable() }
    switch leaf.operation {
    case .isIn, .notIn: return try membership()
    case .equalIfSet:
      if leaf.value.isUnset { return .constant(true) }
      return try ScalarCondition(leaf: leaf.with(operation: .equal), field: field, column: column)
        .predicate()
    case .equal where leaf.value.isUnset, .notEqual where leaf.value.isUnset: return unset()
    case .equal where isTrueBoolean, .notEqual where isTrueBoolean: return truth()
    case .like, .notLike, .ilike, .notIlike: return try contains()
    case .equalLike, .equalIlike: return try wholePattern()
    case .equal: return try comparison(.equal)
    case .notEqual, .otherNotEqual: return try comparison(.notEqual)
    case .less: return try comparison(.less)
    case .lessOrEqual: return try comparison(.lessOrEqual)
    case .greater: return try comparison(.greater)
    case .greaterOrEqual: return try comparison(.greaterOrEqual)
    case .childOf, .parentOf, .any, .notAny:
      throw DomainFault(
        .wrongOperator,
        "\"\(leaf.operation.rawValue)\" needs a field that leads to other records; \(field.name) is a \(field.type.rawValue) field",
        leaf.place)
    }
  }

  /// Odoo keeps a translated text as one JSON of all languages: `=?` is not made for it, and what is
  /// no text is compared with that JSON, which PostgreSQL refuses.
  private func requireTranslatable() throws(DomainFault) {
    switch (leaf.operation, leaf.value) {
    case (.isIn, _), (.notIn, _), (_, .null), (_, .bool(false)): return
    case (.equalIfSet, .string):
      throw DomainFault(
        .wrongOperator, "\(field.name) is translated, and \"=?\" cannot look into it", leaf.place,
        hint: "use \"=\"")
    case (_, .string): return
    case _ where leaf.operation.isContains: return
    default:
      throw DomainFault(
        .wrongValue, "\(field.name) is a translated text, and is compared with something else",
        leaf.place, hint: "write the value as text, in quotes")
    }
  }

  private var isBoolean: Bool { field.type == .boolean }
  private var isTrueBoolean: Bool { isBoolean && leaf.value == .bool(true) }

  /// `= False`, `= None` and their opposites.
  private func unset() -> Predicate {
    let isEqual = leaf.operation == .equal
    guard isBoolean, leaf.value == .bool(false) else {
      return isEqual ? .isNull(column) : .isNotNull(column)
    }
    return isEqual
      ? .any([.isNull(column), .compare(column, .equal, .boolean(false))])
      : .all([.isNotNull(column), .compare(column, .notEqual, .boolean(false))])
  }

  /// `= True` compares; `!= True` takes NULL for false.
  private func truth() -> Predicate {
    leaf.operation == .equal
      ? .compare(column, .equal, .boolean(true))
      : .any([.isNull(column), .compare(column, .equal, .boolean(false))])
  }

  private func membership() throws(DomainFault) -> Predicate {
    guard case .array(let items) = leaf.value else {
      throw DomainFault(
        .wrongValue, "\"\(leaf.operation.rawValue)\" takes a list of values, in [ ]", leaf.place)
    }
    let isIn = leaf.operation == .isIn
    var scalars: [Scalar] = []
    var takesNull = false
    if isBoolean {
      let numbers = items.map(\.pythonNumber)
      scalars = [true, false].filter { numbers.contains($0 ? 1 : 0) }.map { .boolean($0) }
      takesNull = numbers.contains(0)
    } else {
      let given = items.filter { !$0.isUnset }
      takesNull = given.count < items.count
      // No number is NaN, and SQLite would take it for NULL.
      scalars = try given.map { item throws(DomainFault) in try value(item, inList: true) }
        .filter { !$0.isNaN }
    }
    let member: Predicate =
      scalars.isEmpty ? .constant(!isIn) : .isOneOf(column, scalars, negated: !isIn)
    if isIn == takesNull { return .disjunction([member, .isNull(column)]) }
    return isIn ? member : .conjunction([member, .isNotNull(column)])
  }

  private func comparison(_ comparison: Comparison) throws(DomainFault) -> Predicate {
    let scalar = try value(leaf.value, inList: false)
    let compared: Predicate =
      scalar == .null
      ? .unknown
      : scalar.isNaN ? besideNaN(comparison) : .compare(column, comparison, scalar)
    // A negative operator with a truthy value also picks the unset.
    return leaf.operation.isNegative && !leaf.value.isFalsy
      ? .any([compared, .isNull(column)]) : compared
  }

  /// PostgreSQL has NaN above every number, and SQLite has none.
  private func besideNaN(_ comparison: Comparison) -> Predicate {
    switch comparison {
    case .less, .lessOrEqual, .notEqual: .compare(column, .lessOrEqual, .real(.infinity))
    case .equal, .greater, .greaterOrEqual: .compare(column, .greater, .real(.infinity))
    }
  }

  /// `like` and its kin work on the text form of any column.
  private func contains() throws(DomainFault) -> Predicate {
    let isNegative = leaf.operation.isNegative
    let pattern = try LikePattern(
      "%\(midnight(leaf.value.pythonText))%", foldsCase: leaf.operation.foldsCase, place: leaf.place
    )
    let matched = Predicate.matches(column, .given([pattern]), negated: isNegative)
    return leaf.value.isFalsy || isNegative ? .any([matched, .isNull(column)]) : matched
  }

  /// `=like` and `=ilike`: the value is the whole pattern.
  private func wholePattern() throws(DomainFault) -> Predicate {
    switch field.type {
    case .integer where field.name == "id": break
    case .many2one where leaf.value.isFalsy: return .unknown
    case .integer, .float, .monetary, .boolean, .many2one:
      throw DomainFault(
        .wrongOperator,
        "\"\(leaf.operation.rawValue)\" works on text and dates; \(field.name) is a \(field.type.rawValue) field",
        leaf.place)
    default: break
    }
    if leaf.value.isUnset { return .unknown }
    var text = midnight(leaf.value.pythonText)
    if let size = field.size { text = String(text.unicodeScalars.prefix(size)) }
    let pattern = try LikePattern(text, foldsCase: leaf.operation.foldsCase, place: leaf.place)
    guard !pattern.endsInEscape else {
      throw DomainFault(
        .wrongValue, "the pattern ends in a single backslash, which escapes nothing", leaf.place,
        hint: "write two backslashes for one", departure: .backslash)
    }
    return .matches(column, .given([pattern]), negated: false)
  }

  /// A bare day gets a time on a datetime field, in patterns too.
  private func midnight(_ text: String) -> String {
    guard field.type == .datetime, leaf.value.text?.unicodeScalars.count == 10 else { return text }
    return text + " 00:00:00"
  }

  private func value(_ json: JSON, inList: Bool) throws(DomainFault) -> Scalar {
    do throws(ValueProblem) {
      return try ColumnValue(field: field, operation: leaf.operation, inList: inList).scalar(json)
    } catch {
      throw DomainFault(
        .wrongValue, "\(field.name) is a \(field.type.rawValue) field; \(error.fact)", leaf.place,
        hint: error.hint,
        departure: field.type == .date || field.type == .datetime ? .date : nil)
    }
  }
}

extension Scalar {
  fileprivate var isNaN: Bool {
    if case .real(let number) = self { number.isNaN } else { false }
  }
}
