import JSONText

/// Looking records up by name, each model by its own rule (Odoo's `_name_search`).
extension Resolver {
  func records(
    named leaf: Leaf, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    switch scope.model.name {
    case "res.country": return try countries(leaf, in: scope, &notes)
    case "res.country.state": return try states(leaf, in: scope, &notes)
    case "res.users": return try users(leaf, in: scope, &notes)
    case "res.partner.category": return try search(building: categories(leaf), in: scope, &notes)
    default: break
    }
    if let field = Departures.cappedNames[scope.model.name], scope.model[field] != nil {
      return try capped(leaf, by: field, in: scope, &notes)
    }
    return try search(building: try named(leaf, on: scope.model), in: scope, &notes)
  }

  /// By `_rec_names_search`, else by `_rec_name`: one of the fields, or, for a negative operator, all.
  private func named(_ leaf: Leaf, on model: ModelDescription) throws(DomainFault) -> Domain {
    let known = model.recNamesSearch.filter { knows($0, on: model) }
    let fields = known.isEmpty ? [model.nameField?.name].compactMap(\.self) : known
    guard !fields.isEmpty else {
      // Odoo warns, and takes every record.
      if model.isNamingKnown || model.isManual { return .constant(true) }
      throw DomainFault(
        .notSearchable, "nothing says what names a record of \(model.name)", leaf.place,
        hint: "write a path to one of its fields, or export what names it (_rec_name)",
        departure: .absent)
    }
    if leaf.value == .string(""), leaf.operation == .like || leaf.operation == .ilike {
      return .constant(true)
    }
    let leaves = fields.map { Domain.leaf(leaf.with(path: $0)) }
    return leaf.operation.isNegative ? .conjunction(leaves) : .disjunction(leaves)
  }

  /// Whether the first field of a path is described.
  private func knows(_ path: String, on model: ModelDescription) -> Bool {
    path.split(separator: ".").first.map { model[String($0)] != nil } ?? false
  }

  /// By the name of another record, and of at most a hundred, whichever those are.
  private func capped(
    _ leaf: Leaf, by field: String, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    let isAll = leaf.value.isFalsy
    let found = try search(
      building: isAll ? .constant(true) : .leaf(leaf.with(path: field)), in: scope, &notes)
    notes.guards.append(
      Guard(
        fact: .isAtMost(Departures.nameCap, found),
        fault: DomainFault(
          .notSearchable,
          "more than \(Departures.nameCap) records of \(scope.model.name) have such a name, and Odoo takes any \(Departures.nameCap) of them",
          leaf.place,
          hint: "name the field: a path such as reg_ids.value or reg_ids.partner_id.name",
          departure: .capped)))
    return found
  }

  /// A name of two letters is tried as a country code as well, whatever the operator.
  private func countries(
    _ leaf: Leaf, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    guard leaf.operation != .equalIfSet else { throw noSuchLookUp(leaf) }
    let length = leaf.value.elements?.count ?? leaf.value.text?.unicodeScalars.count
    var sets: [RecordSet] = []
    if length == 2 {
      let code = leaf.with(path: "code", operation: .ilike, value: .string(leaf.value.pythonText))
      sets.append(try search(building: .leaf(code), in: scope, &notes))
    }
    sets.append(try search(building: .leaf(leaf.with(path: "name")), in: scope, &notes))
    return .joined(sets)
  }

  /// By code, then by name; `State (Country)` if neither is found.
  private func states(
    _ leaf: Leaf, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    if leaf.operation == .ilike, leaf.value.pythonText.allSatisfy(\.isWhitespace) {
      return try search(building: .constant(true), in: scope, &notes)
    }
    let code = leaf.with(
      path: "code", operation: .equalIlike, value: .string(leaf.value.pythonText))
    let found = RecordSet.joined([
      try search(building: .leaf(code), in: scope, &notes),
      try search(building: .leaf(leaf.with(path: "name")), in: scope, &notes),
    ])
    let pairs = leaf.statePairs
    guard !pairs.isEmpty else { return found }
    let fallback = try search(building: .disjunction(pairs), in: scope, &notes)
    return otherwise(found, fallback, of: scope.model.name)
  }

  /// By login; by name if no login is found.
  private func users(
    _ leaf: Leaf, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    let byName = try search(building: .leaf(leaf.with(path: "name")), in: scope, &notes)
    guard !leaf.operation.isNegative else { return byName }
    let isBlank = leaf.operation == .ilike && leaf.value.pythonText.allSatisfy(\.isWhitespace)
    let login: Domain =
      isBlank ? .constant(true) : .leaf(leaf.with(path: "login", operation: .equal).normalised)
    return otherwise(try search(building: login, in: scope, &notes), byName, of: scope.model.name)
  }

  /// Only the last part of `North / East` is looked up.
  private func categories(_ leaf: Leaf) -> Domain {
    guard let text = leaf.value.text, !text.isEmpty else {
      return leaf.value.isFalsy ? .constant(true) : .leaf(leaf.with(path: "name"))
    }
    var last = Substring(text)
    while let mark = last.range(of: " / ") { last = last[mark...] }
    return .leaf(leaf.with(path: "name", value: .string(String(last))))
  }

  /// The first set, or the second if the first is empty.
  private func otherwise(_ first: RecordSet, _ second: RecordSet, of model: String) -> RecordSet {
    .joined([
      first,
      .matching(
        model: model, .all([.not(.exists(first)), .isMember(.id, second, negated: false)])),
    ])
  }

  private func noSuchLookUp(_ leaf: Leaf) -> DomainFault {
    DomainFault(
      .wrongOperator, "\"\(leaf.operation.rawValue)\" cannot look up a name here", leaf.place,
      hint: "use \"=\"")
  }
}

extension Leaf {
  /// `Alabama (US)`: the state's name, and the country's name or code.
  fileprivate var statePairs: [Domain] {
    guard operation == .equal || operation == .ilike || operation == .isIn else { return [] }
    let names = value.elements?.compactMap(\.text) ?? [value.text ?? ""]
    return names.compactMap { name in
      guard name.hasSuffix(")"), let open = name.lastIndex(of: "("), open > name.startIndex else {
        return nil
      }
      let country = JSON.string(name[name.index(after: open)...].dropLast().trimmed)
      let state = JSON.string(name[..<open].trimmed)
      let inCountry: Domain = .disjunction([
        .leaf(with(path: "country_id.name", operation: .ilike, value: country)),
        .leaf(with(path: "country_id.code", operation: .equal, value: country)),
      ])
      let exact = operation == .ilike ? Operator.ilike : .equal
      return .conjunction([.leaf(with(path: "name", operation: exact, value: state)), inCountry])
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    let front = drop(while: \.isWhitespace)
    return String(front.reversed().drop(while: \.isWhitespace).reversed())
  }

  /// The index after the first occurrence of a text.
  fileprivate func range(of text: String) -> Index? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
