internal import Faults
internal import JSONText
internal import Ledger
internal import GRDB

/// An archive that was given its number before there was a ledger.
package struct UnrecordedArchive: Sendable, Equatable {
  package let entry: ArchiveEntry
  /// In hex.
  package let digest: String
  package let bytes: Int64
  package let records: Int64
  /// When it was made, in seconds since 1970.
  package let time: Int64
  /// What it was made from, as far as it was noted.
  package let run: RunRecord?
}

extension Journal {
  /// What happened before the ledger and is to stand in its first entries; nil once it has begun.
  package func unrecorded() throws -> [UnrecordedArchive]? {
    guard try ledgerHead() == nil else { return nil }
    return try look { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT stream, sequence, job, state, previous, digest, drop_id, bytes, records, shown
          FROM archives WHERE state <> 'reserved' ORDER BY stream, sequence
          """
      ).map { row in
        let entry = Self.entry(row)
        guard let digest = entry.digest, !digest.isEmpty, let bytes: Int64 = row["bytes"],
          let records: Int64 = row["records"], let time: Int64 = row["shown"]
        else {
          throw StoreFault(
            code: "store_corrupt",
            message:
              "the journal does not know what archive \(entry.sequence) of \(entry.stream) is",
            hint: "restore the newest store/journal.sqlite", blame: .environment)
        }
        return UnrecordedArchive(
          entry: entry, digest: digest, bytes: bytes, records: records, time: time,
          run: try Self.run(of: row["drop_id"], in: database))
      }
    }
  }

  /// Begins the ledger, in one step: whose it is, and what went before it.
  /// - Parameters:
  ///   - name: of the site.
  ///   - keyID: of its key, in hex; likewise the fingerprint.
  package func begin(
    site name: String, keyID: String, fingerprint: String, before: [ArchiveRecord]
  ) throws {
    try change { database in
      guard try Self.isLedgerEmpty(database) else { return }
      try append(
        .site,
        [
          "name": .string(name), "key_id": .string(keyID), "fingerprint": .string(fingerprint),
        ], in: database)
      for (id, run) in try Self.allRuns(in: database) {
        try append(run, dropID: id, in: database)
      }
      for archive in before { try note(archive, in: database) }
    }
  }

  private static func isLedgerEmpty(_ database: Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM ledger)") ?? true
  }

  /// An archive that is about to be shown.
  func note(_ archive: ArchiveRecord, in database: Database) throws {
    try database.execute(
      sql: "UPDATE archives SET kind = ?, created = ? WHERE stream = ? AND sequence = ?",
      arguments: [archive.kind, archive.created.text, archive.stream, archive.sequence])
    try append(.archive, archive.json, in: database)
  }
}
