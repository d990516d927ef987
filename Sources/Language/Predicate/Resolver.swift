import JSONText

/// Turns a domain into a predicate over described models, by the rules of Odoo 17's
/// `expression.py` as observed on a running Odoo (`docs/filter-language.md` has them in words).
package struct Resolver: Sendable {
  let catalog: ModelCatalog

  package init(catalog: ModelCatalog) { self.catalog = catalog }

  /// - Parameter activeTest: whether archived records are left out unless the domain names `active`.
  /// - Throws: `DomainFault` where Odoo refuses, and where its answer would be a hazard
  ///   (`Departures`).
  package func resolve(
    _ domain: Domain, on model: String, activeTest: Bool
  ) throws(DomainFault) -> Query {
    guard let description = catalog[model] else {
      throw DomainFault(
        .unknownModel,
        "the snapshot holds no model \(Spelling.shown(model))",
        nil as Place?,
        hint: Spelling.nearest(to: model, among: catalog.models.keys).map {
          "did you mean \"\($0)\"?"
        }, departure: .absent)
    }
    var notes = ResolverNotes()
    let expanded = try DomainExpansion(catalog: catalog).expand(domain, on: description)
    let scope = Scope(model: description, activeTest: activeTest)
    // Odoo looks at the domain as it was written to see whether it is false, and answers before it
    // looks at values; and whether it names `active`: a path through `active` is not yet a link.
    let found =
      domain.foregone == false ? .constant(false) : try condition(expanded, in: scope, &notes)
    return Query(
      model: model, predicate: shown(found, by: domain, in: scope), guards: notes.guards,
      warnings: DomainWarnings(catalog: catalog).of(domain, on: description), doubts: notes.doubts,
      touched: notes.touched, picksEveryone: found == .constant(true))
  }

  /// A sub-search: the records of a model that meet a domain already expanded.
  func search(
    _ domain: Domain, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    if domain.foregone == false { return .ids([]) }
    let found = try condition(domain, in: scope, &notes)
    return .matching(model: scope.model.name, shown(found, by: domain, in: scope))
  }

  /// A search for a condition that we build ourselves, such as a look-up by name.
  func search(
    building domain: Domain, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    try search(
      try DomainExpansion(catalog: catalog).expand(domain, on: scope.model), in: scope, &notes)
  }

  /// Without archived records, unless the domain names the field that tells them.
  private func shown(_ found: Predicate, by domain: Domain, in scope: Scope) -> Predicate {
    if let active = scope.model.activeField, domain.mentions(active.name) { return found }
    return .conjunction([activeOnly(scope), found].compactMap { $0 })
  }

  /// What holds of a record. `negated`: SQL's NOT stands before it, and what is unknown stays so.
  func condition(
    _ domain: Domain, in scope: Scope, _ notes: inout ResolverNotes, negated: Bool = false
  ) throws(DomainFault) -> Predicate {
    switch domain {
    case .constant(let flag): return .constant(flag != negated)
    case .leaf(let leaf): return try condition(leaf, in: scope, &notes, negated: negated)
    case .link(let link): return try condition(link, in: scope, &notes, negated: negated)
    case .not(let inner): return try condition(inner, in: scope, &notes, negated: !negated)
    case .all(let parts), .any(let parts):
      var all: [Predicate] = []
      for part in parts { all.append(try condition(part, in: scope, &notes, negated: negated)) }
      let isAll = if case .all = domain { !negated } else { negated }
      return isAll ? .conjunction(all) : .disjunction(all)
    }
  }

  private func condition(
    _ link: LinkClause, in scope: Scope, _ notes: inout ResolverNotes, negated: Bool
  ) throws(DomainFault) -> Predicate {
    let field = try scope.model.field(link.field, at: link.place)
    if let origin = inheritance(of: field, on: scope.model) {
      return try origin.joined(in: scope) { inner throws(DomainFault) in
        try condition(link, in: inner, &notes, negated: negated)
      }
    }
    let comodel = try catalog.comodel(of: field, on: scope.model, at: link.place)
    if let path = related(field) {
      try notes.follow(field, at: link.place)
      defer { notes.relatedHops -= 1 }
      return try condition(path.wrapping(link), in: scope, &notes, negated: negated)
    }
    try requireSearchable(field, in: scope, at: link.place)
    notes.touch(field, of: scope.model, at: link.place, nil)
    if isJoined(field, of: scope.model) {
      return try joined(link, field, comodel, in: scope, &notes, negated: negated)
    }
    // Through a many2one the archived count, for this hop and all below it.
    let activeTest = scope.activeTest && field.type != .many2one && !field.countsArchived
    let set = try search(
      link.domain, in: Scope(model: comodel, activeTest: activeTest), &notes)
    if comodel.name == "g2p.id.type" { notes.doubt(set, of: comodel, at: link.place) }
    let linked =
      field.type == .many2one
      ? member(scope.column(field), set, link)
      : .hasLine(scope.link(field), set, negated: link.isNegated)
    return negated ? .not(linked) : linked
  }

  private func member(_ column: Column, _ set: RecordSet, _ link: LinkClause) -> Predicate {
    guard link.isNegated else { return .isMember(column, set, negated: false) }
    // A search that is false from the start becomes `NOT IN (NULL)`: unknown, whoever is asked about.
    let unmet: Predicate = set == .ids([]) ? .unknown : .isMember(column, set, negated: true)
    return .any([.isNull(column), unmet])
  }

  private func condition(
    _ leaf: Leaf, in scope: Scope, _ notes: inout ResolverNotes, negated: Bool
  ) throws(DomainFault) -> Predicate {
    // Not before: whether a search inside a search is foregone is asked of `in` as it was written.
    let leaf = leaf.normalised
    if let dot = leaf.path.firstIndex(of: ".") {
      throw try scope.model.field(String(leaf.path[..<dot]), at: leaf.place)
        .leadsNowhere(from: scope.model, leaf.place)
    }
    let field = try scope.model.field(leaf.path, at: leaf.place)
    if let origin = inheritance(of: field, on: scope.model) {
      return try origin.joined(in: scope) { inner throws(DomainFault) in
        try condition(leaf, in: inner, &notes, negated: negated)
      }
    }
    if let path = related(field) {
      try notes.follow(field, at: leaf.place)
      defer { notes.relatedHops -= 1 }
      let expanded = try DomainExpansion(catalog: catalog).expand(
        .leaf(leaf.with(path: path.text)), on: scope.model)
      return try condition(expanded, in: scope, &notes, negated: negated)
    }
    let held = try own(leaf, field, in: scope, &notes)
    return negated ? held.denied : held
  }

  /// A leaf on a field that the model has itself.
  private func own(
    _ leaf: Leaf, _ field: FieldDescription, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> Predicate {
    if leaf.operation.isHierarchical { return try hierarchy(leaf, field, in: scope, &notes) }
    try requireSearchable(field, in: scope, at: leaf.place)
    notes.touch(field, of: scope.model, at: leaf.place, leaf)
    switch field.type {
    case .one2many, .many2many: return try toMany(leaf, field, in: scope, &notes)
    case .many2one: return try manyToOne(leaf, field, in: scope, &notes)
    default:
      return try ScalarCondition(leaf: leaf, field: field, column: scope.column(field)).predicate()
    }
  }
}

extension Predicate {
  /// SQL's NOT.
  fileprivate var denied: Predicate {
    switch self {
    case .constant(let flag): .constant(!flag)
    case .unknown: .unknown
    default: .not(self)
    }
  }
}
