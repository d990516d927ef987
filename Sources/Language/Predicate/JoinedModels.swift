/// Fields that Odoo reads over a join instead of a search of its own: those that a model inherits
/// (`_inherits`), and links that are declared with `auto_join`. In a joined table archived records
/// count, nothing is switched off behind it, and `NOT` stands before the condition itself, so that a
/// record of which it is unknown (a NULL in it) is not picked.
extension Resolver {
  /// Where a field comes from that a model inherits; nil for a field of its own.
  func inheritance(of field: FieldDescription, on model: ModelDescription) -> Inheritance? {
    guard !field.isStored, let related = field.related else { return nil }
    for (parent, link) in model.inherits where related == "\(link).\(field.name)" {
      guard let link = model[link], link.isPresent, let parent = catalog[parent] else { continue }
      return Inheritance(link: link, parent: parent)
    }
    return nil
  }

  func isJoined(_ field: FieldDescription, of model: ModelDescription) -> Bool {
    Resolver.joinedFields[model.name]?.contains(field.name) == true
  }

  /// Many2one fields that Odoo's and OpenG2P's modules declare with `auto_join`.
  private static let joinedFields = [
    "g2p.group.membership": ["group", "individual"],
    "res.users": ["partner_id"],
  ]

  /// `any` and `not any` over a joined link.
  func joined(
    _ link: LinkClause, _ field: FieldDescription, _ comodel: ModelDescription, in scope: Scope,
    _ notes: inout ResolverNotes, negated: Bool
  ) throws(DomainFault) -> Predicate {
    let isUnmet = link.isNegated != negated
    let found = try condition(
      link.domain, in: Scope(model: comodel, activeTest: scope.activeTest), &notes, negated: isUnmet
    )
    let column = scope.column(field)
    let member = Predicate.isMember(
      column, .matching(model: comodel.name, found), negated: false)
    return link.isNegated && !negated ? .any([.isNull(column), member]) : member
  }

  /// That a record is not archived: `active = 1`, compared strictly, so that a NULL is hidden as
  /// well. Nil where archived records count, or nothing tells them.
  func activeOnly(_ scope: Scope) -> Predicate? {
    guard scope.activeTest, let active = scope.model.activeField else { return nil }
    return isTrue(active.name[...], of: scope.model, hops: 8)
  }

  /// A boolean of the model, or of one that a path of many2one fields leads to.
  private func isTrue(_ path: Substring, of model: ModelDescription, hops: Int) -> Predicate? {
    let names = path.split(separator: ".", maxSplits: 1)
    guard hops > 0, let first = names.first, let field = model[String(first)] else { return nil }
    if names.count == 1, field.isStored {
      return field.isPresent
        ? .compare(Column(name: field.name, type: field.type), .equal, .boolean(true)) : nil
    }
    guard names.count == 2 else {
      return field.related.flatMap { isTrue($0[...], of: model, hops: hops - 1) }
    }
    guard field.type == .many2one, field.isStored, field.isPresent,
      let comodel = field.relation.flatMap({ catalog[$0] }),
      let found = isTrue(names[1], of: comodel, hops: hops - 1)
    else { return nil }
    return .isMember(
      Column(name: field.name, type: .many2one), .matching(model: comodel.name, found),
      negated: false)
  }
}

/// The record of another model whose fields a record shows as its own.
struct Inheritance {
  let link: FieldDescription
  let parent: ModelDescription

  /// A condition on that record.
  func joined(
    in scope: Scope, _ condition: (Scope) throws(DomainFault) -> Predicate
  ) throws(DomainFault) -> Predicate {
    let found = try condition(Scope(model: parent, activeTest: scope.activeTest))
    return .isMember(
      scope.column(link), .matching(model: parent.name, found), negated: false)
  }
}
