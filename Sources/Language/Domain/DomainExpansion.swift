import JSONText

/// Odoo's rewriting of a domain before it is searched: operators in one form, dotted paths as
/// nested links, `!` pushed to the leaves, links to the same field joined.
struct DomainExpansion {
  let catalog: ModelCatalog

  /// The domain as the search engine sees it.
  /// - Throws: unknown fields and models, at any depth.
  func expand(_ domain: Domain, on model: ModelDescription) throws(DomainFault) -> Domain {
    combined(pushedDown(try linked(domain, on: model)), on: model)
  }

  /// `a.b.c OP v` is `a any [b any [c OP v]]`.
  private func linked(_ domain: Domain, on model: ModelDescription) throws(DomainFault) -> Domain {
    switch domain {
    case .constant: return domain
    case .not(let inner): return .not(try linked(inner, on: model))
    case .all(let parts):
      return .all(try parts.map { part throws(DomainFault) in try linked(part, on: model) })
    case .any(let parts):
      return .any(try parts.map { part throws(DomainFault) in try linked(part, on: model) })
    case .leaf(let leaf):
      return try split(leaf.path, place: leaf.place, on: model) { rest in
        .leaf(leaf.with(path: rest))
      } ?? .leaf(leaf)
    case .link(let link):
      let nested = try split(link.field, place: link.place, on: model) { rest in
        .link(
          LinkClause(field: rest, isNegated: link.isNegated, domain: link.domain, place: link.place)
        )
      }
      if let nested { return nested }
      let comodel = try comodel(of: link.field, place: link.place, on: model)
      return .link(
        LinkClause(
          field: link.field, isNegated: link.isNegated,
          domain: try linked(link.domain, on: comodel),
          place: link.place))
    }
  }

  /// The first hop of a dotted path as a link around the rest; nil for a path of one name, and for
  /// one through a field that leads nowhere: that is refused where it is asked about, since
  /// constants beside it may decide before.
  private func split(
    _ path: String, place: Place, on model: ModelDescription, rest: (String) -> Domain
  ) throws(DomainFault) -> Domain? {
    guard let dot = path.firstIndex(of: ".") else {
      _ = try model.field(path, at: place)
      return nil
    }
    let (head, tail) = (String(path[..<dot]), String(path[path.index(after: dot)...]))
    guard try model.field(head, at: place).type.isRelational else { return nil }
    let comodel = try comodel(of: head, place: place, on: model)
    return .link(
      LinkClause(
        field: head, isNegated: false, domain: try linked(rest(tail), on: comodel), place: place))
  }

  private func comodel(
    of name: String, place: Place, on model: ModelDescription
  ) throws(DomainFault) -> ModelDescription {
    let field = try model.field(name, at: place)
    guard field.type.isRelational else { throw field.leadsNowhere(from: model, place) }
    return try catalog.comodel(of: field, on: model, at: place)
  }

  private func pushedDown(_ domain: Domain) -> Domain {
    switch domain {
    case .constant, .leaf: domain
    case .not(let inner): pushedDown(inner).negated
    case .all(let parts): .conjunction(parts.map(pushedDown))
    case .any(let parts): .disjunction(parts.map(pushedDown))
    case .link(let link):
      .link(
        LinkClause(
          field: link.field, isNegated: link.isNegated, domain: pushedDown(link.domain),
          place: link.place))
    }
  }

  /// Joins links to one field, where that cannot change the answer but for `active`, which then
  /// counts as named for all of them: Odoo does the same. What was joined is looked through again.
  private func combined(_ domain: Domain, on model: ModelDescription) -> Domain {
    descended(joined(domain, on: model), from: model)
  }

  /// This level alone, the domains of its links as they are: each is looked at once.
  private func joined(_ domain: Domain, on model: ModelDescription) -> Domain {
    switch domain {
    case .constant, .leaf, .link: domain
    case .not(let inner): joined(inner, on: model).negated
    case .all(let parts):
      .conjunction(merged(parts.map { joined($0, on: model) }, isAnd: true, on: model))
    case .any(let parts):
      .disjunction(merged(parts.map { joined($0, on: model) }, isAnd: false, on: model))
    }
  }

  private func descended(_ domain: Domain, from model: ModelDescription) -> Domain {
    switch domain {
    case .constant, .leaf: return domain
    case .not(let inner): return .not(descended(inner, from: model))
    case .all(let parts): return .all(parts.map { descended($0, from: model) })
    case .any(let parts): return .any(parts.map { descended($0, from: model) })
    case .link(let link):
      guard let field = model[link.field], let relation = field.relation,
        let comodel = catalog[relation]
      else { return domain }
      return .link(
        LinkClause(
          field: link.field, isNegated: link.isNegated, domain: combined(link.domain, on: comodel),
          place: link.place))
    }
  }

  private func merged(_ parts: [Domain], isAnd: Bool, on model: ModelDescription) -> [Domain] {
    var kept: [Domain] = []
    var slots: [String: Int] = [:]
    for part in parts {
      guard case .link(let link) = part else {
        kept.append(part)
        continue
      }
      let isSingle = model[link.field]?.type == .many2one
      let key = (link.isNegated ? "!" : "") + link.field
      // Two "any" hold together only of a single record; two "not any" fall together only of one.
      guard isSingle || isAnd == link.isNegated else {
        kept.append(part)
        continue
      }
      guard let slot = slots[key], case .link(let earlier) = kept[slot] else {
        slots[key] = kept.count
        kept.append(part)
        continue
      }
      let both = [earlier.domain, link.domain]
      let joined: Domain = isAnd == link.isNegated ? .disjunction(both) : .conjunction(both)
      kept[slot] = .link(
        LinkClause(
          field: link.field, isNegated: link.isNegated, domain: joined, place: earlier.place))
    }
    return kept
  }
}

extension Leaf {
  /// `<>` is `!=`, `in` with a boolean is `=`, `=` with a list is `in` (Odoo's `normalize_leaf`).
  var normalised: Leaf {
    switch (operation, value) {
    case (.otherNotEqual, _): with(operation: .notEqual).normalised
    case (.isIn, .bool): with(operation: .equal)
    case (.notIn, .bool): with(operation: .notEqual)
    case (.equal, .array): with(operation: .isIn)
    case (.notEqual, .array): with(operation: .notIn)
    default: self
    }
  }
}

extension ModelDescription {
  /// - Throws: `unknown_field` with the nearest name.
  func field(_ name: String, at place: Place?) throws(DomainFault) -> FieldDescription {
    guard let field = self[name] else {
      throw DomainFault(
        .unknownField, "\(self.name) has no field \(Spelling.shown(name))", place,
        hint: Spelling.nearest(to: name, among: fields.keys).map { "did you mean \"\($0)\"?" },
        // Of a model that nothing describes, what did not come may be there in Odoo.
        departure: origin == .inferred ? .absent : nil)
    }
    return field
  }
}

extension FieldDescription {
  func leadsNowhere(from model: ModelDescription, _ place: Place) -> DomainFault {
    DomainFault(
      .notALink,
      "\(model.name).\(name) is a \(type.rawValue) field and leads to no other records",
      place, hint: "a dot and \"any\" need a many2one, one2many or many2many field")
  }
}

extension ModelCatalog {
  func comodel(
    of field: FieldDescription, on model: ModelDescription, at place: Place?
  ) throws(DomainFault) -> ModelDescription {
    guard let name = field.relation, let comodel = self[name] else {
      throw DomainFault(
        .unknownModel,
        "\(model.name).\(field.name) leads to \(field.relation ?? "a model that is not known"), of which the snapshot holds no records",
        place, hint: "add that model's file to the snapshot, or leave this condition out",
        departure: .absent)
    }
    return comodel
  }
}
