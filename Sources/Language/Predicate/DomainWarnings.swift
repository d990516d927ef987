import JSONText

/// What Odoo accepts, quietly changes, and is almost surely a mistake. Said, never refused.
struct DomainWarnings {
  let catalog: ModelCatalog

  /// - Parameter domain: as it was written.
  func of(_ domain: Domain, on model: ModelDescription) -> [DomainWarning] {
    domain.ownConditions.flatMap { condition -> [DomainWarning] in
      switch condition {
      case .leaf(let leaf):
        guard let field = field(leaf.path, on: model) else { return [] }
        return [changed(leaf), mistyped(leaf, field)].compactMap { $0 }
      case .link(let link):
        guard let comodel = field(link.field, on: model)?.relation.flatMap({ catalog[$0] }) else {
          return []
        }
        return of(link.domain, on: comodel)
      default: return []
      }
    }
  }

  /// The field at the end of a dotted path.
  private func field(_ path: String, on model: ModelDescription) -> FieldDescription? {
    var current: ModelDescription? = model
    var field: FieldDescription?
    for name in path.split(separator: ".") {
      field = current?[String(name)]
      current = field?.relation.flatMap { catalog[$0] }
    }
    return field
  }

  private func changed(_ leaf: Leaf) -> DomainWarning? {
    let normal = leaf.normalised.operation
    guard normal != leaf.operation, normal != .notEqual || leaf.operation != .otherNotEqual else {
      return nil
    }
    return warning(
      "operator_changed",
      "Odoo takes \"\(leaf.operation.rawValue)\" with this value for \"\(normal.rawValue)\"",
      leaf)
  }

  private func mistyped(_ leaf: Leaf, _ field: FieldDescription) -> DomainWarning? {
    let values = leaf.value.elements ?? [leaf.value]
    switch field.type {
    case .boolean where values.contains { $0.text != nil }:
      return warning(
        "value_of_other_type",
        "\(field.name) is true or false; any text that is not empty counts as true", leaf)
    case .integer, .float, .monetary:
      guard !leaf.operation.isContains, values.contains(where: { $0.text != nil }) else {
        return nil
      }
      return warning(
        "value_of_other_type", "\(field.name) is a number, and is compared with text", leaf)
    case .char, .text, .html:
      guard values.contains(where: { $0.pythonNumber != nil && !$0.isUnset }) else { return nil }
      return warning(
        "value_of_other_type", "\(field.name) is text, and is compared with something else", leaf)
    case .selection: return unknownKey(leaf, field, values)
    case .many2one, .one2many, .many2many: return orderedByName(leaf, field)
    default: return nil
    }
  }

  private func unknownKey(
    _ leaf: Leaf, _ field: FieldDescription, _ values: [JSON]
  ) -> DomainWarning? {
    let isExact = [.equal, .notEqual, .otherNotEqual, .isIn, .notIn, .equalIfSet].contains(
      leaf.operation)
    let strangers = values.compactMap(\.text).filter {
      !$0.isEmpty && !field.selection.contains($0)
    }
    guard isExact, !field.selection.isEmpty, !strangers.isEmpty else { return nil }
    return warning(
      "unknown_choice",
      "\(field.name) has no such choice; its keys are \(field.selection.prefix(20).joined(separator: ", "))",
      leaf)
  }

  private func orderedByName(_ leaf: Leaf, _ field: FieldDescription) -> DomainWarning? {
    let isOrder = [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(leaf.operation)
    guard isOrder else { return nil }
    return warning(
      "order_of_links",
      "\(field.name) leads to records, which have no order; Odoo takes this for another operator or compares ids",
      leaf)
  }

  private func warning(_ code: String, _ message: String, _ leaf: Leaf) -> DomainWarning {
    DomainWarning(code: code, message: message, place: leaf.place)
  }
}
