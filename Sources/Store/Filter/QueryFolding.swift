import GRDB
package import Language

/// Asks small models beforehand: `id_type IN (SELECT id FROM "g2p.id.type" WHERE …)` becomes
/// `id_type = 1`, which the scan of a large table then compares a million times with a number.
/// The answer is the same, since a snapshot does not change.
package struct QueryFolding {
  private let snapshot: SnapshotStore
  /// Models of at most so many records are asked.
  private static let smallModel = 10_000
  /// Sets of at most so many ids are written out.
  private static let smallSet = 64

  package init(over snapshot: SnapshotStore) { self.snapshot = snapshot }

  package func fold(_ query: Query) throws -> Query {
    var folded = query
    folded.predicate = try fold(query.predicate)
    return folded
  }

  private func fold(_ predicate: Predicate) throws -> Predicate {
    switch predicate {
    case .all(let parts): return .all(try parts.map(fold))
    case .any(let parts): return .any(try parts.map(fold))
    case .not(let inner): return .not(try fold(inner))
    case .hasLine(let link, let set?, let negated):
      return .hasLine(link, try fold(set), negated: negated)
    case .isMember(let column, let set, let negated):
      guard column != .id, let ids = try smallSet(set) else {
        return .isMember(column, try fold(set), negated: negated)
      }
      if ids.isEmpty { return .constant(negated) }
      return .isOneOf(column, ids.map { .integer($0) }, negated: negated)
    default: return predicate
    }
  }

  private func fold(_ set: RecordSet) throws -> RecordSet {
    switch set {
    case .matching(let model, let predicate): .matching(model: model, try fold(predicate))
    case .union(let sets): .union(try sets.map(fold))
    case .ids, .closure: set
    }
  }

  /// The ids of a set of a small model, if they are few.
  private func smallSet(_ set: RecordSet) throws -> [Int64]? {
    guard let model = set.model, (snapshot.summary.counts[model] ?? 0) <= Self.smallModel else {
      return nil
    }
    let sql = PredicateSQL.set(set, catalog: snapshot.catalog)
    let ids = try snapshot.read { database in
      try Int64.fetchAll(database, sql: sql.text, arguments: sql.arguments)
    }
    return ids.count <= Self.smallSet ? Set(ids).sorted() : nil
  }
}

extension RecordSet {
  /// The one model that all of the set is of; nil for bare ids.
  fileprivate var model: String? {
    switch self {
    case .ids: nil
    case .matching(let model, _), .closure(let model, _, _, _): model
    case .union(let sets): sets.first?.model
    }
  }
}
