/// Where we refuse and Odoo answers. These are all of them, each with its reason; the conformance
/// test holds that nothing else differs. We never answer with other ids.
///
/// 1. A field that is neither stored nor has a search method (`age`, `display_name`). Odoo logs an
///    error and lets the leaf pick everyone, even under `!`.
/// 2. Something wrong behind a foregone answer: `[["bogus", "in", []]]`, or a leaf beside
///    `[0, "=", 1]`. Odoo answers "nobody" before it looks at field names and values.
/// 3. Look-up by name in `g2p.reg.id` and `g2p.group.membership`. OpenG2P caps it at 100 lines
///    without an order: which 100 is up to PostgreSQL.
/// 4. A date in a form that depends on the server's settings or the day (`today`, `July 4, 2020`).
/// 5. A field that the model has and this snapshot does not hold, or a model that it does not hold.
/// 6. A domain beyond `DomainParser.Limits`, or a pattern beyond `LikePattern.longest`.
package enum Departures {
  static func requireSearchable(
    _ field: FieldDescription, in scope: Scope, at place: Place
  ) throws(DomainFault) {
    guard field.type != .binary, field.type != .other else {
      throw DomainFault(
        .notSearchable,
        "\(scope.model.name).\(field.name) is a \(field.type.rawValue) field, which cannot be searched",
        place)
    }
    guard field.isStored else {
      throw DomainFault(
        .notSearchable,
        "\(scope.model.name).\(field.name) is computed, not stored, and cannot be searched",
        place,
        hint: "Odoo would ignore this condition and pick everyone; use a stored field")
    }
    guard field.isPresent else {
      throw DomainFault(
        .absentField, "the snapshot in force does not hold \(scope.model.name).\(field.name)",
        place,
        hint: "export that field as well, or leave this condition out")
    }
  }

  /// Models whose look-up by name OpenG2P caps.
  static let cappedNameSearch: Set<String> = ["g2p.reg.id", "g2p.group.membership"]
}

extension Resolver {
  func requireSearchable(
    _ field: FieldDescription, in scope: Scope, at place: Place
  ) throws(DomainFault) {
    try Departures.requireSearchable(field, in: scope, at: place)
  }

  /// The path that a related field stands for, if it is one that is not stored itself.
  func related(_ field: FieldDescription) -> RelatedPath? {
    guard !field.isStored, field.isSearchable, let path = field.related else { return nil }
    return RelatedPath(text: path)
  }
}

/// `kind_as_str` stands for `kind.name`.
struct RelatedPath {
  let text: String

  /// A link through the related path in place of the field.
  func wrapping(_ link: LinkClause) -> LinkClause {
    let hops = text.split(separator: ".").map(String.init)
    var current = LinkClause(
      field: hops[hops.count - 1], isNegated: false, domain: link.domain, place: link.place)
    for hop in hops.dropLast().reversed() {
      current = LinkClause(field: hop, isNegated: false, domain: .link(current), place: link.place)
    }
    return LinkClause(
      field: current.field, isNegated: link.isNegated, domain: current.domain, place: link.place)
  }
}
