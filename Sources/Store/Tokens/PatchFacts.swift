internal import GRDB
internal import Language
internal import Snapshots

/// Whom a token is for, as the registry knows the person.
package struct PatchPerson: Sendable {
  /// Below zero where only an external id is known.
  package let registrant: Int64
  /// Where the database's id is not known.
  package let external: [UInt8]?
  /// A row of the token's type without a value, by its number; below zero if that is not known, and
  /// nil if there is none.
  package var blankRow: Int64?

  package init(_ registrant: Int64, external: [UInt8]? = nil, blankRow: Int64? = nil) {
    (self.registrant, self.external, self.blankRow) = (registrant, external, blankRow)
  }
}

/// What proves whose a token is: the VID that it answers, which the registry's person holds. Nothing else
/// does. The number of a record is somebody else's after an import elsewhere, or in a database that was
/// made anew; an external id is given to another person when people are imported again.
package struct PatchProof: Sendable {
  /// The name of the VID's id type.
  package let type: String
  package let value: [UInt8]

  package init(type: String, value: [UInt8]) { (self.type, self.value) = (type, value) }
}

/// What the snapshot in force says of those whom the registry is to be told of. Good within `reading`.
package struct PatchFacts {
  private struct Row {
    let id: Int64
    let type: String
    let value: [UInt8]
  }

  private let people: BareStatement?
  private let rows: BareStatement?
  private let hasher: VIDHasher

  /// Runs the body in one reading of the snapshot.
  /// - Parameter hasher: with the site's key.
  /// - Throws: `LoadFault`, and what the body throws.
  package static func reading<Result>(
    _ snapshot: SnapshotStore, _ hasher: VIDHasher,
    _ body: (PatchFacts) throws -> Result
  ) throws -> Result {
    try snapshot.read { try body(PatchFacts($0, snapshot.catalog, hasher)) }
  }

  private init(
    _ database: Database, _ catalog: ModelCatalog, _ hasher: VIDHasher
  ) throws {
    self.hasher = hasher
    let main = catalog[SnapshotReader.mainModel]
    let external = main?.hasExternalIDs == true ? quoted(ExternalID.field) : "NULL"
    people =
      try main?["id"]?.isPresent == true
      ? BareStatement(database, "SELECT \(external) FROM \"res.partner\" WHERE \"id\" = ?") : nil
    rows =
      try VIDTypes.areTold(by: catalog)
      ? BareStatement(
        database,
        """
        SELECT r."id", t."name", r."value" FROM "g2p.reg.id" r
        JOIN "g2p.id.type" t ON t."id" = r."id_type"
        WHERE r."partner_id" = ? AND r."id" > \(SnapshotOverlay.highest) AND t."name" NOT NULL
        ORDER BY r."id"
        """) : nil
  }

  /// How the registry knows a registrant; nil if the snapshot does not, or has neither id.
  package func person(_ registrant: Int64) throws -> PatchPerson? {
    guard let people else { return nil }
    people.bind(registrant, at: 1)
    defer { people.stop() }
    guard try people.next() else { return nil }
    guard registrant < 0 else { return PatchPerson(registrant) }
    let external = Array(people.text(0))
    return external.isEmpty ? nil : PatchPerson(registrant, external: external)
  }

  /// How the registry knows a registrant, and what proves that the token is theirs; nil if nothing
  /// does, also where the VID was deleted here before the registry was told of the token: it waits then
  /// for a snapshot that shows the person with that VID.
  /// - Parameters:
  ///   - vid: the VID that the token answers.
  ///   - type: the name of the token's id type.
  package func grounds(
    of registrant: Int64, _ vid: VIDMark, type: String
  ) throws -> (person: PatchPerson, proof: PatchProof)? {
    guard var person = try person(registrant) else { return nil }
    let rows = try rows(of: registrant)
    person.blankRow = rows.first { $0.type == type && $0.value.isBlank }?.id
    guard let row = rows.first(where: { !$0.value.isBlank && hasher.mark(of: $0.value) == vid })
    else { return nil }
    return (person, PatchProof(type: row.type, value: row.value))
  }

  private func rows(of registrant: Int64) throws -> [Row] {
    guard let statement = rows else { return [] }
    statement.bind(registrant, at: 1)
    var rows: [Row] = []
    while try statement.next() {
      rows.append(
        Row(
          id: statement.integer(0), type: statement.string(1), value: Array(statement.text(2))))
    }
    return rows
  }
}

extension [UInt8] {
  fileprivate var isBlank: Bool { withUnsafeBufferPointer { $0.isBlank } }
}

extension VIDHasher {
  fileprivate func mark(of value: [UInt8]) -> VIDMark { value.withUnsafeBufferPointer { mark($0) } }
}
