/// Conditions on one column that AND or OR joins become one: `a = 1 OR a = 2` is `a IN (1, 2)`. One
/// look at a record, however many values there are.
extension Predicate {
  static func conjunction(_ parts: [Predicate]) -> Predicate {
    let kept = Pile.gathered(parts.filter { $0 != .constant(true) }, and: true)
    return kept.isEmpty ? .constant(true) : kept.count == 1 ? kept[0] : .all(kept)
  }

  static func disjunction(_ parts: [Predicate]) -> Predicate {
    let kept = Pile.gathered(parts.filter { $0 != .constant(false) }, and: false)
    return kept.isEmpty ? .constant(false) : kept.count == 1 ? kept[0] : .any(kept)
  }
}

/// Conditions of one form on one column, and what they compare with.
private struct Pile {
  enum Form: Hashable {
    /// `=`, `like`: OR adds to the list.
    case equal, like(folds: Bool)
    /// `!=`, `not like`: AND adds to the list. `orNull` also takes the unset.
    case unequal(orNull: Bool)
    case unlike(folds: Bool, orNull: Bool)
    /// `NOT (… LIKE …)`.
    case notLike(folds: Bool)
  }

  struct Key: Hashable {
    let column: Column
    let form: Form
  }

  let key: Key
  var values: [Scalar] = []
  var patterns: [LikePattern] = []

  static func gathered(_ parts: [Predicate], and isAnd: Bool) -> [Predicate] {
    guard parts.count > 1 else { return parts }
    var kept: [Predicate] = []
    var piles: [Key: (slot: Int, pile: Pile, count: Int)] = [:]
    for part in parts {
      guard let pile = Pile(part, and: isAnd) else {
        kept.append(part)
        continue
      }
      guard piles[pile.key] != nil else {
        piles[pile.key] = (kept.count, pile, 1)
        kept.append(part)
        continue
      }
      piles[pile.key]?.pile.add(pile)
      piles[pile.key]?.count += 1
    }
    for (slot, pile, count) in piles.values where count > 1 { kept[slot] = pile.predicate }
    return kept
  }

  /// Nil for a condition that cannot be joined with others.
  init?(_ predicate: Predicate, and isAnd: Bool) {
    switch (predicate, isAnd) {
    case (.compare(let column, .equal, let value), false): self.init(column, .equal, [value])
    case (.isOneOf(let column, let values, false), false): self.init(column, .equal, values)
    case (.matches(let column, .given(let patterns), false), false):
      self.init(column, .like(folds: patterns.foldsCase), patterns)
    case (.compare(let column, .notEqual, let value), true):
      self.init(column, .unequal(orNull: false), [value])
    case (.isOneOf(let column, let values, true), true):
      self.init(column, .unequal(orNull: false), values)
    case (.not(.matches(let column, .given(let patterns), false)), true):
      self.init(column, .notLike(folds: patterns.foldsCase), patterns)
    case (.any(let parts), true): self.init(orNull: parts)
    default: return nil
    }
  }

  /// `a != 1 OR a IS NULL`.
  private init?(orNull parts: [Predicate]) {
    guard parts.count == 2, case .isNull(let null) = parts[1] else { return nil }
    switch parts[0] {
    case .compare(null, .notEqual, let value):
      self.init(null, .unequal(orNull: true), [value])
    case .isOneOf(null, let values, true): self.init(null, .unequal(orNull: true), values)
    case .matches(null, .given(let patterns), true):
      self.init(null, .unlike(folds: patterns.foldsCase, orNull: true), patterns)
    default: return nil
    }
  }

  private init(_ column: Column, _ form: Form, _ values: [Scalar]) {
    key = Key(column: column, form: form)
    self.values = values
  }

  private init(_ column: Column, _ form: Form, _ patterns: [LikePattern]) {
    key = Key(column: column, form: form)
    self.patterns = patterns
  }

  private mutating func add(_ other: Pile) {
    values += other.values
    patterns += other.patterns
  }

  private var predicate: Predicate {
    let column = key.column
    switch key.form {
    case .equal: return .isOneOf(column, values, negated: false)
    case .like: return .matches(column, .given(patterns), negated: false)
    case .notLike: return .not(.matches(column, .given(patterns), negated: false))
    case .unequal(let orNull):
      return .isOneOf(column, values, negated: true).orNull(column, orNull)
    case .unlike(_, let orNull):
      return .matches(column, .given(patterns), negated: true).orNull(column, orNull)
    }
  }
}

extension [LikePattern] {
  fileprivate var foldsCase: Bool { first?.foldsCase == true }
}

extension Predicate {
  fileprivate func orNull(_ column: Column, _ takesNull: Bool) -> Predicate {
    takesNull ? .any([self, .isNull(column)]) : self
  }
}
