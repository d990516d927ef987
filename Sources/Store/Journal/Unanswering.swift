internal import JSONText
internal import GRDB
internal import Ledger

/// A VID as it went out: in which archive, and for whom.
package struct SentVID: Sendable, Equatable {
  package let registrant: Int64
  package let stream: String
  package let sequence: Int64
  package let vid: VIDMark
}

extension Journal {
  /// Where VIDs of these registrants went out. Every VID that went out is looked at once.
  package func sentVIDs(of registrants: Set<Int64>) throws -> [SentVID] {
    try look { try Self.sentVIDs(of: registrants, in: $0) }
  }

  /// Their VIDs that were answered with a token count as unanswered again, and the ledger says for how
  /// many registrants, in one transaction. Whose they are the ledger does not say.
  /// - Returns: how many VIDs lost their answer.
  package func unanswer(_ registrants: Set<Int64>) throws -> Int {
    try change { database in
      let statement = try BareStatement(
        database,
        """
        UPDATE sent_vids SET answered = NULL
        WHERE stream = ?1 AND sequence = ?2 AND vid = ?3 AND answered = 1
        """)
      var count = 0
      for place in try Self.sentVIDs(of: registrants, in: database) {
        statement.bind(place.stream, at: 1)
        statement.bind(place.sequence, at: 2)
        statement.bind(place.vid, at: 3)
        try statement.run()
        count += database.changesCount
      }
      try append(.thaw, ["registrants": .count(registrants.count)], in: database)
      return count
    }
  }

  private static func sentVIDs(
    of registrants: Set<Int64>, in database: Database
  ) throws -> [SentVID] {
    let rows = try BareStatement(
      database,
      "SELECT registrant, stream, sequence, vid FROM sent_vids ORDER BY stream, sequence, vid")
    var found: [SentVID] = []
    while try rows.next() {
      let registrant = rows.integer(0)
      guard registrants.contains(registrant) else { continue }
      found.append(
        SentVID(
          registrant: registrant, stream: rows.string(1), sequence: rows.integer(2),
          vid: rows.mark(3)))
    }
    return found
  }
}
