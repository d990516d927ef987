import JSONText

/// Looking records up by name, each model by its own rule (Odoo's `_name_search`).
extension Resolver {
  func records(
    named leaf: Leaf, in scope: Scope, _ notes: inout ResolverNotes
  ) throws(DomainFault) -> RecordSet {
    guard !Departures.cappedNameSearch.contains(scope.model.name) else {
      throw DomainFault(
        .notSearchable, "\(scope.model.name) has no names of its own to look up", leaf.place,
        hint: "name the field: a path such as reg_ids.value or reg_ids.partner_id.name")
    }
    switch scope.model.name {
    case "res.country": return try countries(leaf, in: scope, &notes)
    case "res.country.state": return try states(leaf, in: scope, &notes)
    case "res.users": return try users(leaf, in: scope, &notes)
    case "res.partner.category": return try search(building: categories(leaf), in: scope, &notes)
    default: return try search(building: try named(leaf, on: scope.model), in: scope, &notes)
    }
  }

  /// The fields that make a model's name.
  private func nameFields(_ model: ModelDescription) -> [String] {
    switch model.name {
    case "res.partner": ["complete_name", "email", "ref", "vat", "company_registry"]
    case "g2p.phone.number": ["phone_no"]
    case "g2p.reg.rel": ["source", "destination"]
    case "gender.type": ["value"]
    default: ["name"]
    }
  }

  private func named(_ leaf: Leaf, on model: ModelDescription) throws(DomainFault) -> Domain {
    if leaf.value == .string(""), leaf.operation == .like || leaf.operation == .ilike {
      return .constant(true)
    }
    let fields = nameFields(model).filter { model[$0] != nil }
    guard !fields.isEmpty else {
      throw DomainFault(.notSearchable, "\(model.name) has no names to look up", leaf.place)
    }
    let leaves = fields.map { Domain.leaf(leaf.with(path: $0)) }
    return leaf.operation.isNegative ? .conjunction(leaves) : .disjunction(leaves)
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
