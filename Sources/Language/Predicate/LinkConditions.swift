import JSONText

/// Leaves on fields that lead to other records.
extension Resolver {
  /// A many2one by id, by name, by `false`, by list.
  func manyToOne(
    _ leaf: Leaf, _ field: FieldDescription, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> Predicate {
    guard leaf.value.isNames else {
      return try ScalarCondition(leaf: leaf, field: field, column: scope.column(field)).predicate()
    }
    let comodel = try catalog.comodel(of: field, on: scope.model, at: leaf.place)
    let operation = leaf.nameOperation
    // Archived records are found by name as well.
    let set = try records(
      named: leaf.with(operation: operation), in: Scope(model: comodel, activeTest: false), &notes)
    if leaf.value.isFalsy == false { notes.doubt(set, of: comodel, at: leaf.place) }
    let member = Predicate.isMember(scope.column(field), set, negated: false)
    return operation.isNegative ? .any([member, .isNull(scope.column(field))]) : member
  }

  /// A one2many or many2many compared directly: "has one of these", "has none of these".
  func toMany(
    _ leaf: Leaf, _ field: FieldDescription, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> Predicate {
    let link = scope.link(field)
    let isNegative = leaf.operation.isNegative
    if leaf.value == .bool(false) { return .hasLine(link, nil, negated: !isNegative) }
    guard case .string = leaf.value else {
      return .hasLine(link, .ids(try lineIds(leaf, field)), negated: isNegative)
    }
    guard !field.listsOnlySome else {
      throw DomainFault(
        .notSearchable,
        "\(field.name) lists only some records, by a domain of its own, and cannot be looked into by name",
        leaf.place, hint: "write a path, such as \(field.name).name: it goes over all of them",
        departure: .listDomain)
    }
    let comodel = try catalog.comodel(of: field, on: scope.model, at: leaf.place)
    let positive = isNegative ? leaf.operation.negation ?? leaf.operation : leaf.operation
    let inner = Scope(model: comodel, activeTest: scope.activeTest)
    let set = try records(named: leaf.with(operation: positive), in: inner, &notes)
    let lines: RecordSet =
      field.listsActiveOnly && comodel["active"]?.isPresent == true
      ? .matching(
        model: comodel.name,
        .all([
          .isMember(.id, set, negated: false),
          .compare(Column(name: "active", type: .boolean), .equal, .boolean(true)),
        ]))
      : set
    return .hasLine(link, lines, negated: isNegative)
  }

  /// Numbers are ids. A many2many passes over false and empty ones, a one2many does not.
  private func lineIds(_ leaf: Leaf, _ field: FieldDescription) throws(DomainFault) -> [Int64] {
    let items = leaf.value.elements ?? [leaf.value]
    var ids: [Int64] = []
    for item in items {
      if field.type == .many2many, item.isFalsy { continue }
      switch item {
      case .null: continue
      case .int(let id): ids.append(id)
      case .double(let number): if let id = Int64(exactly: number) { ids.append(id) }
      case .string(let text):
        guard let id = PythonNumber.postgresInteger(text) else { fallthrough }
        guard Int32(exactly: id) != nil else {
          throw DomainFault(.wrongValue, "an id beyond 32 bits, written as text", leaf.place)
        }
        ids.append(id)
      default:
        throw DomainFault(
          .wrongValue,
          "\(field.name) takes ids, or one name; this list has \(item == .bool(true) || item == .bool(false) ? "true or false" : "something else") in it",
          leaf.place, hint: "one leaf for each name, joined with \"|\"")
      }
    }
    return ids
  }
}

extension JSON {
  /// A string, or a list of nothing but strings: what a many2one looks up by name.
  var isNames: Bool {
    switch self {
    case .string: true
    case .array(let items): !items.isEmpty && items.allSatisfy { $0.text != nil }
    default: false
    }
  }
}

extension Leaf {
  /// The operator that names are looked up with: an order makes no sense, a list needs `in`.
  fileprivate var nameOperation: Operator {
    let isList = value.elements != nil
    switch operation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return isList ? .isIn : .equal
    case .isIn where !isList: return .equal
    case .notIn where !isList: return .notEqual
    case .equal where isList: return .isIn
    case .notEqual where isList: return .notIn
    default: return operation
    }
  }
}
