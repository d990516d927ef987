internal import GRDB

/// Of whom a snapshot tells the reg ids, and of which types: what it does not speak of, it does not
/// settle. An export may leave out reg ids, or types, or persons.
struct ToldRegIDs {
  static let none = ToldRegIDs(types: [], registrants: FoundIDs([]))

  /// Names of id types of which there is a row, of whomever.
  let types: Set<String>
  /// Of whom there is a token, beside their own record: without it no VID is unlinked.
  let registrants: FoundIDs

  private init(types: Set<String>, registrants: FoundIDs) {
    (self.types, self.registrants) = (types, registrants)
  }

  /// - Parameters:
  ///   - asked: registrants, ascending.
  ///   - token: the name of the id type of tokens.
  ///   - db: a snapshot from which nothing was taken out yet, and to which nothing came.
  init(of asked: [Int64], token: String, in db: Database) throws {
    func has(_ columns: Set<String>, _ table: String) throws -> Bool {
      try SnapshotOverlay.columns(of: table, db).isSuperset(of: columns)
    }
    guard !asked.isEmpty, try has(["id", "partner_id", "id_type", "value"], "g2p.reg.id"),
      try has(["id"], "res.partner"), try has(["id", "name"], "g2p.id.type")
    else {
      self = .none
      return
    }
    let types = try String.fetchSet(
      db,
      sql: """
        SELECT "name" FROM "g2p.id.type" WHERE "name" NOT NULL
          AND "id" IN (SELECT DISTINCT "id_type" FROM "g2p.reg.id")
        """)
    let rows = try BareStatement(
      db,
      """
      SELECT asked.value, r."value" FROM json_each(?) AS asked
      JOIN "res.partner" p ON p."id" = asked.value
      JOIN "g2p.reg.id" r ON r."partner_id" = asked.value
      JOIN "g2p.id.type" t ON t."id" = r."id_type" AND t."name" = ?
      ORDER BY asked.value
      """)
    rows.bind(asked.jsonList, at: 1)
    rows.bind(token, at: 2)
    var found: [Int64] = []
    while try rows.next() {
      let registrant = rows.integer(0)
      if found.last != registrant, !rows.text(1).isBlank { found.append(registrant) }
    }
    self.init(types: types, registrants: FoundIDs(found))
  }
}
