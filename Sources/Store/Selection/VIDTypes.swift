package import GRDB
package import Language

/// The id types that hold VIDs.
package enum VIDTypes {
  /// Ids of the id types with this name; empty if there is none or the snapshot has no ids.
  package static func ids(named name: String, in database: Database, catalog: ModelCatalog) throws
    -> [Int64]
  {
    guard areTold(by: catalog) else { return [] }
    return try Int64.fetchAll(
      database, sql: "SELECT \"id\" FROM \"g2p.id.type\" WHERE \"name\" = ? ORDER BY \"id\"",
      arguments: [name])
  }

  /// Whether the snapshot has names of id types, and reg ids with owner, value and type.
  static func areTold(by catalog: ModelCatalog) -> Bool {
    let ids = catalog["g2p.reg.id"]
    return catalog["g2p.id.type"]?["name"]?.isPresent == true
      && ["value", "id_type", "partner_id"].allSatisfy { ids?[$0]?.isPresent == true }
  }
}

extension SnapshotStore {
  /// The names of all id types, by id; one without a name is left out.
  package func idTypeNames() throws -> [Int64: String] {
    guard catalog["g2p.id.type"]?["name"]?.isPresent == true else { return [:] }
    return try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT \"id\", \"name\" FROM \"g2p.id.type\" WHERE \"name\" NOT NULL")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["id"], $0["name"]) })
    }
  }
}
