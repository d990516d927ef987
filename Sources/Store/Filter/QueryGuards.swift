package import Language

/// Checks what must hold of the data for a query to count: where Odoo would refuse, we refuse.
package struct QueryGuards {
  private let query: Query

  package init(_ query: Query) { self.query = query }

  /// - Throws: the `DomainFault` of the first fact that does not hold.
  package func check(over snapshot: SnapshotStore) throws {
    guard !query.guards.isEmpty else { return }
    let folding = QueryFolding(over: snapshot)
    try snapshot.timed {
      for condition in query.guards where try !holds(condition.fact, folding) {
        throw condition.fault
      }
    }
  }

  private func holds(_ fact: Guard.Fact, _ folding: QueryFolding) throws -> Bool {
    switch fact {
    case .isEmpty(let set): try folding.isEmpty(set)
    case .allExist(let ids, let model):
      try folding.count(.matching(model: model, .isMember(.id, .ids(ids), negated: false)))
        == Set(ids).count
    case .isAtMost(let most, let set): try folding.count(set) <= most
    }
  }
}
