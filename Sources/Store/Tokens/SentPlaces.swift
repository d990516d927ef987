internal import GRDB
internal import JSONText

/// Where the VIDs of a result were sent: in which archive, and for whom.
package struct SentPlaces: Sendable {
  struct Place: Sendable {
    /// Of the answers.
    let entry: Int
    let registrant: Int64
    /// Of the archives.
    let archive: Int
    /// As `sent_vids.answered` has it; 0 for not at all.
    let answered: Int64
  }

  package struct Archive: Sendable, Equatable {
    package let stream: String
    package let sequence: Int64
    /// VIDs that were sent.
    package internal(set) var sent = 0
    /// Of those, answered with this result or before.
    package internal(set) var answered = 0
    package var missing: Int { sent - answered }
  }

  var places: [Place] = []
  /// The archives that the result speaks of.
  package internal(set) var archives: [Archive] = []
  /// VIDs of the result that were never sent.
  package internal(set) var unknown = 0
  /// VIDs that were sent for two registrants: whose the token is cannot be told.
  package internal(set) var ambiguous = 0
}

extension Journal {
  /// VIDs that ever went out, in archives that were shown.
  package func sentVIDCount() throws -> Int {
    try look {
      try Int.fetchOne(
        $0, sql: "SELECT coalesce(sum(records), 0) FROM archives WHERE \(Self.isShown)") ?? 0
    }
  }

  /// Finds where the VIDs of a result were sent. Every VID that went out is looked at once.
  /// - Parameter archive: the one that the result answers; nil for any.
  package func places(
    of answers: ResultAnswers, in archive: (stream: String, sequence: Int64)? = nil
  ) throws -> SentPlaces {
    try look { database in
      let condition = archive == nil ? Self.isShown : "a.stream = ?1 AND a.sequence = ?2"
      let rows = try BareStatement(
        database,
        """
        SELECT s.vid, s.registrant, coalesce(s.answered, 0), a.stream, a.sequence, a.rowid_
        FROM (SELECT stream, sequence, row_number() OVER () AS rowid_ FROM archives a
          WHERE \(condition)) a
        JOIN sent_vids s ON s.stream = a.stream AND s.sequence = a.sequence
        ORDER BY s.stream, s.sequence
        """)
      if let archive {
        rows.bind(archive.stream, at: 1)
        rows.bind(archive.sequence, at: 2)
      }
      return try Self.match(answers, rows)
    }
  }

  private static func match(_ answers: ResultAnswers, _ rows: BareStatement) throws -> SentPlaces {
    var found = SentPlaces()
    var all: [SentPlaces.Archive] = []
    var (number, touched): (Int64, Set<Int>) = (-1, [])
    while try rows.next() {
      if rows.integer(5) != number {
        number = rows.integer(5)
        all.append(SentPlaces.Archive(stream: rows.string(3), sequence: rows.integer(4)))
      }
      let (here, answered) = (all.count - 1, rows.integer(2))
      all[here].sent += 1
      if answered != 0 { all[here].answered += 1 }
      guard let entry = answers.place(of: rows.mark(0)) else { continue }
      touched.insert(here)
      if answered == 0 { all[here].answered += 1 }
      found.places.append(
        SentPlaces.Place(
          entry: entry, registrant: rows.integer(1), archive: here, answered: answered))
    }
    return finish(found, all, touched, answers)
  }

  private static func finish(
    _ found: SentPlaces, _ all: [SentPlaces.Archive], _ touched: Set<Int>, _ answers: ResultAnswers
  ) -> SentPlaces {
    var found = found
    var holders: [Int: Int64] = [:]
    var ambiguous: Set<Int> = []
    for place in found.places
    where holders.updateValue(place.registrant, forKey: place.entry)
      .map({ $0 != place.registrant }) ?? false
    {
      ambiguous.insert(place.entry)
    }
    var all = all
    for place in found.places where ambiguous.contains(place.entry) && place.answered == 0 {
      all[place.archive].answered -= 1
    }
    let kept = touched.sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
    found.places = found.places.compactMap { place in
      guard !ambiguous.contains(place.entry), let archive = numbers[place.archive] else {
        return nil
      }
      return SentPlaces.Place(
        entry: place.entry, registrant: place.registrant, archive: archive,
        answered: place.answered)
    }
    found.archives = kept.map { all[$0] }
    found.unknown = answers.count - holders.count
    found.ambiguous = ambiguous.count
    return found
  }

  /// Notes the answers with the archives. One whose VIDs are all answered is answered itself.
  func take(_ places: SentPlaces, _ answers: ResultAnswers, in database: Database) throws {
    let statement = try BareStatement(
      database,
      """
      UPDATE sent_vids SET answered = ?1
      WHERE stream = ?2 AND sequence = ?3 AND vid = ?4 AND coalesce(answered, 0) <> 1
      """)
    for place in places.places {
      let (entry, archive) = (answers.entries[place.entry], places.archives[place.archive])
      statement.bind(entry.status.number, at: 1)
      statement.bind(archive.stream, at: 2)
      statement.bind(archive.sequence, at: 3)
      statement.bind(entry.vid, at: 4)
      try statement.run()
    }
    for archive in places.archives where archive.missing == 0 {
      try database.execute(
        sql: """
          UPDATE archives SET state = 'answered', collected = coalesce(collected, :now)
          WHERE stream = :stream AND sequence = :sequence AND \(Self.isShown)
          """,
        arguments: [
          "now": now().seconds, "stream": archive.stream, "sequence": archive.sequence,
        ])
    }
  }
}
