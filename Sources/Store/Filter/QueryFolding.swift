import GRDB
import GRDBSQLite
package import Language
import Snapshots

/// Asks the sets of a query beforehand. `id_type IN (SELECT id FROM "g2p.id.type" WHERE …)` becomes
/// `id_type = 1`; "has a line for which …" becomes a look into a bitmap of owners, made in one scan
/// of the lines. The answer is the same, since a snapshot does not change. What is left is one level of
/// conditions: however deep a filter goes, SQLite never sees it.
package struct QueryFolding {
  private let snapshot: SnapshotStore
  private let answers = Answers()
  /// Sets of at most so many ids are written out, so that SQLite can search by them.
  private static let fewIDs = 64

  package init(over snapshot: SnapshotStore) { self.snapshot = snapshot }

  /// - Throws: `too_costly`, `stopped`.
  package func fold(_ query: Query) throws -> Query {
    var folded = query
    folded.predicate = try snapshot.timed { try fold(query.predicate) }
    return folded
  }

  func fold(_ predicate: Predicate) throws -> Predicate {
    switch predicate {
    case .all(let parts): return .all(try parts.map(fold))
    case .any(let parts): return .any(try parts.map(fold))
    case .not(let inner): return .not(try fold(inner))
    case .matches(let column, .given(let patterns), let negated):
      return .matches(column, .known(try snapshot.keep(patterns)), negated: negated)
    case .hasLine(let link, let set, let negated):
      let sql = PredicateSQL.owners(link, try set.map(fold), catalog: snapshot.catalog)
      return try answer(sql).asked(of: .id, negated)
    case .isMember(let column, let set, let negated):
      let sql = PredicateSQL.set(try fold(set), catalog: snapshot.catalog)
      return try answer(sql).asked(of: column, negated)
    case .exists(let set): return .constant(try !isEmpty(set))
    default: return predicate
    }
  }

  /// Whether nothing is in a set.
  func isEmpty(_ set: RecordSet) throws -> Bool {
    let sql = PredicateSQL.set(try fold(set), catalog: snapshot.catalog)
    return try snapshot.read { database in
      try Row.fetchOne(
        database, sql: "SELECT 1 FROM (\(sql.text)) LIMIT 1", arguments: sql.arguments) == nil
    }
  }

  /// How many records are in a set.
  func count(_ set: RecordSet) throws -> Int {
    let sql = PredicateSQL.set(try fold(set), catalog: snapshot.catalog)
    return try snapshot.read { database in
      try Int.fetchOne(
        database, sql: "SELECT count(*) FROM (\(sql.text))", arguments: sql.arguments) ?? 0
    }
  }

  private func fold(_ set: RecordSet) throws -> RecordSet {
    switch set {
    case .matching(let model, let predicate): .matching(model: model, try fold(predicate))
    case .union(let sets): .union(try sets.map(fold))
    case .closure(let model, let parent, let roots, let up, let active):
      .closure(model: model, parent: parent, from: try fold(roots), up: up, active: active)
    case .ids, .known: set
    }
  }

  /// The ids that the SQL selects; asked once, however often it stands in the filter.
  private func answer(_ sql: SQLText) throws -> Answer {
    if let known = answers.bySQL[sql] { return known }
    let answer = try ask(sql)
    answers.bySQL[sql] = answer
    return answer
  }

  private func ask(_ sql: SQLText) throws -> Answer {
    let set = IDSet()
    var first: [Int64] = []
    try forEachID(sql) { id in
      if set.insert(id), first.count <= Self.fewIDs { first.append(id) }
    }
    if set.count <= Self.fewIDs { return .few(first.sorted()) }
    guard set.isOverfull else { return .many(try snapshot.keep(.bitmap(set))) }
    // Ids that lie too far apart for a bitmap.
    var ids: [Int64] = []
    try forEachID(sql) { ids.append($0) }
    return .many(try snapshot.keep(.sorted(ids.sorted())))
  }

  private func forEachID(_ sql: SQLText, _ each: (Int64) -> Void) throws {
    try snapshot.read { database in
      let statement = try database.makeStatement(sql: sql.text)
      try statement.setArguments(sql.arguments)
      let rows = try Row.fetchCursor(statement)
      while try rows.next() != nil {
        guard sqlite3_column_type(statement.sqliteStatement, 0) != SQLITE_NULL else { continue }
        each(sqlite3_column_int64(statement.sqliteStatement, 0))
      }
    }
  }
}

/// A set that was asked for.
private enum Answer {
  case few([Int64])
  case many(Int)

  /// The condition that a column is in it.
  func asked(of column: Language.Column, _ negated: Bool) -> Predicate {
    switch self {
    case .few(let ids) where ids.isEmpty: .constant(negated)
    case .few(let ids): .isOneOf(column, ids.map { .integer($0) }, negated: negated)
    case .many(let number): .isMember(column, .known(number), negated: negated)
    }
  }
}

private final class Answers {
  var bySQL: [SQLText: Answer] = [:]
}
