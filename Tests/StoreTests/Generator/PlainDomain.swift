import JSONText
import Language

/// The domain is refused.
struct Refusal: Error {}

/// A domain as Odoo searches it: paths and `any` are links, `!` stands at the leaves, constants and
/// needless nesting are gone, links to one field are joined where Odoo joins them.
///
/// Written from Odoo's rules for the generator test; it shares nothing with `DomainExpansion`.
indirect enum PlainDomain {
  case constant(Bool)
  /// `isNot`: the operator has no opposite, and SQL's NOT stands before it.
  case leaf(field: String, sign: String, value: JSON, isNot: Bool)
  case link(field: String, isNegated: Bool, PlainDomain)
  case all([PlainDomain])
  case any([PlainDomain])

  init(_ domain: Domain, on model: String, negated: Bool = false) throws {
    switch domain {
    case .constant(let flag): self = .constant(flag != negated)
    case .not(let inner): self = try PlainDomain(inner, on: model, negated: !negated)
    case .all(let parts):
      self = .joined(
        try parts.map { try PlainDomain($0, on: model, negated: negated) }, isAnd: !negated,
        on: model)
    case .any(let parts):
      self = .joined(
        try parts.map { try PlainDomain($0, on: model, negated: negated) }, isAnd: negated,
        on: model)
    case .leaf(let leaf):
      self = try PlainDomain.path(leaf.path, on: model, negated: negated) { field, _, negated in
        PlainDomain.leaf(field.name, leaf.operation.rawValue, leaf.value, negated)
      }
    case .link(let link):
      self = try PlainDomain.path(link.field, on: model, negated: negated) { field, _, negated in
        guard field.isLink else { throw Refusal() }
        return .link(
          field: field.name, isNegated: link.isNegated != negated,
          try PlainDomain(link.domain, on: field.relation))
      }
    }
  }

  /// `a.b.c` is a any [b any [c]]; `!` stays with the first.
  private static func path(
    _ path: String, on model: String, negated: Bool,
    end: (SmallField, String, Bool) throws -> PlainDomain
  ) throws -> PlainDomain {
    let names = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard let field = SmallModels.field(names[0], of: model) else { throw Refusal() }
    guard names.count > 1 else { return try end(field, model, negated) }
    // Refused where it is asked about: a constant beside it may decide before.
    guard field.isLink else { return .leaf(field: path, sign: "=", value: true, isNot: false) }
    let rest = try self.path(names[1], on: field.relation, negated: false, end: end)
    return .link(field: field.name, isNegated: negated, rest)
  }

  private static func leaf(
    _ field: String, _ sign: String, _ value: JSON, _ negated: Bool
  ) -> PlainDomain {
    guard negated else { return .leaf(field: field, sign: sign, value: value, isNot: false) }
    let opposite = opposites[sign]
    return .leaf(field: field, sign: opposite ?? sign, value: value, isNot: opposite == nil)
  }

  private static let opposites = [
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in",
    "not in": "in", "like": "not like", "not like": "like", "ilike": "not ilike",
    "not ilike": "ilike",
  ]
}

extension PlainDomain {
  /// AND or OR: without constants, flat, and with links to one field joined.
  static func joined(_ parts: [PlainDomain], isAnd: Bool, on model: String) -> PlainDomain {
    var kept: [PlainDomain] = []
    for part in parts {
      switch part {
      case .constant(let flag) where flag == isAnd: continue
      case .constant: return part
      case .all(let inner) where isAnd: kept += inner
      case .any(let inner) where !isAnd: kept += inner
      default: kept.append(part)
      }
    }
    kept = linksJoined(kept, isAnd: isAnd, on: model)
    if kept.isEmpty { return .constant(isAnd) }
    return kept.count == 1 ? kept[0] : isAnd ? .all(kept) : .any(kept)
  }

  /// OR-ed `any` on one field are one search, AND-ed `not any` as well; on a many2one, which leads
  /// to one record, also the other way round.
  private static func linksJoined(
    _ parts: [PlainDomain], isAnd: Bool, on model: String
  ) -> [PlainDomain] {
    var (kept, groups): ([PlainDomain], [String: [PlainDomain]]) = ([], [:])
    for part in parts {
      guard case .link(let name, let isNegated, let inner) = part,
        let field = SmallModels.field(name, of: model), !field.isToMany || isAnd == isNegated
      else {
        kept.append(part)
        continue
      }
      groups[(isNegated ? "!" : "") + name, default: []].append(inner)
    }
    for (key, inner) in groups.sorted(by: { $0.key < $1.key }) {
      let (isNegated, name) = (key.hasPrefix("!"), key.filter { $0 != "!" })
      let comodel = SmallModels.field(name, of: model)?.relation ?? ""
      let one = joined(inner, isAnd: isAnd != isNegated, on: comodel)
      kept.append(.link(field: name, isNegated: isNegated, inner.count == 1 ? inner[0] : one))
    }
    return kept
  }

  /// Whether constants and empty lists alone make it false (or true); nil if they do not.
  var foregone: Bool? {
    switch self {
    case .constant(let flag): return flag
    case .leaf(_, "in", let value, _) where PlainValue.isFalsy(value): return false
    case .leaf(_, "not in", let value, _) where PlainValue.isFalsy(value): return true
    case .leaf, .link: return nil
    case .all(let parts): return PlainDomain.foregone(parts.map(\.foregone), dominant: false)
    case .any(let parts): return PlainDomain.foregone(parts.map(\.foregone), dominant: true)
    }
  }

  static func foregone(_ parts: [Bool?], dominant: Bool) -> Bool? {
    parts.contains(dominant) ? dominant : parts.contains(nil) ? nil : !dominant
  }

  /// Whether a condition of this level is about a field.
  func names(_ name: String?) -> Bool {
    switch self {
    case .constant: false
    case .leaf(let field, _, _, _), .link(let field, _, _): field == name
    case .all(let parts), .any(let parts): parts.contains { $0.names(name) }
    }
  }
}
