internal import GRDB

extension TokenStore {
  /// Those of whom a VID was deleted on a token that is held here: without it nothing is left of them.
  package func holdDeletedVIDs(among registrants: Set<Int64>) throws -> [Int64] {
    try look { database in
      let rows = try BareStatement(
        database,
        """
        SELECT 1 FROM tokens t WHERE registrant = ?1
          AND EXISTS (SELECT 1 FROM erased e WHERE e.vid = t.vid)
        """)
      return try registrants.sorted().filter {
        rows.bind($0, at: 1)
        defer { rows.stop() }
        return try rows.next()
      }
    }
  }

  /// Forgets, in one transaction, the tokens of these registrants, and that they were frozen: the next
  /// result, or the registry, decides. What the registry was already asked to add is forgotten as well, so
  /// that it will be told of the next token. Doing it again changes nothing.
  package func thaw(_ registrants: Set<Int64>) throws {
    try change { database in
      try Self.forgetAdds(of: registrants, in: database)
      let steps = try [
        "DELETE FROM tokens WHERE registrant = ?", "DELETE FROM frozen WHERE registrant = ?",
      ].map { try BareStatement(database, $0) }
      for registrant in registrants.sorted() {
        for step in steps {
          step.bind(registrant, at: 1)
          try step.run()
        }
      }
      try Self.raiseRevision(in: database)
    }
  }

  private static func forgetAdds(of registrants: Set<Int64>, in database: Database) throws {
    let rows = try BareStatement(
      database,
      """
      SELECT id, registrant FROM patch_items p
      WHERE reg_id IS NULL AND EXISTS (SELECT 1 FROM tokens t
        WHERE t.registrant = p.registrant AND t.vid = p.vid)
      """)
    var adds: [Int64] = []
    while try rows.next() {
      if registrants.contains(rows.integer(1)) { adds.append(rows.integer(0)) }
    }
    let delete = try BareStatement(database, "DELETE FROM patch_items WHERE id = ?")
    for add in adds {
      delete.bind(add, at: 1)
      try delete.run()
    }
  }
}
