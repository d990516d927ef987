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
        })
    }
    var notes = ResolverNotes()
    let expanded = try DomainExpansion(catalog: catalog).expand(domain, on: description)
    let scope = Scope(model: description, activeTest: activeTest)
    // Odoo looks at the domain as it was written to see whether it is false, and answers before it
    // looks at values; and whether it names `active`: a path through `active` is not yet a link.
    let found =
      domain.foregone == false ? .constant(false) : try condition(expanded, in: scope, &notes)
    let hides = domain.mentions("active") ? nil : scope.activeOnly
    return Query(
      model: model, predicate: .conjunction([hides, found].compactMap { $0 }), guards: notes.guards,
      warnings: DomainWarnings(catalog: catalog).of(domain, on: description), doubts: notes.doubts,
      touched: notes.touched, picksEveryone: found == .constant(true))
  }

  /// A sub-search: the records of a model that meet a domain already expanded.
  func search(
    _ domain: Domain, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    if domain.foregone == false { return .ids([]) }
    let predicate = try condition(domain, in: scope, &notes)
    let hides = domain.mentions("active") ? nil : scope.activeOnly
    return .matching(
      model: scope.model.name, .conjunction([hides, predicate].compactMap { $0 }))
  }

  /// A search for a condition that we build ourselves, such as a look-up by name.
  func search(
    building domain: Domain, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    try search(
      try DomainExpansion(catalog: catalog).expand(domain, on: scope.model), in: scope, &notes)
  }

  private func condition(
    _ domain: Domain, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> Predicate {
    switch domain {
    case .constant(let flag): return .constant(flag)
    case .leaf(let leaf): return try condition(leaf, in: scope, &notes)
    case .link(let link): return try condition(link, in: scope, &notes)
    case .not(let inner): return .not(try condition(inner, in: scope, &notes))
    case .all(let parts):
      var all: [Predicate] = []
      for part in parts { all.append(try condition(part, in: scope, &notes)) }
      return .conjunction(all)
    case .any(let parts):
      var any: [Predicate] = []
      for part in parts { any.append(try condition(part, in: scope, &notes)) }
      return .disjunction(any)
    }
  }

  private func condition(
    _ link: LinkClause, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> Predicate {
    let field = try scope.model.field(link.field, at: link.place)
    let comodel = try catalog.comodel(of: field, on: scope.model, at: link.place)
    if let path = related(field) {
      try notes.follow(field, at: link.place)
      defer { notes.relatedHops -= 1 }
      return try condition(path.wrapping(link), in: scope, &notes)
    }
    try requireSearchable(field, in: scope, at: link.place)
    let isJoined = Resolver.joinedFields[scope.model.name]?.contains(field.name) == true
    let set = try lines(
      of: link, field, isJoined, Scope(model: comodel, activeTest: scope.activeTest), &notes)
    notes.touch(field, of: scope.model, at: link.place, nil)
    if comodel.name == "g2p.id.type" { notes.doubt(set, of: comodel, at: link.place) }
    guard field.type == .many2one else {
      return .hasLine(scope.link(field), set, negated: link.isNegated)
    }
    let column = scope.column(field)
    guard link.isNegated else { return .isMember(column, set, negated: false) }
    return .any([
      .isNull(column), isJoined ? unmet(set, column) : .isMember(column, set, negated: true),
    ])
  }

  private func lines(
    of link: LinkClause, _ field: FieldDescription, _ isJoined: Bool, _ scope: Scope,
    _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    if isJoined {
      // Archived records count in the joined table, and nothing is switched off behind it.
      let predicate = try condition(link.domain, in: scope, &notes)
      return .matching(model: scope.model.name, predicate)
    }
    // Through a many2one the archived count, for this hop and all below it.
    let activeTest = scope.activeTest && field.type != .many2one
    return try search(link.domain, in: Scope(model: scope.model, activeTest: activeTest), &notes)
  }

  /// Fields that OpenG2P declares with `auto_join`: Odoo joins their table and puts `NOT` before the
  /// condition, so that a record of which the condition is unknown (a NULL in it) is not picked.
  private static let joinedFields = ["g2p.group.membership": ["group", "individual"]]

  private func unmet(_ set: RecordSet, _ column: Column) -> Predicate {
    guard case .matching(let model, let predicate) = set else {
      return .isMember(column, set, negated: true)
    }
    return .isMember(column, .matching(model: model, .not(predicate)), negated: false)
  }

  private func condition(
    _ leaf: Leaf, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> Predicate {
    // Not before: whether a search inside a search is foregone is asked of `in` as it was written.
    let leaf = leaf.normalised
    let field = try scope.model.field(leaf.path, at: leaf.place)
    if leaf.operation.isHierarchical {
      return try hierarchy(leaf, field, in: scope, &notes)
    }
    if let path = related(field) {
      try notes.follow(field, at: leaf.place)
      defer { notes.relatedHops -= 1 }
      let expanded = try DomainExpansion(catalog: catalog).expand(
        .leaf(leaf.with(path: path.text)), on: scope.model)
      return try condition(expanded, in: scope, &notes)
    }
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

/// The model that is asked about, and whether its archived records are hidden.
struct Scope {
  let model: ModelDescription
  let activeTest: Bool

  /// `active = 1`, compared strictly: a NULL is hidden as well.
  var activeOnly: Predicate? {
    guard activeTest, let active = model["active"], active.isPresent else { return nil }
    return .compare(column(active), .equal, .boolean(true))
  }

  func column(_ field: FieldDescription) -> Column { Column(name: field.name, type: field.type) }

  /// Only for one2many and many2many fields with a known co-model.
  func link(_ field: FieldDescription) -> Link {
    Link(
      model: model.name, field: field.name, comodel: field.relation ?? "",
      inverse: field.type == .one2many ? field.inverse : nil)
  }
}

/// What comes up on the way.
struct ResolverNotes {
  var guards: [Guard] = []
  var doubts: [Doubt] = []
  var touched: [TouchedField] = []
  /// Related fields that are being followed, one inside the other.
  var relatedHops = 0

  /// - Throws: `not_searchable` for related fields that lead in a circle.
  mutating func follow(_ field: FieldDescription, at place: Place) throws(DomainFault) {
    relatedHops += 1
    guard relatedHops <= 16 else {
      throw DomainFault(
        .notSearchable, "the related field \(field.name) leads in a circle", place,
        hint: "the model's description (fields_get) is broken")
    }
  }

  mutating func touch(
    _ field: FieldDescription, of model: ModelDescription, at place: Place, _ leaf: Leaf?
  ) {
    touched.append(
      TouchedField(
        model: model.name, field: field, isPlainBoolean: leaf?.asksTrueOrFalse ?? false,
        place: place))
  }

  /// Says so if nobody has the name that is looked up.
  mutating func doubt(_ set: RecordSet, of model: ModelDescription, at place: Place) {
    doubts.append(
      Doubt(
        ifEmpty: set,
        warning: DomainWarning(
          code: "name_not_found",
          message: "no record of \(model.name) has the name that is asked for",
          place: place)))
  }
}

extension Leaf {
  fileprivate var asksTrueOrFalse: Bool {
    switch (operation, value) {
    case (.equal, .bool), (.notEqual, .bool): true
    case (.isIn, .array(let items)), (.notIn, .array(let items)):
      items.allSatisfy { $0 == .bool(true) || $0 == .bool(false) }
    default: false
    }
  }
}
