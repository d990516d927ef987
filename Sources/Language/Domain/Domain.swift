package import JSONText

/// The domain language of Odoo 17: what a filter says, before any model is asked.
///
/// A domain is a list in prefix notation: `["|", ["a","=",1], ["b","=",2], ["c","=",3]]` means
/// (a or b) and c. `DomainParser` reads one from JSON; `Resolver` turns it into a `Predicate` over
/// a described model, with every rule of Odoo's `expression.py` that decides who is picked. The
/// language never touches data or SQL: `Store` does.

/// Where a piece of a domain stands, for messages.
package struct Place: Sendable {
  /// JSON pointer within the document.
  package let pointer: String
  private let offset: Int
  private let document: JSONDocument

  package init(_ cursor: JSONCursor) {
    pointer = cursor.pointer
    offset = cursor.node.offset
    document = cursor.document
  }

  /// Counted when asked for: a domain may have many leaves.
  package var position: TextPosition { document.position(of: offset) }
}

/// One condition: `[field, operator, value]`.
package struct Leaf: Sendable {
  /// A field name or a dotted path.
  package let path: String
  package let operation: Operator
  package let value: JSON
  package let place: Place

  func with(path: String? = nil, operation: Operator? = nil, value: JSON? = nil) -> Leaf {
    Leaf(
      path: path ?? self.path, operation: operation ?? self.operation, value: value ?? self.value,
      place: place)
  }
}

/// A domain as a tree, its shape checked, its fields not yet.
package indirect enum Domain: Sendable {
  case constant(Bool)
  case leaf(Leaf)
  /// `[field, "any" or "not any", domain]`, and what dotted paths become.
  case link(LinkClause)
  case not(Domain)
  case all([Domain])
  case any([Domain])
}

/// "There is (or is not) a linked record for which …".
package struct LinkClause: Sendable {
  package let field: String
  package let isNegated: Bool
  package let domain: Domain
  package let place: Place
}

extension Domain {
  /// AND without needless nesting: constants fold, an AND inside an AND is flattened.
  static func conjunction(_ parts: some Sequence<Domain>) -> Domain {
    var children: [Domain] = []
    for part in parts {
      switch part {
      case .constant(true): continue
      case .constant(false): return part
      case .all(let inner): children += inner
      default: children.append(part)
      }
    }
    return children.isEmpty ? .constant(true) : children.count == 1 ? children[0] : .all(children)
  }

  /// OR, likewise.
  static func disjunction(_ parts: some Sequence<Domain>) -> Domain {
    var children: [Domain] = []
    for part in parts {
      switch part {
      case .constant(false): continue
      case .constant(true): return part
      case .any(let inner): children += inner
      default: children.append(part)
      }
    }
    return children.isEmpty ? .constant(false) : children.count == 1 ? children[0] : .any(children)
  }

  /// `!` pushed down to the leaves, where it swaps the operator if that has an opposite.
  var negated: Domain {
    switch self {
    case .constant(let flag): .constant(!flag)
    case .not(let inner): inner
    case .all(let parts): .disjunction(parts.map(\.negated))
    case .any(let parts): .conjunction(parts.map(\.negated))
    case .leaf(let leaf):
      leaf.operation.negation.map { .leaf(leaf.with(operation: $0)) } ?? .not(self)
    case .link(let link):
      .link(
        LinkClause(
          field: link.field, isNegated: !link.isNegated, domain: link.domain, place: link.place))
    }
  }

  /// The leaves and links of this level, not of linked records.
  var ownConditions: [Domain] {
    switch self {
    case .constant: []
    case .leaf, .link: [self]
    case .not(let inner): inner.ownConditions
    case .all(let parts), .any(let parts): parts.flatMap(\.ownConditions)
    }
  }

  /// The leaves and links of this level as they were written, for explanations.
  package var conditions: [(domain: Domain, text: String, pointer: String)] {
    ownConditions.compactMap { condition in
      switch condition {
      case .leaf(let leaf):
        (condition, "\(leaf.path) \(leaf.operation.rawValue)", leaf.place.pointer)
      case .link(let link):
        (condition, "\(link.field) \(link.isNegated ? "not any" : "any")", link.place.pointer)
      default: nil
      }
    }
  }

  /// Whether a condition of this level is about `field` itself (a path through it does not count
  /// while it is still a dotted leaf).
  func mentions(_ field: String) -> Bool {
    ownConditions.contains { condition in
      switch condition {
      case .leaf(let leaf): leaf.path == field
      case .link(let link): link.field == field
      default: false
      }
    }
  }

  /// What is known of the answer from constants and empty lists alone: Odoo's `is_false`, which
  /// answers "nobody" before it looks at anything else.
  var foregone: Bool? {
    switch self {
    case .constant(let flag): return flag
    case .leaf(let leaf) where leaf.operation == .isIn && leaf.value.isFalsy: return false
    case .leaf(let leaf) where leaf.operation == .notIn && leaf.value.isFalsy: return true
    case .leaf, .link: return nil
    case .not(let inner): return inner.foregone.map { !$0 }
    case .all(let parts):
      let known = parts.map(\.foregone)
      return known.contains(false) ? false : known.contains(nil) ? nil : true
    case .any(let parts):
      let known = parts.map(\.foregone)
      return known.contains(true) ? true : known.contains(nil) ? nil : false
    }
  }
}
