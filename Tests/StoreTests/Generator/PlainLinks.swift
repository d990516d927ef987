import JSONText

/// Leaves on fields that lead to other records: names, lists, trees.
extension PlainSearch {
  /// A many2one by name: the names are looked up with the operator, archived ones too.
  func named(_ leaf: PlainLeaf, on model: String) throws -> Condition {
    let isList = leaf.value.elements != nil
    let sign =
      switch leaf.sign {
      case "<", "<=", ">", ">=": isList ? "in" : "="
      case "in", "=": isList ? "in" : "="
      case "not in", "!=": isList ? "not in" : "!="
      case let other: other
      }
    let found = try names(sign, leaf.value, of: leaf.field.relation, activeTest: false)
    let isNegative = PlainLeaf.negatives.contains(sign)
    return { id in
      switch value(leaf.field.name, id, model) {
      case .int(let target): found.contains(target)
      default: isNegative ? true : Self.unset(isIn: found)
      }
    }
  }

  /// Everyone of a model whose name meets a condition.
  private func names(
    _ sign: String, _ value: JSON, of model: String, activeTest: Bool
  ) throws -> Set<Int64> {
    let isAll = value == "" && (sign == "like" || sign == "ilike")
    let names = SmallModels.names(of: model)
    // What nothing names is found by every name.
    guard !isAll, !names.isEmpty else {
      return try inner(.constant(true), on: model, activeTest: activeTest)
    }
    let leaves = names.map { PlainDomain.leaf(field: $0, sign: sign, value: value, isNot: false) }
    return try inner(
      .joined(leaves, isAnd: PlainLeaf.negatives.contains(sign), on: model), on: model,
      activeTest: activeTest)
  }

  /// "Has one of these", and for negative operators "has none of these".
  func toMany(_ leaf: PlainLeaf, on model: String, _ activeTest: Bool) throws -> Condition {
    let isNegative = PlainLeaf.negatives.contains(leaf.sign)
    if leaf.value == false {
      return { id in linked(leaf.field, id, model).isEmpty != isNegative }
    }
    var targets: Set<Int64>
    if case .string = leaf.value {
      let positive = ["!=": "=", "not in": "in", "not like": "like", "not ilike": "ilike"]
      let sign = positive[leaf.sign] ?? leaf.sign
      targets = try names(sign, leaf.value, of: leaf.field.relation, activeTest: activeTest)
      if leaf.field.listsActive { targets = targets.filter { isLive($0, leaf.field.relation) } }
    } else {
      targets = try lineIDs(leaf)
    }
    return { [targets] id in targets.isDisjoint(with: linked(leaf.field, id, model)) == isNegative }
  }

  private func lineIDs(_ leaf: PlainLeaf) throws -> Set<Int64> {
    var ids: Set<Int64> = []
    for item in leaf.value.elements ?? [leaf.value] {
      if leaf.field.type == "many2many", PlainValue.isFalsy(item) { continue }
      switch item {
      case .null: continue
      case .int(let id): ids.insert(id)
      case .string(let text):
        guard let id = Int64(text) else { throw Refusal() }
        ids.insert(id)
      default: throw Refusal()
      }
    }
    return ids
  }

  /// `child_of` and `parent_of`.
  func tree(_ leaf: PlainLeaf, on model: String, _ activeTest: Bool) throws -> Condition {
    let field = leaf.field
    let isUp = leaf.sign == "parent_of"
    if field.name == "id" {
      let set = try closure(leaf, model, activeTest, up: isUp)
      return { set.contains($0) }
    }
    guard field.isLink else { throw Refusal() }
    if field.relation == model {
      // The field makes the tree: seen from the children, up is down.
      let isList = field.isToMany
      let set = try closure(
        leaf, model, activeTest, up: isUp != isList, isLenient: isList,
        overLive: isList && isUp && field.listsActive)
      return { set.contains($0) }
    }
    var set = try closure(leaf, field.relation, activeTest, up: isUp)
    if field.type == "many2many", activeTest { set = set.filter { isLive($0, field.relation) } }
    return { id in
      let targets = linked(field, id, model)
      if targets.isEmpty, !field.isToMany { return Self.unset(isIn: set) }
      return !set.isDisjoint(with: targets)
    }
  }

  private func closure(
    _ leaf: PlainLeaf, _ model: String, _ activeTest: Bool, up: Bool, isLenient: Bool = false,
    overLive: Bool = false
  ) throws -> Set<Int64> {
    let roots = try roots(leaf, model, activeTest)
    let hasTree = SmallModels.field("parent_id", of: model) != nil
    if roots.isEmpty {
      let isFalse = leaf.value.elements?.isEmpty == false && !leaf.isNames
      if !hasTree, isFalse, leaf.sign == "child_of" { throw Refusal() }
      return []
    }
    guard hasTree else { throw Refusal() }
    if leaf.sign == "parent_of", !isLenient, !roots.isSubset(of: registry.ids(of: model)) {
      throw Refusal()
    }
    var found = roots
    while true {
      let next = registry.ids(of: model).filter { id in
        guard !found.contains(id), !overLive || isLive(id, model) else { return false }
        return up
          ? found.contains { value("parent_id", $0, model) == .int(id) }
          : value("parent_id", id, model).integer.map(found.contains) == true
      }
      if next.isEmpty { return found }
      found.formUnion(next)
    }
  }

  /// Ids, or everyone whom a name finds.
  private func roots(
    _ leaf: PlainLeaf, _ model: String, _ activeTest: Bool
  ) throws -> Set<Int64> {
    if leaf.isNames {
      return try (leaf.value.elements ?? [leaf.value]).reduce(into: []) { found, name in
        found.formUnion(try names("ilike", name, of: model, activeTest: activeTest))
      }
    }
    switch leaf.value {
    case .bool(false), .int(0): return []
    case .int(let id): return [id]
    case .array(let items):
      let given = items.filter { !PlainValue.isFalsy($0) }
      if leaf.sign == "child_of", items.contains("") { throw Refusal() }
      return Set(
        try given.map { item in
          if case .double(let number) = item, let id = Int64(exactly: number) { return id }
          guard case .int(let id) = item else { throw Refusal() }
          return id
        })
    default: throw Refusal()
    }
  }
}
