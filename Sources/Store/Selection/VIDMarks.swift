package import GRDB
package import Language
internal import Snapshots

/// Whether the VIDs of a snapshot went through a spreadsheet that rounded them.
package enum VIDMarks {
  private static let most = 20_000
  /// So many alone are no chance: of sound VIDs one in ten ends in 0.
  private static let fewest = 4

  /// Whether those that are longer than a spreadsheet keeps have, nearly all, zeros where it puts
  /// them: each of them may be another person's.
  /// - Parameter model: the model whose records hold the VIDs.
  package static func areRounded(
    of source: VIDSource, on model: String, in database: Database
  ) throws -> Bool {
    let rows = try BareStatement(database, sql(source, model))
    var (long, rounded, shortened, destroyed) = (0, 0, 0, 0)
    while try rows.next() {
      let vid = rows.text(0)
      if VIDShape.isLong(vid) {
        long += 1
        if VIDShape.isRounded(vid) { rounded += 1 }
      } else if VIDShape.isDestroyed(vid) {
        destroyed += 1
      } else if vid.count == VIDShape.keptDigits, vid.allSatisfy({ (0x30...0x39).contains($0) }) {
        shortened += 1
      }
    }
    guard rounded > 0, rounded * 10 >= long * 9 else { return false }
    return rounded >= fewest || destroyed + shortened > 0
  }

  private static func sql(_ source: VIDSource, _ model: String) -> String {
    switch source {
    case .registrantIDs(let types):
      "SELECT \"value\" FROM \"g2p.reg.id\" NOT INDEXED WHERE \"id_type\" IN (\(types.map(String.init).joined(separator: ", "))) AND \"value\" > '' LIMIT \(most)"
    case .field(let field):
      "SELECT \(field.expression) AS v FROM \(quoted(model)) p WHERE v > '' LIMIT \(most)"
    }
  }
}

extension VIDTypes {
  /// What the registry holds values of these types against (`id_validation`); empty if the snapshot
  /// does not say, or nothing is set.
  package static func validations(
    of types: [Int64], in database: Database, catalog: ModelCatalog
  ) throws -> [String] {
    guard catalog["g2p.id.type"]?["id_validation"]?.isPresent == true else { return [] }
    let list = types.map(String.init).joined(separator: ", ")
    return try String.fetchAll(
      database,
      sql: """
        SELECT DISTINCT "id_validation" FROM "g2p.id.type"
        WHERE "id" IN (\(list)) AND "id_validation" > '' LIMIT 100
        """)
  }
}
