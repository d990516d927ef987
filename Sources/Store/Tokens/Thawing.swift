internal import GRDB

/// A VID as it went out: in which archive, and for whom.
package struct SentVID: Sendable, Equatable {
  package let registrant: Int64
  package let stream: String
  package let sequence: Int64
  package let vid: VIDMark
}

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

  /// Forgets, in one transaction, all that results said of these registrants, and that they were
  /// frozen: the next result, or the registry, decides. What the registry was already asked to add is
  /// forgotten as well, so that it will be told of the next token. Doing it again changes nothing.
  /// - Parameter sent: their VIDs, as they went out.
  package func thaw(_ registrants: Set<Int64>, _ sent: [SentVID]) throws {
    try change { database in
      let steps = try [
        """
        DELETE FROM patch_items WHERE registrant = ?1 AND reg_id IS NULL
          AND vid IN (SELECT vid FROM tokens WHERE registrant = ?1)
        """, "DELETE FROM tokens WHERE registrant = ?1",
        "DELETE FROM frozen WHERE registrant = ?1",
      ].map { try BareStatement(database, $0) }
      for registrant in registrants.sorted() {
        for step in steps {
          step.bind(registrant, at: 1)
          try step.run()
        }
      }
      let answer = try BareStatement(
        database,
        """
        DELETE FROM answers
        WHERE stream = ?1 AND sequence = ?2 AND vid = ?3 AND status = 'processed'
        """)
      for place in sent {
        answer.bind(place.stream, at: 1)
        answer.bind(place.sequence, at: 2)
        answer.bind(place.vid, at: 3)
        try answer.run()
      }
      try Self.raiseRevision(in: database)
    }
  }
}

extension RegistryTokens {
  /// Whether the registry has a token for the registrant; a blank one is none.
  package func hasAny(_ registrant: Int64) throws -> Bool {
    try hasOther(registrant, than: UnsafeBufferPointer(start: nil, count: 0))
  }
}
