/** Marks the file as ours: "swre". */
export const APPLICATION_ID = 0x73_77_72_65;

/**
 * The steps from one version of the file to the next, each a list of statements; the version is how many of them were
 * made. They are only added to.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE definitions (hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE runs (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workflow TEXT NOT NULL,
    status TEXT NOT NULL,
    definition TEXT NOT NULL,
    request TEXT NOT NULL,
    outcome TEXT,
    parent TEXT,
    created INTEGER NOT NULL,
    started INTEGER,
    finished INTEGER,
    owner TEXT,
    fence INTEGER NOT NULL,
    cancel INTEGER NOT NULL DEFAULT 0,
    slot TEXT
  );
  CREATE INDEX runs_open ON runs (slot, n) WHERE finished IS NULL;

  CREATE TABLE log (
    run INTEGER NOT NULL,
    n INTEGER NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (run, n)
  ) WITHOUT ROWID;
  `,
  // Rows of one number, run and row in one: to add to the end of such a table SQLite writes one page where it wrote up to
  // five.
  `
  CREATE TABLE rows (at INTEGER PRIMARY KEY, entries TEXT NOT NULL);
  INSERT INTO rows (at, entries) SELECT run << 32 | n, entries FROM log ORDER BY run, n;
  DROP TABLE log;
  ALTER TABLE rows RENAME TO log;
  `,
];
