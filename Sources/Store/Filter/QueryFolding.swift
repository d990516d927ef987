import GRDB
import GRDBSQLite
package import Language
import Snapshots

/// Asks the sets of a query beforehand. `id_type IN (SELECT id FROM "g2p.id.type" WHERE …)` becomes
/// `id_type = 1`; "has a line for which …" becomes a look into a bitmap of owners, made in one scan
/// of the lines. The answer is the same, since a snapshot does not change.
package struct QueryFolding {
  private let snapshot: SnapshotStore
  /// Sets of at most so many ids are written out, so that SQLite can search by them.
  private static let fewIDs = 64

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
    case .hasLine(let link, let set, let negated):
      let inner = try set.map(fold)
      let sql = PredicateSQL.owners(link, inner, catalog: snapshot.catalog)
      return try ask(sql, .id, negated) ?? .hasLine(link, inner, negated: negated)
    case .isMember(let column, let set, let negated):
      let inner = try fold(set)
      let sql = PredicateSQL.set(inner, catalog: snapshot.catalog)
      return try ask(sql, column, negated) ?? .isMember(column, inner, negated: negated)
    default: return predicate
    }
  }

  private func fold(_ set: RecordSet) throws -> RecordSet {
    switch set {
    case .matching(let model, let predicate): .matching(model: model, try fold(predicate))
    case .union(let sets): .union(try sets.map(fold))
    case .closure(let model, let parent, let roots, let up):
      .closure(model: model, parent: parent, from: try fold(roots), up: up)
    case .ids, .known: set
    }
  }

  /// The condition that the column is in the set that the SQL selects; nil if its ids lie too far
  /// apart for a bitmap, so that SQLite had better keep them.
  private func ask(_ sql: SQLText, _ column: Language.Column, _ negated: Bool) throws -> Predicate?
  {
    let set = IDSet()
    var first: [Int64] = []
    try snapshot.read { database in
      let statement = try database.makeStatement(sql: sql.text)
      try statement.setArguments(sql.arguments)
      let rows = try Row.fetchCursor(statement)
      while try rows.next() != nil {
        guard sqlite3_column_type(statement.sqliteStatement, 0) != SQLITE_NULL else { continue }
        let id = sqlite3_column_int64(statement.sqliteStatement, 0)
        if set.insert(id), first.count <= Self.fewIDs { first.append(id) }
      }
    }
    if set.count == 0 { return .constant(negated) }
    if set.count <= Self.fewIDs {
      return .isOneOf(column, first.sorted().map { .integer($0) }, negated: negated)
    }
    guard !set.isOverfull else { return nil }
    let number = try snapshot.read { _ in snapshot.known.add(set) }
    return .isMember(column, .known(number), negated: negated)
  }
}
