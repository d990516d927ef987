internal import GRDB

/// The tokens that the registry itself has, in the snapshot in force; a blank one is none. Good within
/// `reading` only.
package struct RegistryTokens {
  private let all: BareStatement
  private let ofRegistrant: BareStatement

  /// Runs the body in one reading of the snapshot, with what the registry has of the id type.
  /// - Throws: `LoadFault`, and what the body throws.
  package static func reading<Result>(
    _ snapshot: SnapshotStore, type: String, _ body: (RegistryTokens?) throws -> Result
  ) throws -> Result {
    try snapshot.read { database in
      let types = try VIDTypes.ids(named: type, in: database, catalog: snapshot.catalog)
        .filter { $0 > SnapshotOverlay.highest }
      return try body(types.isEmpty ? nil : RegistryTokens(types, in: database))
    }
  }

  private init(_ types: [Int64], in database: Database) throws {
    let list = types.map(String.init).joined(separator: ", ")
    // What we put in ourselves is told by `tokens.sqlite`.
    let isTheirs = "\"id_type\" IN (\(list)) AND \"id\" > \(SnapshotOverlay.highest)"
    all = try BareStatement(
      database,
      """
      SELECT "partner_id", "value" FROM "g2p.reg.id" NOT INDEXED
      WHERE "value" NOT NULL AND \(isTheirs)
      """)
    ofRegistrant = try BareStatement(
      database, "SELECT \"value\" FROM \"g2p.reg.id\" WHERE \"partner_id\" = ?1 AND \(isTheirs)")
  }

  /// Each by its mark, in one reading of the table.
  /// - Parameter hasher: with the site's key.
  /// - Throws: `DatabaseError`, for `reading` to translate.
  package func marks(_ hasher: VIDHasher) throws -> [RegistryToken] {
    var marks: [RegistryToken] = []
    while try all.next() {
      let token = all.text(1)
      guard !token.isBlank else { continue }
      marks.append(RegistryToken(registrant: all.integer(0), mark: hasher.mark(token)))
    }
    return marks
  }

  /// Whether the registry has a token for the registrant.
  package func hasAny(_ registrant: Int64) throws -> Bool {
    var hasAny = false
    ofRegistrant.bind(registrant, at: 1)
    while try ofRegistrant.next() { if !ofRegistrant.text(0).isBlank { hasAny = true } }
    return hasAny
  }
}

/// A token of the registry's own, told from others by its mark.
package struct RegistryToken: Sendable {
  package let registrant: Int64
  let mark: VIDMark
}
