internal import GRDB

/// The journal's tables. A migration that was released is never edited: the next one changes what
/// it made. Times in the newer tables are seconds since 1970, UTC.
enum JournalSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: drops and archives") { database in
      try database.execute(
        sql: """
          CREATE TABLE drops (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            claim TEXT NOT NULL UNIQUE,
            objection TEXT,
            state TEXT NOT NULL CHECK (state IN ('claimed', 'decided', 'reported')),
            kind TEXT,
            digest TEXT,
            outcome TEXT,
            verdict TEXT,
            at TEXT NOT NULL
          ) STRICT;
          CREATE INDEX drops_state ON drops(state);
          CREATE INDEX drops_digest ON drops(digest);
          CREATE TABLE archives (
            stream TEXT NOT NULL,
            sequence INTEGER NOT NULL CHECK (sequence > 0),
            drop_id INTEGER NOT NULL UNIQUE REFERENCES drops(id),
            job TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('reserved', 'staged', 'published')),
            previous TEXT,
            digest TEXT,
            bytes INTEGER,
            records INTEGER,
            PRIMARY KEY (stream, sequence)
          ) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2: jobs, runs and what was sent") { database in
      try database.execute(sql: drops + releases + jobs + runs + sentVIDs)
    }
    migrator.registerMigration("3: ledger, receipts and retention") { database in
      try database.execute(sql: ledger + receipts + known + archives)
    }
    migrator.registerMigration("4: receipts of registry patches") { database in
      try database.execute(sql: appliedReceipts)
    }
    migrator.registerMigration("5: whose word a job is") { database in
      try database.execute(sql: orders)
    }
    return migrator
  }

  /// Which job a drop belongs to, and for a scheduled run when it was due.
  private static let drops = """
    ALTER TABLE drops ADD COLUMN origin TEXT NOT NULL DEFAULT 'inbox'
      CHECK (origin IN ('inbox', 'schedule'));
    ALTER TABLE drops ADD COLUMN released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1));
    ALTER TABLE drops ADD COLUMN job TEXT;
    ALTER TABLE drops ADD COLUMN version INTEGER;
    ALTER TABLE drops ADD COLUMN due INTEGER;
    ALTER TABLE drops ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
    UPDATE drops SET job = (SELECT job FROM archives WHERE drop_id = drops.id);

    """

  /// Who signed the manifest that a drop is, when by its own word, in milliseconds since 1970, and of
  /// which job it speaks.
  private static let orders = """
    ALTER TABLE drops ADD COLUMN signer TEXT;
    ALTER TABLE drops ADD COLUMN issued INTEGER;
    ALTER TABLE drops ADD COLUMN orders TEXT;
    CREATE INDEX drops_orders ON drops(signer, orders, issued) WHERE signer IS NOT NULL;

    """

  /// Digests that the operator lets through once.
  private static let releases = """
    CREATE TABLE releases (
      digest TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      at TEXT NOT NULL,
      used TEXT
    ) STRICT, WITHOUT ROWID;

    """

  private static let jobs = """
    CREATE TABLE jobs (
      name TEXT PRIMARY KEY,
      version INTEGER NOT NULL CHECK (version > 0),
      type TEXT NOT NULL CHECK (type IN ('onetime', 'recurring')),
      state TEXT NOT NULL CHECK (state IN ('draft', 'started', 'running', 'completed')),
      manifest_digest TEXT NOT NULL,
      stream TEXT NOT NULL,
      interval_minutes INTEGER CHECK (interval_minutes > 0),
      starts INTEGER,
      ends INTEGER,
      next_run INTEGER,
      last_run INTEGER,
      runs INTEGER NOT NULL DEFAULT 0,
      failed INTEGER NOT NULL DEFAULT 0,
      skipped INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;

    """

  /// The lineage of each run: from what it was made, and what it came to. Of the filter it holds
  /// the digest, and fields with operators, since a filter's values may be personal.
  private static let runs = """
    CREATE TABLE runs (
      drop_id INTEGER PRIMARY KEY REFERENCES drops(id),
      job TEXT NOT NULL,
      version INTEGER NOT NULL,
      snapshot TEXT NOT NULL,
      manifest TEXT NOT NULL,
      policy TEXT NOT NULL,
      filter TEXT NOT NULL,
      conditions TEXT NOT NULL,
      fields TEXT NOT NULL,
      matched INTEGER NOT NULL,
      sent INTEGER NOT NULL,
      left_out TEXT NOT NULL,
      stream TEXT NOT NULL,
      sequence INTEGER,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX runs_job ON runs(job);
    CREATE INDEX runs_stream ON runs(stream, at);

    """

  /// An archive's rows stand together, sorted: a run appends, and touches no page of earlier ones.
  /// Until when an answer to it is waited for is told once, with the archive.
  private static let sentVIDs = """
    ALTER TABLE archives ADD COLUMN deadline INTEGER;
    CREATE TABLE sent_vids (
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      vid BLOB NOT NULL CHECK (length(vid) = 16),
      registrant INTEGER NOT NULL,
      answered INTEGER,
      PRIMARY KEY (stream, sequence, vid)
    ) STRICT, WITHOUT ROWID;
    """
}
