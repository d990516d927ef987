import GRDB
package import Language

/// Checks what must hold of the data for a query to count: where Odoo would refuse, we refuse.
package struct QueryGuards {
  private let query: Query

  package init(_ query: Query) { self.query = query }

  /// - Throws: the `DomainFault` of the first fact that does not hold.
  package func check(over snapshot: SnapshotStore) throws {
    guard !query.guards.isEmpty else { return }
    try snapshot.read { database in
      for condition in query.guards where try !holds(condition.fact, database, snapshot.catalog) {
        throw condition.fault
      }
    }
  }

  private func holds(_ fact: Guard.Fact, _ database: Database, _ catalog: ModelCatalog) throws
    -> Bool
  {
    switch fact {
    case .isEmpty(let set):
      let sql = PredicateSQL.set(set, catalog: catalog)
      return try Row.fetchOne(database, sql: sql.text, arguments: sql.arguments) == nil
    case .allExist(let ids, let model):
      let found = PredicateSQL.set(
        .matching(model: model, .isMember(.id, .ids(ids), negated: false)), catalog: catalog)
      let count = try Row.fetchAll(database, sql: found.text, arguments: found.arguments).count
      return count == Set(ids).count
    }
  }
}
