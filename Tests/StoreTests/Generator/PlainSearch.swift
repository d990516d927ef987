import JSONText
import Language

/// Searches a made-up registry record by record, by Odoo's rules in their plainest form: slow,
/// short, and written without a look at `Predicate` or SQL.
struct PlainSearch {
  /// What holds of a record; nil is SQL's unknown, which is not picked.
  typealias Condition = (Int64) -> Bool?

  let registry: SmallRegistry

  /// The ids that a domain picks, ascending.
  /// - Throws: `Refusal`.
  func ids(_ domain: Domain, on model: String, activeTest: Bool) throws -> [Int64] {
    let plain = try PlainDomain(domain, on: model)
    // The domain as it was written decides whether it is false, and whether it names `active`.
    if Self.foregone(domain) == false { return [] }
    let hides = activeTest && !Self.names(SmallModels.active(model)?.name, domain)
    return try picked(plain, on: model, hidesArchived: hides, activeTest).sorted()
  }

  /// A search inside a search.
  func inner(_ domain: PlainDomain, on model: String, activeTest: Bool) throws -> Set<Int64> {
    if domain.foregone == false { return [] }
    return try picked(
      domain, on: model,
      hidesArchived: activeTest && !domain.names(SmallModels.active(model)?.name), activeTest)
  }

  private func picked(
    _ domain: PlainDomain, on model: String, hidesArchived: Bool, _ activeTest: Bool
  ) throws -> Set<Int64> {
    let condition = try condition(domain, on: model, activeTest)
    return Set(
      registry.ids(of: model).filter { id in
        condition(id) == true && (!hidesArchived || isLive(id, model))
      })
  }

  /// Not archived, nor without a word on it.
  func isLive(_ id: Int64, _ model: String) -> Bool {
    guard let active = SmallModels.active(model) else { return true }
    guard active.inheritedOver.isEmpty else {
      guard let person = value(active.inheritedOver, id, model).integer else { return false }
      return isLive(person, SmallModels.person)
    }
    return value(active.name, id, model) == true
  }

  func condition(
    _ domain: PlainDomain, on model: String, _ activeTest: Bool
  ) throws -> Condition {
    switch domain {
    case .constant(let flag): return { _ in flag }
    case .all(let parts):
      let all = try parts.map { try condition($0, on: model, activeTest) }
      return { id in PlainDomain.foregone(all.map { $0(id) }, dominant: false) }
    case .any(let parts):
      let any = try parts.map { try condition($0, on: model, activeTest) }
      return { id in PlainDomain.foregone(any.map { $0(id) }, dominant: true) }
    case .link(let field, let isNegated, let inner):
      if let joined = try joined(field, domain, on: model, activeTest) { return joined }
      return try link(field, isNegated, inner, on: model, activeTest)
    case .leaf(let name, let sign, let value, let isNot):
      if let joined = try joined(name, domain, on: model, activeTest) { return joined }
      guard let field = SmallModels.field(name, of: model) else { throw Refusal() }
      let leaf = PlainLeaf(field: field, sign: sign, value: value)
      let condition = try self.leaf(leaf, on: model, activeTest)
      return isNot ? { id in condition(id).map { !$0 } } : condition
    }
  }

  /// A condition on a field that is inherited: it is asked of the other record itself. Nil for a
  /// field of the model's own.
  private func joined(
    _ name: String, _ domain: PlainDomain, on model: String, _ activeTest: Bool
  ) throws -> Condition? {
    guard let field = SmallModels.field(name, of: model), !field.inheritedOver.isEmpty else {
      return nil
    }
    let condition = try condition(domain, on: SmallModels.person, activeTest)
    return { id in value(field.inheritedOver, id, model).integer.flatMap(condition) }
  }

  /// There is a linked record for which …; through a many2one the archived count, from there on.
  private func link(
    _ name: String, _ isNegated: Bool, _ domain: PlainDomain, on model: String, _ activeTest: Bool
  ) throws -> Condition {
    guard let field = SmallModels.field(name, of: model) else { throw Refusal() }
    let found = try inner(
      domain, on: field.relation, activeTest: activeTest && field.isToMany)
    let isForegone = domain.foregone == false
    return { id in
      let targets = linked(field, id, model)
      if targets.isEmpty, !field.isToMany { return isNegated ? true : Self.unset(isIn: found) }
      // Odoo writes `NOT IN (NULL)`.
      if isForegone, isNegated, !field.isToMany { return nil }
      return found.isDisjoint(with: targets) == isNegated
    }
  }

  private func leaf(_ leaf: PlainLeaf, on model: String, _ activeTest: Bool) throws -> Condition {
    let (field, leaf) = (leaf.field, leaf.normalised)
    if !field.related.isEmpty {
      let hops = field.related.split(separator: ".").map(String.init)
      return try condition(
        .link(
          field: hops[0], isNegated: false,
          .leaf(field: hops[1], sign: leaf.sign, value: leaf.value, isNot: false)),
        on: model, activeTest)
    }
    if leaf.isTree { return try tree(leaf, on: model, activeTest) }
    guard field.isStored else { throw Refusal() }
    if field.isToMany { return try toMany(leaf, on: model, activeTest) }
    if field.isLink, leaf.isNames { return try named(leaf, on: model) }
    let condition = try leaf.condition()
    return { id in condition(self.value(field.name, id, model)) }
  }

  func value(_ field: String, _ id: Int64, _ model: String) -> JSON {
    field == "id" ? .int(id) : registry.records[model]?[id]?[field] ?? .null
  }

  /// `NULL IN (…)`: false for the empty set, else unknown.
  static func unset(isIn set: Set<Int64>) -> Bool? { set.isEmpty ? false : nil }

  /// The records that a field leads to.
  func linked(_ field: SmallField, _ id: Int64, _ model: String) -> Set<Int64> {
    if field.type == "one2many" {
      return Set(
        registry.ids(of: field.relation).filter {
          value(field.inverse, $0, field.relation) == .int(id)
        })
    }
    let stored = value(field.name, id, model)
    return Set((stored.elements ?? [stored]).compactMap(\.integer))
  }
}

extension PlainSearch {
  /// Odoo's `is_false`, on the domain as it was written.
  private static func foregone(_ domain: Domain) -> Bool? {
    switch domain {
    case .constant(let flag): return flag
    case .not(let inner): return foregone(inner).map { !$0 }
    case .all(let parts): return PlainDomain.foregone(parts.map(foregone), dominant: false)
    case .any(let parts): return PlainDomain.foregone(parts.map(foregone), dominant: true)
    case .link: return nil
    case .leaf(let leaf):
      let sign = leaf.operation.rawValue
      guard sign == "in" || sign == "not in", PlainValue.isFalsy(leaf.value) else { return nil }
      return sign == "not in"
    }
  }

  private static func names(_ field: String?, _ domain: Domain) -> Bool {
    switch domain {
    case .constant: false
    case .not(let inner): names(field, inner)
    case .all(let parts), .any(let parts): parts.contains { names(field, $0) }
    case .link(let link): link.field == field
    case .leaf(let leaf): leaf.path == field
    }
  }
}
