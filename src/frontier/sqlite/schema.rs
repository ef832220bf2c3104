//! The tables, and the checks that a file holds them.
//!
//! Times are whole milliseconds since 1970, UTC. `due` is empty for a URL that rests for good. A leased one keeps its state
//! and stays ready until its outcome is recorded. `ready` is 1 from when a lease could give it out, and `pause` the interval that led to `due`. `address` is how the URL was spelled where it was found, empty where that is its canonical form.

use super::super::FrontierError;
use rusqlite::{Connection, ErrorCode};
use std::path::Path;

/// The format that this code reads and writes, kept in `PRAGMA user_version`.
pub(super) const FORMAT: i64 = 6;

/// Marks the file as ours (`PRAGMA application_id`): "CPDK" in ASCII.
const APPLICATION_ID: i64 = 0x4350_444b;

/// Pages kept in memory: the upper levels of the indexes of five million URLs fit in. Taken only as far as needed.
const CACHE_KIBIBYTES: u32 = 64 * 1024;

/// The tables of format 1. Never changed: a new store is made by taking every step from here, so that it is the same as
/// one that grew.
///
/// The index `url_open` is what a lease walks along: host by host, and within a host hubs first and then the newest. It
/// holds only what is open, so that its size is that of the work left and not that of the archive.
const TABLES: &str = "
CREATE TABLE url (
    id            INTEGER PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,
    address       TEXT,
    host          TEXT NOT NULL,
    source        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    state         TEXT NOT NULL,
    due           INTEGER,
    rank          INTEGER NOT NULL,
    provenance    INTEGER NOT NULL,
    title         TEXT,
    published     TEXT,
    modified      TEXT,
    newness       INTEGER NOT NULL,
    announced     INTEGER,
    discovered    INTEGER NOT NULL,
    fetched       INTEGER,
    changed       INTEGER,
    attempts      INTEGER NOT NULL DEFAULT 0,
    etag          TEXT,
    last_modified TEXT,
    body_hash     TEXT,
    article       TEXT,
    redirect      TEXT,
    reason        TEXT
);
CREATE INDEX url_open ON url (host, rank, newness DESC, due, source) WHERE due IS NOT NULL;
CREATE INDEX url_leased ON url (host) WHERE state = 'LEASED';
CREATE TABLE article (
    id           TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL,
    version      INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    file         TEXT
) WITHOUT ROWID;
CREATE INDEX article_seq ON article (seq);
CREATE TABLE sink (path TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE host (host TEXT PRIMARY KEY, not_before INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE run (id TEXT PRIMARY KEY, began INTEGER NOT NULL, ended INTEGER, summary TEXT) WITHOUT ROWID;
";

/// What leads from each format to the next, beginning at 1. Once a release has a step it is never changed; another is put
/// behind it.
const STEPS: [&str; FORMAT as usize - 1] = [
    // 2: robots.txt and files like it are kept over a restart. The body, which may be long, comes last.
    "CREATE TABLE site_file (url TEXT PRIMARY KEY, fetched INTEGER NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL);",
    // 3: hosts that were given up stay given up for a time.
    "ALTER TABLE host ADD COLUMN times_down INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE host ADD COLUMN down_until INTEGER NOT NULL DEFAULT 0;",
    // 4: what the texts of articles are like; sitemaps by when they were last read, so that those of long ago are found;
    // when articles were first written, and when they were published.
    "CREATE TABLE likeness (
        row INTEGER PRIMARY KEY, article TEXT NOT NULL UNIQUE, cluster TEXT NOT NULL, sketch BLOB NOT NULL
     );
     CREATE TABLE likeness_band (
        band INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (band, row)
     ) WITHOUT ROWID;
     CREATE INDEX url_sitemap ON url (fetched) WHERE kind = 'SITEMAP';
     ALTER TABLE article ADD COLUMN captured INTEGER;
     ALTER TABLE article ADD COLUMN published TEXT;",
    // 5: what rests has a time to be due again, and so most of what has a time is not due. What is due is marked as ready
    // and has an index of its own, which a lease walks along: source by source, host by host, and within a host hubs first
    // and then the newest. Its size is that of the work at hand. Leases are a small table of their own, so that giving one
    // out changes no row among millions. And what became of a URL is remembered.
    "ALTER TABLE url ADD COLUMN ready INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE url ADD COLUMN pause INTEGER;
     DROP INDEX url_open;
     DROP INDEX url_leased;
     UPDATE url SET state = 'DISCOVERED', due = 0 WHERE state = 'LEASED';
     CREATE INDEX url_ready ON url (source, host, rank, newness DESC) WHERE ready = 1;
     CREATE INDEX url_waiting ON url (due, source, rank) WHERE ready = 0 AND due IS NOT NULL;
     CREATE TABLE lease (url INTEGER PRIMARY KEY, host TEXT NOT NULL, until INTEGER NOT NULL);
     CREATE INDEX lease_host ON lease (host, until);
     CREATE TABLE visit (url INTEGER NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, PRIMARY KEY (url, at)) WITHOUT ROWID;",
    // 6: a changed headline makes a new version too.
    "ALTER TABLE article ADD COLUMN title TEXT;",
];

/// Checks that a file is a store of the format that we read, without changing it. One that is empty is about to be made, and
/// is not there yet.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), FrontierError> {
    let not_a_store = |problem: String| FrontierError::NotAStore { path: path.to_owned(), problem };
    // One statement, so that it is one moment.
    let sql = "SELECT (SELECT count(*) FROM sqlite_schema), application_id, user_version
               FROM pragma_application_id, pragma_user_version";
    let read = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let (tables, application, found): (i64, i64, i64) = read.map_err(|source| not_a_store(source.to_string()))?;
    match (application, found) {
        (APPLICATION_ID, FORMAT) => Ok(()),
        (APPLICATION_ID, found) if found > FORMAT => {
            Err(FrontierError::TooNew { path: path.to_owned(), found, known: FORMAT })
        }
        (APPLICATION_ID, found) => Err(FrontierError::Format { path: path.to_owned(), found, known: FORMAT }),
        (0, 0) if tables == 0 => Err(FrontierError::NotThere { path: path.to_owned() }),
        _ => Err(not_a_store("it is the database of another program".to_owned())),
    }
}

/// Makes the tables in an empty file, brings those of an earlier format up to date, or checks that they are.
pub(super) fn prepare(connection: &Connection, path: &Path) -> Result<(), FrontierError> {
    let explain = |source| explain(path, source);
    let found = format(connection, path)?;
    // Full synchronisation: what a commit says is on the disk has to be there after a loss of power, because the
    // archive's files are cut to it.
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;
             PRAGMA cache_size = -{CACHE_KIBIBYTES};"
        ))
        .map_err(explain)?;
    if found < FORMAT {
        let first = if found == 0 { TABLES } else { "" };
        let taken = usize::try_from(found.max(1) - 1).unwrap_or_default();
        let steps = STEPS[taken..].join("\n");
        let script = format!(
            "BEGIN IMMEDIATE; {first} {steps} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}; COMMIT;"
        );
        connection.execute_batch(&script).map_err(explain)?;
    }
    Ok(())
}

/// The format of a store, 0 for an empty file; an error where it is none of ours or a later one.
fn format(connection: &Connection, path: &Path) -> Result<i64, FrontierError> {
    let explain = |source| explain(path, source);
    let read = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(explain);
    let found = read("user_version")?;
    if read("application_id")? != APPLICATION_ID {
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(explain)?;
        if tables > 0 || found > 0 {
            let problem = "it is the database of another program".to_owned();
            return Err(FrontierError::NotAStore { path: path.to_owned(), problem });
        }
    }
    if found > FORMAT {
        return Err(FrontierError::TooNew { path: path.to_owned(), found, known: FORMAT });
    }
    Ok(found)
}

fn explain(path: &Path, source: rusqlite::Error) -> FrontierError {
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            FrontierError::NotAStore { path: path.to_owned(), problem: source.to_string() }
        }
        _ => super::explain(path, "prepare the tables", source),
    }
}
