//! Where each capture lies: what revisit records and the CDXJ files are made from.
//!
//! A small SQLite file, `warc/indexes/index.db`. It holds nothing that the WARC files do not hold: what it lacks after a
//! crash, or all of it, is read from them again.

use super::capture::{Capture, Original};
use crate::archive::ArchiveError;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, params};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The format that this code reads and writes, kept in `PRAGMA user_version`. One of another format is made anew.
const FORMAT: i64 = 1;

const TABLES: &str = "
CREATE TABLE file (
    id      INTEGER PRIMARY KEY,
    path    TEXT NOT NULL UNIQUE,
    indexed INTEGER NOT NULL,
    listed  INTEGER NOT NULL
);
CREATE TABLE capture (
    file   INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    key    TEXT NOT NULL,
    url    TEXT NOT NULL,
    date   TEXT NOT NULL,
    status INTEGER NOT NULL,
    mime   TEXT NOT NULL,
    digest TEXT NOT NULL,
    record TEXT NOT NULL,
    whole  INTEGER NOT NULL,
    PRIMARY KEY (file, offset)
) WITHOUT ROWID;
CREATE INDEX capture_digest ON capture (digest) WHERE whole = 1;
CREATE INDEX capture_url ON capture (url, date);
";

/// The index, open.
#[derive(Debug)]
pub(super) struct Index {
    path: PathBuf,
    connection: Connection,
    /// Whether there are changes that are not saved.
    is_changed: bool,
}

impl Index {
    /// Opens it, or makes it; what is no index of this format is replaced.
    pub(super) fn open(path: &Path) -> Result<Self, ArchiveError> {
        match Self::try_open(path) {
            Err(error) if is_damage(&error) => {
                tracing::warn!(file = %path.display(), %error, "it cannot be read and is made again from the WARC files");
                for suffix in ["", "-wal", "-shm"] {
                    let mut name = path.as_os_str().to_owned();
                    name.push(suffix);
                    let _ = std::fs::remove_file(PathBuf::from(name));
                }
                Self::try_open(path)
            }
            other => other,
        }
        .map_err(|source| ArchiveError::database("open", path, source))
    }

    /// Opens it to look at, beside a process that writes it; `None` where there is none, or none of this format.
    pub(super) fn open_to_read(path: &Path) -> Result<Option<Self>, ArchiveError> {
        if !path.exists() {
            return Ok(None);
        }
        let failed = |source| ArchiveError::database("open", path, source);
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
        let format = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
        match format {
            Ok(FORMAT) => Ok(Some(Self { path: path.to_owned(), connection, is_changed: false })),
            Ok(_) => Ok(None),
            Err(error) if is_damage(&error) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// One that ends with the value.
    pub(super) fn in_memory() -> Result<Self, ArchiveError> {
        Self::try_open(Path::new(":memory:"))
            .map_err(|source| ArchiveError::database("open", Path::new("(in memory)"), source))
    }

    fn try_open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // What a power cut takes is read again from the WARC files.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let format: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if format != FORMAT {
            connection.execute_batch("DROP TABLE IF EXISTS capture; DROP TABLE IF EXISTS file;")?;
            connection.execute_batch(TABLES)?;
            connection.pragma_update(None, "user_version", FORMAT)?;
        }
        Ok(Self { path: path.to_owned(), connection, is_changed: false })
    }

    /// Adds captures of a file, which it holds up to `indexed`. They count once they are saved.
    pub(super) fn add(&mut self, file: &str, indexed: u64, captures: &[Capture]) -> Result<(), ArchiveError> {
        self.begin()?;
        let add = || {
            let id = file_id(&self.connection, file)?;
            let insert = "INSERT OR REPLACE INTO capture VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
            let mut insert = self.connection.prepare_cached(insert)?;
            for one in captures {
                insert.execute(params![
                    id,
                    number(one.offset),
                    number(one.length),
                    one.key,
                    one.url,
                    one.date,
                    one.status,
                    one.mime,
                    one.digest,
                    one.record,
                    one.is_whole
                ])?;
            }
            let mut update = self.connection.prepare_cached("UPDATE file SET indexed = ?2 WHERE id = ?1")?;
            update.execute(params![id, number(indexed)]).map(drop)
        };
        add().map_err(|source| ArchiveError::database("write to", &self.path, source))
    }

    /// Forgets what lies at and behind a length of a file, and says how far it is known then.
    pub(super) fn cut(&mut self, file: &str, length: u64) -> Result<u64, ArchiveError> {
        self.begin()?;
        let cut = || {
            let id = file_id(&self.connection, file)?;
            let known: i64 =
                self.connection.query_row("SELECT indexed FROM file WHERE id = ?1", [id], |row| row.get(0))?;
            if known <= number(length) {
                return Ok(known);
            }
            self.connection
                .execute("DELETE FROM capture WHERE file = ?1 AND offset >= ?2", params![id, number(length)])?;
            let update = "UPDATE file SET indexed = ?2, listed = -1 WHERE id = ?1";
            self.connection.execute(update, params![id, number(length)])?;
            Ok(number(length))
        };
        let known = cut().map_err(|source| ArchiveError::database("write to", &self.path, source))?;
        Ok(u64::try_from(known).unwrap_or_default())
    }

    /// Forgets the files that are not there any more.
    pub(super) fn keep_only(&mut self, files: &[String]) -> Result<(), ArchiveError> {
        self.begin()?;
        let files: HashSet<&str> = files.iter().map(String::as_str).collect();
        let forget = || {
            let known = self
                .connection
                .prepare("SELECT id, path FROM file")?
                .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            for (id, path) in known {
                if !files.contains(path.as_str()) {
                    self.connection.execute("DELETE FROM capture WHERE file = ?1", [id])?;
                    self.connection.execute("DELETE FROM file WHERE id = ?1", [id])?;
                }
            }
            Ok(())
        };
        forget().map_err(|source| ArchiveError::database("write to", &self.path, source))
    }

    /// The whole capture whose payload has a digest.
    pub(super) fn original(&self, digest: &str) -> Result<Option<Original>, ArchiveError> {
        let query = "SELECT url, date, record, digest FROM capture WHERE digest = ?1 AND whole = 1 LIMIT 1";
        self.one(query, digest)
    }

    /// The same with its file.
    pub(super) fn lies(&self, digest: &str) -> Result<Option<(String, Capture)>, ArchiveError> {
        let query = "SELECT offset, length, key, url, date, status, mime, digest, record, whole,
                (SELECT path FROM file WHERE file.id = capture.file)
            FROM capture WHERE digest = ?1 AND whole = 1 LIMIT 1";
        let read = |row: &Row<'_>| Ok((row.get(10)?, capture(row)?));
        let ask = || self.connection.prepare_cached(query)?.query_row([digest], read).optional();
        ask().map_err(|source| ArchiveError::database("read", &self.path, source))
    }

    /// The last good capture of an address up to a date, as records have dates, with its file.
    pub(super) fn last_until(&self, url: &str, date: &str) -> Result<Option<(String, Capture)>, ArchiveError> {
        let query = "SELECT offset, length, key, url, date, status, mime, digest, record, whole,
                (SELECT path FROM file WHERE file.id = capture.file)
            FROM capture WHERE url = ?1 AND date <= ?2 AND status BETWEEN 200 AND 299 ORDER BY date DESC LIMIT 1";
        let read = |row: &Row<'_>| Ok((row.get(10)?, capture(row)?));
        let ask = || self.connection.prepare_cached(query)?.query_row([url, date], read).optional();
        ask().map_err(|source| ArchiveError::database("read", &self.path, source))
    }

    /// How far a file is known, in bytes.
    pub(super) fn length_of(&self, file: &str) -> Result<u64, ArchiveError> {
        let query = "SELECT indexed FROM file WHERE path = ?1";
        let ask = || self.connection.prepare_cached(query)?.query_row([file], |row| row.get::<_, i64>(0)).optional();
        let length = ask().map_err(|source| ArchiveError::database("read", &self.path, source))?;
        Ok(length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default())
    }

    /// The whole capture whose payload is that of the last good answer of an address.
    pub(super) fn last_of(&self, url: &str) -> Result<Option<Original>, ArchiveError> {
        let query = "SELECT url, date, record, digest FROM capture
            WHERE url = ?1 AND status BETWEEN 200 AND 299 ORDER BY date DESC LIMIT 1";
        match self.one(query, url)? {
            Some(last) => self.original(&last.digest),
            None => Ok(None),
        }
    }

    fn one(&self, query: &str, value: &str) -> Result<Option<Original>, ArchiveError> {
        let read = |row: &Row<'_>| {
            Ok(Original { url: row.get(0)?, date: row.get(1)?, record: row.get(2)?, digest: row.get(3)? })
        };
        let ask = || self.connection.prepare_cached(query)?.query_row([value], read).optional();
        ask().map_err(|source| ArchiveError::database("read", &self.path, source))
    }

    /// Files whose list is not up to date, with the length that is known of each.
    pub(super) fn unlisted(&self) -> Result<Vec<(String, u64)>, ArchiveError> {
        let query = "SELECT path, indexed FROM file WHERE listed <> indexed ORDER BY path";
        let read = |row: &Row<'_>| Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default()));
        let ask = || self.connection.prepare_cached(query)?.query_map([], read)?.collect::<rusqlite::Result<_>>();
        ask().map_err(|source| ArchiveError::database("read", &self.path, source))
    }

    /// The captures of a file that can be shown, one after the other. An answer 304 is not among them: it shows nothing that the
    /// capture before it does not, and pywb would show it as it is.
    pub(super) fn each_of(
        &self,
        file: &str,
        mut take: impl FnMut(Capture) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let failed = |source| ArchiveError::database("read", &self.path, source);
        let query = "SELECT offset, length, key, url, date, status, mime, digest, record, whole FROM capture
            WHERE file = (SELECT id FROM file WHERE path = ?1) AND status <> 304";
        let mut statement = self.connection.prepare_cached(query).map_err(failed)?;
        let mut rows = statement.query([file]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            take(capture(row).map_err(failed)?)?;
        }
        Ok(())
    }

    /// Notes that the list of a file is up to date.
    pub(super) fn set_listed(&mut self, file: &str, length: u64) -> Result<(), ArchiveError> {
        self.begin()?;
        let update = "UPDATE file SET listed = ?2 WHERE path = ?1";
        let done = self.connection.execute(update, params![file, number(length)]);
        done.map(drop).map_err(|source| ArchiveError::database("write to", &self.path, source))
    }

    /// Saves all changes.
    pub(super) fn save(&mut self) -> Result<(), ArchiveError> {
        if self.is_changed {
            let done = self.connection.execute_batch("COMMIT");
            done.map_err(|source| ArchiveError::database("write to", &self.path, source))?;
            self.is_changed = false;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), ArchiveError> {
        if !self.is_changed {
            let begun = self.connection.execute_batch("BEGIN IMMEDIATE");
            begun.map_err(|source| ArchiveError::database("write to", &self.path, source))?;
            self.is_changed = true;
        }
        Ok(())
    }
}

fn capture(row: &Row<'_>) -> rusqlite::Result<Capture> {
    let unsigned = |at| row.get::<_, i64>(at).map(|number| u64::try_from(number).unwrap_or_default());
    Ok(Capture {
        offset: unsigned(0)?,
        length: unsigned(1)?,
        key: row.get(2)?,
        url: row.get(3)?,
        date: row.get(4)?,
        status: row.get(5)?,
        mime: row.get(6)?,
        digest: row.get(7)?,
        record: row.get(8)?,
        is_whole: row.get(9)?,
    })
}

fn file_id(connection: &Connection, file: &str) -> rusqlite::Result<i64> {
    let insert = "INSERT OR IGNORE INTO file (path, indexed, listed) VALUES (?1, 0, -1)";
    connection.prepare_cached(insert)?.execute([file])?;
    connection.prepare_cached("SELECT id FROM file WHERE path = ?1")?.query_row([file], |row| row.get(0))
}

/// SQLite has no unsigned numbers, and no file is as long as that.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}
