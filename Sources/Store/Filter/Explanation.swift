import GRDB
import Language

/// One leaf of a domain, and whether it holds for one record.
package struct Explanation: Sendable {
  /// The field or path, and the operator; never the value.
  package let text: String
  /// JSON pointer of the leaf.
  package let pointer: String
  package let holds: Bool
}

extension RegistrySearch {
  /// Says for one record which leaves hold, each by itself and without the `!` before it, and
  /// whether the whole domain picks the record; nil if there is no such record.
  package func explain(_ id: Int64) throws -> (picked: Bool, leaves: [Explanation])? {
    try snapshot.timed { try explained(id) }
  }

  private func explained(_ id: Int64) throws -> (picked: Bool, leaves: [Explanation])? {
    guard try holds(.compare(.id, .equal, .integer(id)), for: id) else { return nil }
    let leaves = try domain.conditions.map { condition in
      let alone = try Resolver(catalog: snapshot.catalog).resolve(
        condition.domain, on: resolved.model, activeTest: false)
      return Explanation(
        text: condition.text, pointer: condition.pointer, holds: try holds(alone.predicate, for: id)
      )
    }
    return (try holds(resolved.predicate, for: id), leaves)
  }

  private func holds(_ predicate: Predicate, for id: Int64) throws -> Bool {
    var query = resolved
    query.predicate = .all([
      .compare(.id, .equal, .integer(id)), try QueryFolding(over: snapshot).fold(predicate),
    ])
    let sql = PredicateSQL.ids(query, catalog: snapshot.catalog)
    return try snapshot.read { database in
      try Row.fetchOne(database, sql: sql.text, arguments: sql.arguments) != nil
    }
  }
}
