package import GRDB
package import Language
internal import Snapshots

/// Whether the VIDs of a snapshot went through a spreadsheet, as a sample of them shows.
package struct VIDMarks: Sendable, Equatable {
  private static let most = 20_000
  /// So many rounded VIDs alone are no chance: of sound ones one in ten ends in 0.
  private static let fewest = 4
  private static let mostLostZeros = 3
  private static let fewestDigits = 12

  /// Those that are longer than a spreadsheet keeps have, nearly all, zeros where it puts them: each
  /// of them may be another person's.
  package let areRounded: Bool
  /// The digits of those that have lost zeros in front, where the others show that some have; nil
  /// where nothing shows it.
  package let lostZeros: Range<Int>?

  package init() { (areRounded, lostZeros) = (false, nil) }

  /// - Parameter model: the model whose records hold the VIDs.
  package init(of source: VIDSource, on model: String, in database: Database) throws {
    let rows = try BareStatement(database, Self.sql(source, model))
    var (long, rounded, destroyed, longest, shorter) = (0, 0, 0, 0, 0)
    while try rows.next() {
      let vid = rows.text(0)
      if VIDShape.isDestroyed(vid) {
        destroyed += 1
      } else if VIDShape.isDigits(vid) {
        longest = max(longest, vid.count)
        guard VIDShape.isLong(vid) else {
          if vid.count >= Self.fewestDigits { shorter += 1 }
          continue
        }
        long += 1
        if VIDShape.isRounded(vid) { rounded += 1 }
      }
    }
    let isMost = rounded > 0 && rounded * 10 >= long * 9
    areRounded = isMost && (rounded >= Self.fewest || destroyed + shorter > 0)
    let shows = areRounded || destroyed > 0
    lostZeros =
      shows && longest >= Self.fewestDigits ? (longest - Self.mostLostZeros)..<longest : nil
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
