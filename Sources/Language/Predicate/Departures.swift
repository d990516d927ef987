/// Where we refuse and Odoo answers. These are all of them, each with its reason; every other refusal
/// is Odoo's as well. We never answer with other ids.
///
/// The counts are of the recorded answers of two registries: 4,576 over the first, of which we refuse
/// 12, and 2,777 over the second, of which we refuse 61. A test holds them.
package enum Departure: String, Sendable, CaseIterable {
  /// A field that is computed and not stored, and not `related` (7 and 42). Odoo logs an error and
  /// lets the leaf pick everyone, even under `!` (`age`, `display_name`, and names that are computed,
  /// such as those of area types); or it asks a method of a module about tables that no snapshot
  /// holds (`message_is_follower`, properties of a company).
  case computed
  /// A field that the model has and this snapshot does not hold, or a model that it does not hold
  /// (0 and 16).
  case absent
  /// Looking up a name in `g2p.reg.id` or `g2p.group.membership`, where more than a hundred have it
  /// (0 and 0). OpenG2P takes a hundred without an order: which, is up to PostgreSQL.
  case capped
  /// A list with a domain of its own, looked into by name, or walked as a tree (0 and 0).
  case listDomain = "list_domain"
  /// A date in a form that depends on the server's settings or the day: `today`, `July 4, 2020`,
  /// `13/07/1945`, a zone by its name (0 and 0).
  case date
  /// A whole pattern that ends in a single backslash (3 and 2): refused or empty, as the query plan
  /// has it.
  case backslash
  /// Something wrong behind a foregone answer (2 and 1): `[["bogus", "in", []]]`, or a leaf beside
  /// `[0, "=", 1]`. Odoo answers "nobody" before it looks at field names, operators and values.
  case foregone
  /// A domain beyond `DomainParser.Limits`, or a pattern beyond `LikePattern.longest` (0 and 0).
  case limit
}

enum Departures {
  static func requireSearchable(
    _ field: FieldDescription, in scope: Scope, at place: Place
  ) throws(DomainFault) {
    guard field.type != .binary, field.type != .other else {
      throw DomainFault(
        .notSearchable,
        "\(scope.model.name).\(field.name) is a \(field.type.rawValue) field, which cannot be searched",
        place, departure: .computed)
    }
    guard field.isStored else {
      throw DomainFault(
        .notSearchable,
        "\(scope.model.name).\(field.name) is computed, not stored, and cannot be searched",
        place,
        hint:
          "Odoo ignores such a condition and picks everyone, or asks what no export holds; use a stored field",
        departure: .computed)
    }
    guard field.isPresent else {
      throw DomainFault(
        .absentField, "the snapshot in force does not hold \(scope.model.name).\(field.name)",
        place,
        hint: "export that field as well, or leave this condition out", departure: .absent)
    }
  }

  /// Models that OpenG2P looks up by the name of another record: the many2one that leads to it. It
  /// takes at most `nameCap` of them.
  static let cappedNames = ["g2p.reg.id": "partner_id", "g2p.group.membership": "group"]
  static let nameCap = 100
}

extension Resolver {
  func requireSearchable(
    _ field: FieldDescription, in scope: Scope, at place: Place
  ) throws(DomainFault) {
    try Departures.requireSearchable(field, in: scope, at: place)
  }

  /// The path that a related field stands for, if it is one that is not stored itself.
  func related(_ field: FieldDescription) -> RelatedPath? {
    // `searchable` does not count: OpenSPP's filter denies it of fields that Odoo searches.
    guard !field.isStored, let path = field.related else { return nil }
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
