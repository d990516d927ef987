import Faults
import Foundation
package import GRDB
package import Language

/// What must be known of a snapshot's VIDs before any is sent.
package enum VIDTypes {
  /// Ids of the id types with this name; empty if there is none or the snapshot has no ids.
  package static func ids(named name: String, in database: Database, catalog: ModelCatalog) throws
    -> [Int64]
  {
    guard catalog["g2p.id.type"]?["name"]?.isPresent == true else { return [] }
    return try Int64.fetchAll(
      database, sql: "SELECT \"id\" FROM \"g2p.id.type\" WHERE \"name\" = ? ORDER BY \"id\"",
      arguments: [name])
  }

  /// VIDs that more than one registrant holds, as bytes. One of the holders at least has another's:
  /// none of them may be sent.
  /// - Throws: `StoreFault` beyond a million of them.
  package static func shared(of types: [Int64], in database: Database) throws -> Set<[UInt8]> {
    let bound = 1_000_000
    let values = try Data.fetchAll(
      database,
      sql: """
        SELECT CAST("value" AS BLOB) FROM "g2p.reg.id"
        WHERE "id_type" IN (\(types.map { _ in "?" }.joined(separator: ","))) AND "value" <> ''
        GROUP BY "value" HAVING min("partner_id") <> max("partner_id") LIMIT \(bound + 1)
        """, arguments: StatementArguments(types))
    guard values.count <= bound else {
      throw StoreFault(
        code: "shared_vids", message: "more than \(bound) VIDs are held by several registrants",
        hint: "the snapshot's ids look broken: check the export", blame: .input)
    }
    return Set(values.map { [UInt8]($0) })
  }
}
