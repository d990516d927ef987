internal import GRDB

/// The tables of `store/tokens.sqlite`. A migration that was released is never edited. Times are
/// seconds since 1970, UTC; `vid` is a mark by the site's key (`VIDHasher`).
enum TokenSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: tokens, answers and erased VIDs") { database in
      try database.execute(sql: tokens + answers + erased)
    }
    migrator.registerMigration("2: policy runs and what the registry is asked") { database in
      try database.execute(sql: policyRuns + patchItems)
    }
    return migrator
  }

  /// `source` is the digest of the result that brought it: a result that is taken in again, after
  /// the process was killed, knows its own rows by it.
  private static let tokens = """
    CREATE TABLE tokens (
      registrant INTEGER NOT NULL,
      vid BLOB NOT NULL CHECK (length(vid) = 16),
      id_type TEXT NOT NULL,
      token TEXT NOT NULL,
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      at INTEGER NOT NULL,
      verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
      state TEXT NOT NULL CHECK (state IN ('held', 'in_registry', 'frozen')),
      source BLOB NOT NULL,
      PRIMARY KEY (registrant, vid)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tokens_token ON tokens(token);
    CREATE TABLE frozen (
      registrant INTEGER PRIMARY KEY,
      reason TEXT NOT NULL CHECK (reason IN ('two_tokens', 'shared_token', 'changed_token')),
      at INTEGER NOT NULL,
      source BLOB NOT NULL
    ) STRICT;

    """

  /// What the MTS said of each VID that was sent; the newest counts.
  private static let answers = """
    CREATE TABLE answers (
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      vid BLOB NOT NULL CHECK (length(vid) = 16),
      status TEXT NOT NULL CHECK (status IN ('processed', 'error', 'invalid')),
      code TEXT,
      at INTEGER NOT NULL,
      PRIMARY KEY (stream, sequence, vid)
    ) STRICT, WITHOUT ROWID;

    """

  private static let erased = """
    CREATE TABLE erased (
      vid BLOB PRIMARY KEY CHECK (length(vid) = 16),
      registrant INTEGER NOT NULL,
      reg_id INTEGER NOT NULL,
      at INTEGER NOT NULL,
      policy TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE revision (number INTEGER NOT NULL) STRICT;
    INSERT INTO revision VALUES (0);
    """

  /// `length` and `print` let a scan of the site's files know the VID again: its bytes are counted,
  /// and a keyed rolling hash of them is kept. A run is known by its drop; `outcome` is all that it
  /// takes to bring it to its end after the process was killed. A look at a policy says what a run
  /// would do, over which state of the store (`basis`), and which list the operator has approved.
  private static let policyRuns = """
    ALTER TABLE erased ADD COLUMN run INTEGER;
    ALTER TABLE erased ADD COLUMN length INTEGER;
    ALTER TABLE erased ADD COLUMN print INTEGER;
    CREATE TABLE policy_runs (
      run INTEGER PRIMARY KEY,
      outcome TEXT NOT NULL
    ) STRICT;
    CREATE TABLE policy_looks (
      policy TEXT PRIMARY KEY,
      next INTEGER NOT NULL,
      looked INTEGER,
      basis TEXT,
      found TEXT,
      approved TEXT
    ) STRICT, WITHOUT ROWID;

    """

  /// What an archive asks of the registry, by the number of its operation: to add a token of ours
  /// (`reg_id` is null), or to unlink a VID. `vid` is the mark of the VID that the token answers, or
  /// that goes.
  private static let patchItems = """
    CREATE TABLE patch_items (
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      registrant INTEGER NOT NULL,
      reg_id INTEGER,
      vid BLOB NOT NULL CHECK (length(vid) = 16),
      state TEXT NOT NULL CHECK (state IN ('open', 'done', 'stale')),
      PRIMARY KEY (stream, sequence, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX patch_items_adds ON patch_items(vid) WHERE reg_id IS NULL;
    """
}
