/// What the third migration makes.
extension JournalSchema {
  /// Entries are added and never changed: each takes the number after the last one.
  static let ledger = """
    CREATE TABLE ledger (
      entry INTEGER PRIMARY KEY,
      line TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ledger_archives ON ledger(
      json_extract(line, '$.what.stream'), json_extract(line, '$.what.sequence'))
      WHERE json_extract(line, '$.kind') = 'archive';
    CREATE TRIGGER ledger_next BEFORE INSERT ON ledger
      WHEN NEW.entry <> (SELECT coalesce(max(entry), 0) + 1 FROM ledger)
      BEGIN SELECT raise(ABORT, 'the ledger takes the next entry only'); END;
    CREATE TRIGGER ledger_kept BEFORE UPDATE ON ledger
      BEGIN SELECT raise(ABORT, 'the ledger is never changed'); END;
    CREATE TRIGGER ledger_whole BEFORE DELETE ON ledger
      BEGIN SELECT raise(ABORT, 'the ledger is never cut'); END;

    """

  /// What receivers said, with their signatures: what an auditor may ask for.
  static let receipts = """
    CREATE TABLE receipts (
      drop_id INTEGER PRIMARY KEY REFERENCES drops(id),
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('opened', 'tokenised')),
      by TEXT NOT NULL,
      digest TEXT NOT NULL,
      answered INTEGER,
      failed INTEGER,
      document TEXT NOT NULL,
      signature TEXT NOT NULL
    ) STRICT;
    CREATE INDEX receipts_archive ON receipts(stream, sequence, by);

    """

  /// What registries said of patches: of an `applied` one, `answered` counts the operations that are
  /// done, and `failed` those that are stale.
  static let appliedReceipts = """
    CREATE TABLE receipts_4 (
      drop_id INTEGER PRIMARY KEY REFERENCES drops(id),
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('opened', 'tokenised', 'applied')),
      by TEXT NOT NULL,
      digest TEXT NOT NULL,
      answered INTEGER,
      failed INTEGER,
      document TEXT NOT NULL,
      signature TEXT NOT NULL
    ) STRICT;
    INSERT INTO receipts_4 SELECT drop_id, stream, sequence, state, by, digest, answered, failed,
      document, signature FROM receipts;
    DROP TABLE receipts;
    ALTER TABLE receipts_4 RENAME TO receipts;
    CREATE INDEX receipts_archive ON receipts(stream, sequence, by);

    """

  /// What was in force when it was last looked at, so that a change made by hand shows.
  static let known = """
    CREATE TABLE known (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE known_keys (
      name TEXT NOT NULL,
      key_id TEXT NOT NULL,
      fingerprint TEXT,
      place TEXT NOT NULL CHECK (place IN ('current', 'next', 'earlier')),
      revoked INTEGER NOT NULL CHECK (revoked IN (0, 1)),
      PRIMARY KEY (name, key_id)
    ) STRICT, WITHOUT ROWID;

    """

  /// An archive's way after it was shown: what receipts say of it, and where it lies. `kind` and
  /// `created` are missing where it was staged by a version that kept no ledger, and the ledger has
  /// not begun yet. `shown`, `collected` and `retired` are times.
  static let archives = """
    CREATE TABLE archives_3 (
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL CHECK (sequence > 0),
      drop_id INTEGER NOT NULL UNIQUE REFERENCES drops(id),
      job TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('reserved', 'staged', 'published', 'collected', 'answered')),
      previous TEXT,
      digest TEXT,
      bytes INTEGER,
      records INTEGER,
      deadline INTEGER,
      kind TEXT,
      created TEXT,
      shown INTEGER,
      collected INTEGER,
      place TEXT NOT NULL DEFAULT 'outbox' CHECK (place IN ('outbox', 'kept', 'removed')),
      retired INTEGER,
      CHECK (place = 'outbox' OR state IN ('collected', 'answered')),
      PRIMARY KEY (stream, sequence)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO archives_3 (stream, sequence, drop_id, job, state, previous, digest, bytes, records,
        deadline, shown)
      SELECT a.stream, a.sequence, a.drop_id, a.job, a.state, a.previous, a.digest, a.bytes,
        a.records, a.deadline, coalesce(r.at, CAST(strftime('%s', d.at) AS INTEGER), 0)
      FROM archives a JOIN drops d ON d.id = a.drop_id LEFT JOIN runs r USING (drop_id);
    DROP TABLE archives;
    ALTER TABLE archives_3 RENAME TO archives;

    """
}
