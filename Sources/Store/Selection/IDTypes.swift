package import GRDB
package import Language

/// The id types of a snapshot, to be found by name or by id.
package struct IDTypes: Sendable {
  /// In ascending id; some have no name.
  private let types: [(id: Int64, name: String?)]

  /// - Returns: nil if the snapshot does not tell reg ids with their owners, values and types.
  package init?(in database: Database, catalog: ModelCatalog) throws {
    guard VIDTypes.areTold(by: catalog) else { return nil }
    types = try Row.fetchAll(
      database, sql: "SELECT \"id\", \"name\" FROM \"g2p.id.type\" ORDER BY \"id\" LIMIT 100000"
    )
    .map { ($0[0], $0[1]) }
  }

  /// Every type of that name, ours as well.
  package func ids(named name: String) -> [Int64] { types.filter { $0.name == name }.map(\.id) }

  package func exists(_ id: Int64) -> Bool { types.contains { $0.id == id } }

  package func name(of id: Int64) -> String? { types.first { $0.id == id }?.name }

  /// The names that the registry has.
  package var names: [String] { types.filter { !IDTypes.isOurs($0.id) }.compactMap(\.name) }

  /// Whether the type is not the registry's, but stands there for a token that it does not have yet.
  package static func isOurs(_ id: Int64) -> Bool { id < SnapshotOverlay.highest }
}
