internal import GRDB

/// The tables of `store/tokens.sqlite`. A migration that was released is never edited. Times are
/// seconds since 1970, UTC; `vid` is a mark by the site's key (`VIDHasher`).
///
/// Rows come by the hundred thousand, so that there is no index beside the keys: who looks for something
/// else reads the table. A check with `IN` and three texts would make a table of them for each row.
enum TokenSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: tokens, refusals, erased VIDs, policy runs, patches and items") {
      try $0.execute(sql: tokens + refusals + erased + policyRuns + patches)
    }
    migrator.registerMigration("2: what a snapshot must hold to close an item") {
      try $0.execute(sql: closing)
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
      state TEXT NOT NULL CHECK (state = 'held' OR state = 'in_registry' OR state = 'frozen'),
      source BLOB NOT NULL,
      PRIMARY KEY (registrant, vid)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE frozen (
      registrant INTEGER PRIMARY KEY,
      reason TEXT NOT NULL CHECK (
        reason = 'two_tokens' OR reason = 'shared_token' OR reason = 'changed_token'),
      at INTEGER NOT NULL,
      source BLOB NOT NULL
    ) STRICT;

    """

  /// The VIDs that the MTS refused, by its code, as long as no result brings a token for them.
  private static let refusals = """
    CREATE TABLE refusals (
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      vid BLOB NOT NULL CHECK (length(vid) = 16),
      code TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (stream, sequence, vid)
    ) STRICT, WITHOUT ROWID;

    """

  /// `length` and `print` let a scan of the site's files know the VID again: its bytes are counted,
  /// and a keyed rolling hash of them is kept. `run` is the drop of the run that deleted it.
  private static let erased = """
    CREATE TABLE erased (
      vid BLOB PRIMARY KEY CHECK (length(vid) = 16),
      registrant INTEGER NOT NULL,
      reg_id INTEGER NOT NULL,
      at INTEGER NOT NULL,
      policy TEXT NOT NULL,
      run INTEGER,
      length INTEGER,
      print INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE revision (number INTEGER NOT NULL) STRICT;
    INSERT INTO revision VALUES (0);

    """

  /// A run is known by its drop; `outcome` is all that it takes to bring it to its end after the process
  /// was killed. A look at a policy says what a run would do, over which state of the store (`basis`), and
  /// which list the operator has approved.
  private static let policyRuns = """
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

  /// What an archive asks of the registry, operation by operation: to add a token of ours (`reg_id` is
  /// null), or to unlink a VID. `vid` is the mark of the VID that the token answers, or that goes. An item
  /// has no key but its row: by one of patch and number they take twice as long to note. `revision` is
  /// that of the tokens by then: the patch asks for all of them that were not asked for before.
  private static let patches = """
    CREATE TABLE patches (
      id INTEGER PRIMARY KEY,
      stream TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      UNIQUE (stream, sequence)
    ) STRICT;
    CREATE TABLE patch_items (
      id INTEGER PRIMARY KEY,
      patch INTEGER NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      registrant INTEGER NOT NULL,
      reg_id INTEGER,
      vid BLOB NOT NULL CHECK (length(vid) = 16),
      state TEXT NOT NULL CHECK (state = 'open' OR state = 'done' OR state = 'stale')
    ) STRICT;
    """

  /// Of an unlink: the name of the id type of the row that goes, and as of when it is done, in seconds
  /// since 1970.
  private static let closing = """
    ALTER TABLE patch_items ADD COLUMN id_type TEXT;
    ALTER TABLE patch_items ADD COLUMN closed INTEGER;
    """
}
