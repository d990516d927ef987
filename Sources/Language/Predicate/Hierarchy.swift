import JSONText

/// `child_of` and `parent_of`: trees by a many2one to the same model.
extension Resolver {
  func hierarchy(
    _ leaf: Leaf, _ field: FieldDescription, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> Predicate {
    if field.name == "id" {
      let set = try closure(leaf, of: scope.model, scope, &notes)
      return .isMember(.id, set, negated: false)
    }
    guard field.type.isRelational else {
      throw DomainFault(
        .wrongOperator,
        "\"\(leaf.operation.rawValue)\" needs a field that leads to other records; \(field.name) is a \(field.type.rawValue) field",
        leaf.place)
    }
    try requireSearchable(field, in: scope, at: leaf.place)
    let comodel = try catalog.comodel(of: field, on: scope.model, at: leaf.place)
    if field.type == .many2many {
      let inner = Scope(model: comodel, activeTest: scope.activeTest)
      let set = try closure(leaf, of: comodel, inner, &notes)
      let seen = RecordSet.matching(
        model: comodel.name,
        .conjunction([activeOnly(inner), .isMember(.id, set, negated: false)].compactMap { $0 }))
      return .hasLine(scope.link(field), seen, negated: false)
    }
    if comodel.name == scope.model.name { return try ownTree(leaf, field, in: scope, &notes) }
    let inner = Scope(model: comodel, activeTest: scope.activeTest)
    let set = try closure(leaf, of: comodel, inner, &notes)
    return field.type == .many2one
      ? .isMember(scope.column(field), set, negated: false)
      : .hasLine(scope.link(field), set, negated: false)
  }

  /// A field to the model itself makes the tree: `parent_id` downwards, its one2many upwards. Where
  /// the tree is stored as paths, those count.
  private func ownTree(
    _ leaf: Leaf, _ field: FieldDescription, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> Predicate {
    if scope.model.hasStoredPath {
      return .isMember(.id, try closure(leaf, of: scope.model, scope, &notes), negated: false)
    }
    let isList = field.type == .one2many
    // Downwards over a list Odoo reads it, and a list may leave archived lines out.
    let readsList = isList && leaf.goesUp
    guard !readsList || !field.listsOnlySome else {
      throw DomainFault(
        .notSearchable, "\(field.name) lists only some records, by a domain of its own", leaf.place,
        hint: "write the condition over \(field.inverse ?? "the parent")", departure: .listDomain)
    }
    let active = readsList && field.listsActiveOnly ? scope.model.activeField?.name : nil
    let tree = Tree(
      parent: isList ? field.inverse ?? "parent_id" : field.name, goesUp: leaf.goesUp != isList,
      mustExist: leaf.goesUp && !isList, active: active)
    let set = try closure(leaf, of: scope.model, scope, &notes, tree)
    return .isMember(.id, set, negated: false)
  }

  /// How a tree is walked.
  private struct Tree {
    let parent: String
    let goesUp: Bool
    /// Whether Odoo refuses ids that are nobody's.
    let mustExist: Bool
    var active: String?
  }

  private func closure(
    _ leaf: Leaf, of model: ModelDescription, _ scope: Scope, _ notes: inout ResolverNotes,
    _ tree: Tree? = nil
  ) throws(DomainFault) -> RecordSet {
    let tree =
      tree ?? Tree(parent: model.parentName, goesUp: leaf.goesUp, mustExist: leaf.goesUp)
    let roots = try roots(leaf, of: model, scope, &notes)
    if case .ids(let ids) = roots, ids.isEmpty {
      // `child_of [false]` is an error where there is no tree, and where it is stored as a path.
      let isFalse = leaf.value.elements?.isEmpty == false && !leaf.goesUp
      guard isFalse, model[tree.parent] == nil || model.hasStoredPath else { return .ids([]) }
      throw DomainFault(.wrongValue, "false is no record of \(model.name)", leaf.place)
    }
    guard let field = model[tree.parent], field.type == .many2one, field.isPresent else {
      let fault = DomainFault(
        .noHierarchy, "\(model.name) has no tree: it has no field \(tree.parent)", leaf.place,
        hint: "\"\(leaf.operation.rawValue)\" works where records have a parent",
        departure: model[tree.parent]?.isPresent == false ? .absent : nil)
      guard case .ids = roots else {
        notes.guards.append(Guard(fact: .isEmpty(roots), fault: fault))
        return .ids([])
      }
      throw fault
    }
    if case .ids(let ids) = roots, tree.mustExist || model.hasStoredPath {
      let fault = DomainFault(
        .unknownRecord, "\(model.name) has no record of one of these ids", leaf.place)
      notes.guards.append(Guard(fact: .allExist(ids: ids, model: model.name), fault: fault))
    }
    return .closure(
      model: model.name, parent: tree.parent, from: roots, up: tree.goesUp, active: tree.active)
  }

  /// The records to start from: ids, or names looked up with `ilike`.
  private func roots(
    _ leaf: Leaf, of model: ModelDescription, _ scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    let inner = Scope(model: model, activeTest: scope.activeTest)
    switch leaf.value {
    case .string:
      return try records(named: leaf.with(operation: .ilike), in: inner, &notes)
    case .array(let items) where leaf.value.isNames:
      var sets: [RecordSet] = []
      for item in items {
        sets.append(
          try records(named: leaf.with(operation: .ilike, value: item), in: inner, &notes))
      }
      return .joined(sets)
    case .array(let items):
      // Odoo passes over false and 0, and finds nothing if nothing is left.
      let given = items.filter { !$0.isFalsy }
      // But where the tree is stored as paths, it asks for the path of each.
      guard given.count == items.count || leaf.goesUp || !model.hasStoredPath else {
        throw DomainFault(.wrongValue, "false is no record of \(model.name)", leaf.place)
      }
      guard leaf.goesUp || !items.contains(.string("")) else {
        throw DomainFault(
          .wrongValue, "a list for \"\(leaf.operation.rawValue)\" holds ids only, or names only",
          leaf.place)
      }
      return .ids(try given.map { item throws(DomainFault) in try rootId(item, leaf) })
    case .int(0), .bool(false): return .ids([])
    case .int: return .ids([try rootId(leaf.value, leaf)])
    default:
      throw DomainFault(
        .wrongValue, "\"\(leaf.operation.rawValue)\" takes an id, a name or a list of either",
        leaf.place)
    }
  }

  private func rootId(_ json: JSON, _ leaf: Leaf) throws(DomainFault) -> Int64 {
    if case .double(let number) = json, let id = Int64(exactly: number) { return id }
    guard case .int(let id) = json else {
      throw DomainFault(
        .wrongValue, "a list for \"\(leaf.operation.rawValue)\" holds ids only, or names only",
        leaf.place)
    }
    return id
  }
}

extension ModelDescription {
  /// Whether Odoo keeps for each record the path of its parents (`_parent_store`).
  fileprivate var hasStoredPath: Bool { self["parent_path"] != nil }
}

extension Leaf {
  fileprivate var goesUp: Bool { operation == .parentOf }
}
