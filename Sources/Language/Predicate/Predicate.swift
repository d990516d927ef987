/// What a resolved domain asks of a record: every rule of Odoo's applied, no rule left to apply.
///
/// Three-valued like SQL: a comparison with NULL is unknown, and unknown is not picked. `Store`
/// turns a predicate into SQL text and bound values; the tests evaluate it in memory.
package indirect enum Predicate: Sendable, Hashable {
  case constant(Bool)
  case unknown
  case all([Predicate])
  case any([Predicate])
  case not(Predicate)
  case isNull(Column)
  case isNotNull(Column)
  case compare(Column, Comparison, Scalar)
  /// The column's value is one of the list (`negated`: none of it); a NULL in the list counts as
  /// SQL has it.
  case isOneOf(Column, [Scalar], negated: Bool)
  /// PostgreSQL's LIKE over the column's text form: one of the patterns (`negated`: none), which
  /// fold case alike.
  case matches(Column, PatternList, negated: Bool)
  /// The many2one (or the id) is in a set of records.
  case isMember(Column, RecordSet, negated: Bool)
  /// The x2many has a line in a set of records, or any line at all.
  case hasLine(Link, RecordSet?, negated: Bool)
  /// The set is not empty, whichever record is asked about.
  case exists(RecordSet)
}

package enum Comparison: String, Sendable, Hashable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// A column of the model that is asked about.
package struct Column: Sendable, Hashable {
  package let name: String
  package let type: FieldType

  package init(name: String, type: FieldType) {
    self.name = name
    self.type = type
  }

  package static let id = Column(name: "id", type: .integer)
}

/// A value to bind, in the column's own type.
package enum Scalar: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
}

/// How a one2many or many2many finds its lines.
package struct Link: Sendable, Hashable {
  package let model: String
  package let field: String
  package let comodel: String
  /// The co-model's many2one that points back; nil where pairs of ids are kept.
  package let inverse: String?
}

/// Ids of one model.
package indirect enum RecordSet: Sendable, Hashable {
  case ids([Int64])
  case matching(model: String, Predicate)
  /// The set, and everything below or above it in the tree that a many2one of the model makes;
  /// `active`: only over records for which this field is true.
  case closure(model: String, parent: String, from: RecordSet, up: Bool, active: String?)
  case union([RecordSet])
  /// Asked for beforehand, and kept by the store under this number.
  case known(Int)
}

/// Patterns that are asked at once.
package enum PatternList: Sendable, Hashable {
  case given([LikePattern])
  /// Compiled beforehand, and kept by the store under this number.
  case known(Int)
}

/// A fact about the data without which Odoo would refuse the domain.
package struct Guard: Sendable {
  package enum Fact: Sendable {
    case isEmpty(RecordSet)
    case allExist(ids: [Int64], model: String)
    case isAtMost(Int, RecordSet)
  }

  package let fact: Fact
  package let fault: DomainFault
}

/// A domain resolved for one model.
package struct Query: Sendable {
  package let model: String
  package var predicate: Predicate
  /// To be checked before the answer counts.
  package let guards: [Guard]
  /// What Odoo accepts and is almost surely a mistake.
  package let warnings: [DomainWarning]
  /// Warnings that hold if a set of records turns out empty.
  package let doubts: [Doubt]
  /// The fields that the conditions are about, on every level.
  package let touched: [TouchedField]
  /// Whether the domain says nothing that could leave anybody out.
  package let picksEveryone: Bool
}

/// A warning that depends on the data: "no id type has this name".
package struct Doubt: Sendable {
  package let ifEmpty: RecordSet
  package let warning: DomainWarning
}

/// A field that a leaf asks about.
package struct TouchedField: Sendable {
  package let model: String
  package let field: FieldDescription
  /// Whether the leaf only asks for true or false, which every form of export tells.
  package let isPlainBoolean: Bool
  package let place: Place
}

/// Said to the operator; the query runs all the same.
package struct DomainWarning: Sendable {
  package let code: String
  package let message: String
  package let place: Place

  package init(code: String, message: String, place: Place) {
    self.code = code
    self.message = message
    self.place = place
  }
}

extension Predicate {
  /// Levels of conditions, one inside the other, those of sets as well.
  package var depth: Int {
    switch self {
    case .all(let parts), .any(let parts): 1 + (parts.map(\.depth).max() ?? 0)
    case .not(let inner): 1 + inner.depth
    case .isMember(_, let set, _), .hasLine(_, let set?, _), .exists(let set): 1 + set.depth
    default: 1
    }
  }
}

extension RecordSet {
  fileprivate var depth: Int {
    switch self {
    case .ids, .known: 1
    case .matching(_, let predicate): 1 + predicate.depth
    case .closure(_, _, let roots, _, _): 1 + roots.depth
    case .union(let sets): 1 + (sets.map(\.depth).max() ?? 0)
    }
  }

  /// All of these; searches of one model become one search, since SQL bounds how many a UNION joins.
  static func joined(_ sets: [RecordSet]) -> RecordSet {
    var conditions: [String: [Predicate]] = [:]
    var others: [RecordSet] = []
    for set in sets {
      if case .matching(let model, let predicate) = set {
        conditions[model, default: []].append(predicate)
      } else if set != .ids([]) {
        others.append(set)
      }
    }
    let searches = conditions.sorted { $0.key < $1.key }.map {
      RecordSet.matching(model: $0.key, .disjunction($0.value))
    }
    let all = searches + others
    return all.count == 1 ? all[0] : .union(all)
  }
}
