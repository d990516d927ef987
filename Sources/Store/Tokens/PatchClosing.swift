internal import GRDB

/// What a snapshot that was just loaded tells of the patches.
struct RegistryWord {
  /// Erased VIDs that it still has.
  let met: Set<VIDMark>
  /// When it was taken, in seconds since 1970. Nil if it does not say so, or is a delta: then that a
  /// VID is not in it proves nothing, since ours was taken out of what the delta builds on.
  let taken: Int64?
}

extension TokenStore {
  var hasPatches: Bool {
    get throws {
      try look {
        try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM patch_items)") ?? false
      }
    }
  }

  /// A token that the registry brings was added; a VID that it has no more was unlinked. That counts
  /// in a snapshot taken after the VID was erased only: an older one may be of before it was there.
  /// What is still there stays open; out of our copy it goes all the same.
  static func close(by word: RegistryWord, in database: Database) throws {
    try database.execute(
      sql: """
        UPDATE patch_items AS p SET state = 'done'
        WHERE reg_id IS NULL AND state <> 'done' AND EXISTS (SELECT 1 FROM tokens t
          WHERE t.registrant = p.registrant AND t.vid = p.vid AND t.state = 'in_registry')
        """)
    guard let taken = word.taken else { return }
    let write = try BareStatement(
      database,
      "UPDATE patch_items SET state = 'done' WHERE stream = ? AND sequence = ? AND number = ?")
    for item in try gone(word.met, before: taken, in: database) {
      write.bind(item.stream, at: 1)
      write.bind(item.sequence, at: 2)
      write.bind(item.number, at: 3)
      try write.run()
    }
  }

  private static func gone(
    _ met: Set<VIDMark>, before taken: Int64, in database: Database
  ) throws -> [(stream: String, sequence: Int64, number: Int64)] {
    let rows = try BareStatement(
      database,
      """
      SELECT p.stream, p.sequence, p.number, p.vid FROM patch_items p JOIN erased e USING (vid)
      WHERE p.reg_id NOT NULL AND p.state <> 'done' AND e.at < ?
      """)
    rows.bind(taken, at: 1)
    var gone: [(String, Int64, Int64)] = []
    while try rows.next() {
      guard !met.contains(rows.mark(3)) else { continue }
      gone.append((rows.string(0), rows.integer(1), rows.integer(2)))
    }
    return gone
  }

  /// Takes the registry's word for a patch: all is done but what is named. What was done stays done;
  /// saying the same twice changes nothing, so that it can be said again after a kill.
  /// - Parameter stale: the numbers of operations that did not fit any more.
  package func close(
    _ stream: String, _ sequence: Int64, stale: [ClosedRange<Int64>]
  ) throws {
    try change { database in
      let read = try BareStatement(
        database, "SELECT number FROM patch_items WHERE stream = ? AND sequence = ?")
      read.bind(stream, at: 1)
      read.bind(sequence, at: 2)
      let write = try BareStatement(
        database,
        """
        UPDATE patch_items SET state = ?1
        WHERE stream = ?2 AND sequence = ?3 AND number = ?4 AND state <> 'done'
        """)
      write.bind(stream, at: 2)
      write.bind(sequence, at: 3)
      var numbers: [Int64] = []
      while try read.next() { numbers.append(read.integer(0)) }
      var ranges = stale.sorted { $0.lowerBound < $1.lowerBound }[...]
      for number in numbers {
        while let range = ranges.first, range.upperBound < number { ranges.removeFirst() }
        write.bind(ranges.first?.contains(number) == true ? "stale" : "done", at: 1)
        write.bind(number, at: 4)
        try write.run()
      }
    }
  }
}
