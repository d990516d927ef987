import Faults
import Foundation
package import GRDB

/// VIDs that more than one registrant holds. One of the holders at least has another's: none of
/// them may be sent. Among values that stand in several rows they are told apart.
package struct SharedVIDs: Sendable {
  /// Values that stand in several rows; whether in rows of several registrants.
  private let repeated: [[UInt8]: Bool]
  /// Of the bytes of those: a value with another hash is none of them.
  private let hashes: Set<Int>

  /// The most that are remembered; a registry with more has broken ids.
  private static let bound = 1_000_000

  /// - Parameter types: ids of the id type that holds VIDs.
  /// - Throws: `shared_vids` beyond a million of them.
  package init(of types: [Int64], in database: Database) throws {
    var repeated: [[UInt8]: Bool] = [:]
    for value in try SharedVIDs.repeated(in: database) {
      repeated[value] = try SharedVIDs.hasSeveralHolders(value, types, database)
    }
    self.init(repeated)
  }

  /// - Parameter model: the model whose records hold the VIDs.
  /// - Throws: `shared_vids` beyond a million of them.
  package init(of source: VIDSource, on model: String, in database: Database) throws {
    switch source {
    case .registrantIDs(let types): try self.init(of: types, in: database)
    case .field(let field):
      let repeated = try SharedVIDs.repeated(field, model, database)
      self.init(Dictionary(uniqueKeysWithValues: repeated.map { ($0, true) }))
    }
  }

  private init(_ repeated: [[UInt8]: Bool]) {
    self.repeated = repeated
    hashes = Set(repeated.keys.map { $0.withUnsafeBytes(Self.hash) })
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: bytes)
    return hasher.finalize()
  }

  /// Values that several records have in a field.
  private static func repeated(
    _ field: SelectedField, _ model: String, _ database: Database
  ) throws -> Set<[UInt8]> {
    let rows = try String.fetchCursor(
      database,
      sql: """
        SELECT \(field.expression) AS v FROM \(quoted(model)) p WHERE v > ''
        GROUP BY v HAVING count(*) > 1
        """)
    var found: Set<[UInt8]> = []
    while let value = try rows.next() {
      found.insert(Array(value.utf8))
      guard found.count <= bound else { throw tooMany }
    }
    return found
  }

  /// Whether a VID is one of them.
  package func contains(_ vid: UnsafeBufferPointer<UInt8>) -> Bool { holders(of: vid) ?? false }

  /// Whether a value stands in several rows.
  func isRepeated(_ value: UnsafeBufferPointer<UInt8>) -> Bool { holders(of: value) != nil }

  private func holders(of value: UnsafeBufferPointer<UInt8>) -> Bool? {
    guard !hashes.isEmpty, hashes.contains(Self.hash(UnsafeRawBufferPointer(value))) else {
      return nil
    }
    return repeated[[UInt8](value)]
  }

  /// Values that stand twice, of whatever id type: neighbours in the index on the value, which is
  /// all that is read.
  private static func repeated(in database: Database) throws -> [[UInt8]] {
    let rows = try BareStatement(
      database, "SELECT \"value\" FROM \"g2p.reg.id\" WHERE \"value\" > '' ORDER BY \"value\"")
    var (last, found): ([UInt8], [[UInt8]]) = ([], [])
    while try rows.next() {
      let value = rows.text(0)
      if last.withUnsafeBufferPointer({ value.isSame(as: $0) }) {
        if found.last != last { found.append(last) }
        guard found.count <= bound else { throw tooMany }
      } else {
        last.removeAll(keepingCapacity: true)
        last.append(contentsOf: value)
      }
    }
    return found
  }

  private static func hasSeveralHolders(
    _ value: [UInt8], _ types: [Int64], _ database: Database
  ) throws -> Bool {
    let marks = types.map { _ in "?" }.joined(separator: ",")
    let statement = try database.cachedStatement(
      sql: """
        SELECT count(DISTINCT "partner_id") > 1 FROM "g2p.reg.id"
        WHERE "value" = ? AND "id_type" IN (\(marks))
        """)
    let arguments =
      StatementArguments([String(decoding: value, as: UTF8.self)]) + StatementArguments(types)
    return try Bool.fetchOne(statement, arguments: arguments) ?? false
  }

  private static var tooMany: StoreFault {
    StoreFault(
      code: "shared_vids", message: "more than \(bound) values of ids stand twice in the snapshot",
      hint: "the snapshot's ids look broken: check the export", blame: .input)
  }
}
