internal import GRDB

/// What a snapshot that was just loaded tells of the patches.
struct RegistryWord {
  /// Erased VIDs that it still has.
  let met: Set<VIDMark>
  /// When it was taken, in seconds since 1970. Nil if it does not say so, or is a delta: then that a
  /// VID is not in it proves nothing, since ours was taken out of what the delta builds on.
  let taken: Int64?
  /// Of whom, and of which types, it tells the reg ids.
  let told: ToldRegIDs
}

extension TokenStore {
  var hasPatches: Bool {
    get throws {
      try look {
        try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM patch_items)") ?? false
      }
    }
  }

  /// Whose VIDs the registry was asked to unlink, ascending, as long as that is not known to be done.
  func registrantsToUnlink() throws -> [Int64] {
    try look {
      try Int64.fetchAll(
        $0,
        sql: """
          SELECT DISTINCT registrant FROM patch_items WHERE reg_id NOT NULL AND state <> 'done'
          ORDER BY registrant
          """)
    }
  }

  /// A token that the registry brings was added; a VID that it has no more was unlinked. That counts
  /// in a snapshot taken after the VID was erased only: an older one may be of before it was there. And it
  /// counts only where the snapshot tells the ids of that type and of that person.
  /// What is still there stays open, or is open again where it was said to be done before that; out of our
  /// copy it goes all the same.
  static func close(by word: RegistryWord, in database: Database) throws {
    try database.execute(
      sql: """
        UPDATE patch_items AS p SET state = 'done'
        WHERE reg_id IS NULL AND state <> 'done' AND EXISTS (SELECT 1 FROM tokens t
          WHERE t.registrant = p.registrant AND t.vid = p.vid AND t.state = 'in_registry')
        """)
    guard let taken = word.taken else { return }
    try write(
      "'open', closed = NULL", items: met(word, before: taken, in: database), in: database)
    try write(
      "'done', closed = \(taken)", items: gone(word, before: taken, in: database), in: database)
  }

  private static func write(_ state: String, items: [Int64], in database: Database) throws {
    let write = try BareStatement(
      database, "UPDATE patch_items SET state = \(state) WHERE id = ?")
    for item in items {
      write.bind(item, at: 1)
      try write.run()
    }
  }

  /// What was done, or did not fit any more, and stands there again, or still.
  private static func met(
    _ word: RegistryWord, before taken: Int64, in database: Database
  ) throws -> [Int64] {
    let rows = try BareStatement(
      database,
      """
      SELECT p.id, p.vid FROM patch_items p JOIN erased e USING (vid)
      WHERE p.reg_id NOT NULL AND p.state <> 'open' AND max(e.at, coalesce(p.closed, 0)) < ?
      """)
    rows.bind(taken, at: 1)
    var met: [Int64] = []
    while try rows.next() {
      if word.met.contains(rows.mark(1)) { met.append(rows.integer(0)) }
    }
    return met
  }

  private static func gone(
    _ word: RegistryWord, before taken: Int64, in database: Database
  ) throws -> [Int64] {
    let rows = try BareStatement(
      database,
      """
      SELECT p.id, p.vid, p.registrant, p.id_type FROM patch_items p JOIN erased e USING (vid)
      WHERE p.reg_id NOT NULL AND p.state <> 'done' AND e.at < ?
      """)
    rows.bind(taken, at: 1)
    var gone: [Int64] = []
    while try rows.next() {
      guard !word.met.contains(rows.mark(1)), word.told.registrants.contains(rows.integer(2)),
        // An item that an older version noted has no type: the receipt closes it.
        !rows.isNull(3), word.told.types.contains(rows.string(3))
      else { continue }
      gone.append(rows.integer(0))
    }
    return gone
  }

  /// Takes the registry's word for a patch: all is done but what is named. What was done stays done;
  /// saying the same twice changes nothing, so that it can be said again after a kill.
  /// - Parameters:
  ///   - stale: the numbers of operations that did not fit any more.
  ///   - time: as of when it says so, in seconds since 1970.
  package func close(
    _ stream: String, _ sequence: Int64, stale: [ClosedRange<Int64>], at time: Int64
  ) throws {
    try change { database in
      let read = try BareStatement(
        database,
        """
        SELECT i.id, i.number FROM patch_items i JOIN patches p ON p.id = i.patch
        WHERE p.stream = ? AND p.sequence = ? ORDER BY i.number
        """)
      read.bind(stream, at: 1)
      read.bind(sequence, at: 2)
      let write = try BareStatement(
        database,
        """
        UPDATE patch_items SET state = ?1, closed = iif(?1 = 'done', ?3, NULL)
        WHERE id = ?2 AND state <> 'done'
        """)
      write.bind(time, at: 3)
      var items: [(id: Int64, number: Int64)] = []
      while try read.next() { items.append((read.integer(0), read.integer(1))) }
      var ranges = stale.sorted { $0.lowerBound < $1.lowerBound }[...]
      for item in items {
        while let range = ranges.first, range.upperBound < item.number { ranges.removeFirst() }
        write.bind(ranges.first?.contains(item.number) == true ? "stale" : "done", at: 1)
        write.bind(item.id, at: 2)
        try write.run()
      }
    }
  }
}
