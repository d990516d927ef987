/// Odoo 17's leaf operators (`TERM_OPERATORS`), spelled as it spells them.
package enum Operator: String, Sendable, Hashable, CaseIterable {
  case equal = "="
  case notEqual = "!="
  /// The same as `!=`, but for `!` before it: Odoo turns round what it knows, and takes this for
  /// `!=` only afterwards.
  case otherNotEqual = "<>"
  case lessOrEqual = "<="
  case less = "<"
  case greater = ">"
  case greaterOrEqual = ">="
  case equalIfSet = "=?"
  case equalLike = "=like"
  case equalIlike = "=ilike"
  case like
  case notLike = "not like"
  case ilike
  case notIlike = "not ilike"
  case isIn = "in"
  case notIn = "not in"
  case childOf = "child_of"
  case parentOf = "parent_of"
  case any
  case notAny = "not any"

  /// Reads an operator.
  package init?(spelled text: String) { self.init(rawValue: text) }

  /// Every accepted spelling, for hints.
  package static var spellings: [String] { allCases.map(\.rawValue) }

  /// `NEGATIVE_TERM_OPERATORS`: these also pick records where the field is unset.
  package var isNegative: Bool {
    switch self {
    case .notEqual, .otherNotEqual, .notLike, .notIlike, .notIn: true
    default: false
    }
  }

  package var isHierarchical: Bool { self == .childOf || self == .parentOf }

  /// The operator that `!` turns this one into; nil where `!` becomes SQL's NOT.
  package var negation: Operator? {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .greaterOrEqual: .less
    case .greater: .lessOrEqual
    case .lessOrEqual: .greater
    case .isIn: .notIn
    case .notIn: .isIn
    case .like: .notLike
    case .notLike: .like
    case .ilike: .notIlike
    case .notIlike: .ilike
    case .any: .notAny
    case .notAny: .any
    case .otherNotEqual, .equalIfSet, .equalLike, .equalIlike, .childOf, .parentOf: nil
    }
  }

  /// Whether the value is wrapped in `%…%`.
  package var isContains: Bool {
    switch self {
    case .like, .notLike, .ilike, .notIlike: true
    default: false
    }
  }

  package var foldsCase: Bool { self == .ilike || self == .notIlike || self == .equalIlike }
}
