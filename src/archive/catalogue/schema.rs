//! The tables of the catalogue.
//!
//! Times are whole milliseconds since 1970, UTC. `version` has a row for each version of each article; `record` is the
//! whole record as JSON, packed by zstd, so that the catalogue needs no other file. `at` is when the article was published,
//! or else fetched. `words` is the full-text index of the last version of each article, under its `seq`.

use super::super::ArchiveError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::{Duration, Instant};

/// The format that this code reads and writes, kept in `PRAGMA user_version`.
pub(super) const FORMAT: i64 = 1;

/// Marks the file as ours (`PRAGMA application_id`): "CPDC" in ASCII.
const APPLICATION_ID: i64 = 0x4350_4443;

/// How long a connection waits for another's transaction: longer than a commit of a batch takes on a slow disk.
const BUSY: Duration = Duration::from_secs(30);

/// The pause between two tries for a lock that SQLite does not wait for.
const GLANCE: Duration = Duration::from_millis(5);

/// What leads from each format to the next, beginning at an empty file.
const STEPS: [&str; FORMAT as usize] = ["
CREATE TABLE version (
    seq           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL,
    version       INTEGER NOT NULL,
    source        TEXT NOT NULL,
    site          TEXT NOT NULL,
    url           TEXT,
    title         TEXT,
    authors       TEXT NOT NULL,
    language      TEXT,
    at            INTEGER,
    fetched       INTEGER,
    word_count    INTEGER NOT NULL,
    content_hash  TEXT NOT NULL,
    cluster       TEXT,
    tombstone     TEXT,
    is_last       INTEGER NOT NULL,
    record        BLOB NOT NULL
);
CREATE INDEX version_id ON version (id, seq);
CREATE INDEX version_at ON version (at) WHERE is_last = 1;
CREATE INDEX version_cluster ON version (cluster) WHERE cluster IS NOT NULL;
CREATE TABLE place (
    seq INTEGER NOT NULL, format TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (seq, format)
) WITHOUT ROWID;
CREATE INDEX place_path ON place (path);
CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES ('committed', 0);
CREATE VIRTUAL TABLE words USING fts5 (
    title, body, content = '', contentless_delete = 1,
    tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\"
);
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(8.0, 1.0)');
"];

/// Opens a catalogue to write to, making it if there is none.
pub(super) fn open(path: &Path) -> Result<Connection, ArchiveError> {
    let connection = Connection::open(path).map_err(|source| explain("open", path, source))?;
    prepare(&connection, path)?;
    Ok(connection)
}

/// Opens a catalogue to read from, while others may write to it.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, ArchiveError> {
    if !path.exists() {
        return Err(ArchiveError::NoCatalogue { path: path.to_owned() });
    }
    // A reader of a write-ahead log takes part in it, so that it has to be able to write beside the file.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .or_else(|_| Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY))
        .map_err(|source| explain("open", path, source))?;
    let wait = connection.busy_timeout(BUSY);
    wait.map_err(|source| explain("open", path, source))?;
    match format(&connection, path)? {
        FORMAT => {}
        _ => prepare(&connection, path)?,
    }
    Ok(connection)
}

fn prepare(connection: &Connection, path: &Path) -> Result<(), ArchiveError> {
    let failed = |source| explain("prepare", path, source);
    connection.busy_timeout(BUSY).map_err(failed)?;
    // What is none of ours is left as it is.
    format(connection, path)?;
    // SQLite waits for no other connection here, so that a new file which several open at once needs some patience of ours.
    let since = Instant::now();
    while let Err(source) = connection.execute_batch("PRAGMA journal_mode = WAL;") {
        if source.sqlite_error_code() != Some(rusqlite::ErrorCode::DatabaseBusy) || since.elapsed() > BUSY {
            return Err(failed(source));
        }
        std::thread::sleep(GLANCE);
    }
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;").map_err(failed)?;
    connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
    let grown = grow(connection, path);
    let end = if grown.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.execute_batch(end).map_err(failed).and(grown)
}

/// Brings the tables up to date, where nobody else can do so at the same time.
fn grow(connection: &Connection, path: &Path) -> Result<(), ArchiveError> {
    let found = format(connection, path)?;
    if found < FORMAT {
        let taken = usize::try_from(found).unwrap_or_default();
        let steps = STEPS[taken..].join("\n");
        let script = format!("{steps} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};");
        connection.execute_batch(&script).map_err(|source| explain("prepare", path, source))?;
    }
    Ok(())
}

/// The format of a file, 0 where it is empty; an error where it is none of ours or of a later edition.
fn format(connection: &Connection, path: &Path) -> Result<i64, ArchiveError> {
    // One statement, so that it is one moment: another process may just be making the tables.
    let sql = "SELECT (SELECT count(*) FROM sqlite_schema), application_id, user_version
               FROM pragma_application_id, pragma_user_version";
    let read = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let (tables, application, found): (i64, i64, i64) = read.map_err(|source| explain("read", path, source))?;
    if application != APPLICATION_ID && (tables > 0 || found > 0) {
        let problem = "it is the database of another program".to_owned();
        return Err(ArchiveError::NotACatalogue { path: path.to_owned(), problem });
    }
    if found > FORMAT {
        let problem = format!("its format is {found}, and this program knows up to {FORMAT}: use a newer copydesk");
        return Err(ArchiveError::NotACatalogue { path: path.to_owned(), problem });
    }
    Ok(found)
}

/// SQLite's error as ours.
pub(super) fn explain(doing: &'static str, path: &Path, source: rusqlite::Error) -> ArchiveError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(DiskFull) => ArchiveError::DiskFull { path, source: std::io::Error::other(source) },
        Some(NotADatabase | DatabaseCorrupt) => ArchiveError::NotACatalogue { path, problem: source.to_string() },
        _ => ArchiveError::Catalogue { doing, path, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_can_be_opened_by_several_at_once() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("catalogue.db");
            std::thread::scope(|scope| {
                let opened: Vec<_> = (0..6)
                    .map(|number| {
                        let path = &path;
                        scope.spawn(move || match number {
                            0 => open(path).map(drop),
                            _ if path.exists() => open_to_read(path).map(drop),
                            _ => open(path).map(drop),
                        })
                    })
                    .collect();
                for opened in opened {
                    opened.join().unwrap().unwrap();
                }
            });
        }
    }
}
