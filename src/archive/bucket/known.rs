//! What is known to be in the bucket, and which uploads are under way: `.bucket.db` in the archive's folder.
//!
//! It may be lost: then everything is sent again. It never says more than what the bucket confirmed.

use super::BucketError;
use object_store::multipart::PartId;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::{Path, PathBuf};
use url::Url;

/// The file, under the archive.
const FILE: &str = ".bucket.db";

/// The format of the file. Another one is another edition's, and made anew.
const FORMAT: i64 = 1;

const SCHEMA: &str = "
CREATE TABLE bucket (url TEXT NOT NULL);
CREATE TABLE object (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, digest TEXT NOT NULL, e_tag TEXT,
    sent INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE upload (path TEXT PRIMARY KEY, digest TEXT NOT NULL, id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE part (path TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (path, number)) WITHOUT ROWID;
";

/// An object that the bucket has confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    /// Bytes.
    pub(super) size: u64,
    /// When the local file was last changed, in nanoseconds since 1970.
    pub(super) changed: i64,
    /// A mark of its content.
    pub(super) digest: String,
    /// What the bucket calls its content.
    pub(super) e_tag: Option<String>,
    /// When, in seconds since 1970.
    pub(super) sent: i64,
}

/// An upload in parts that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Upload {
    /// Of which content.
    pub(super) digest: String,
    /// The bucket's name for it.
    pub(super) id: String,
}

/// The file.
#[derive(Debug)]
pub(super) struct Known {
    path: PathBuf,
    connection: Connection,
}

impl Known {
    /// Opens the file, or makes it. What it says of another bucket is forgotten.
    pub(super) fn open(root: &Path, url: &Url) -> Result<Self, BucketError> {
        let path = root.join(FILE);
        let failed = |source| BucketError::Known { doing: "open", path: path.clone(), source };
        let connection = Connection::open(&path).map_err(failed)?;
        let mut known = Self { connection, path: path.clone() };
        known.ask("prepare", |connection| {
            // What is lost is sent again.
            connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
            let format: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            let is_same = format == FORMAT
                && connection.query_row("SELECT url FROM bucket", [], |row| row.get::<_, String>(0))? == url.as_str();
            if is_same {
                return Ok(());
            }
            let transaction = connection.transaction()?;
            for table in ["bucket", "object", "upload", "part"] {
                transaction.execute_batch(&format!("DROP TABLE IF EXISTS {table}"))?;
            }
            transaction.execute_batch(SCHEMA)?;
            transaction.execute("INSERT INTO bucket (url) VALUES (?1)", [url.as_str()])?;
            transaction.execute_batch(&format!("PRAGMA user_version = {FORMAT}"))?;
            transaction.commit()
        })?;
        Ok(known)
    }

    fn ask<T>(
        &mut self,
        doing: &'static str,
        question: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, BucketError> {
        question(&mut self.connection).map_err(|source| BucketError::Known { doing, path: self.path.clone(), source })
    }

    pub(super) fn object(&mut self, path: &str) -> Result<Option<Object>, BucketError> {
        self.ask("read", |connection| {
            connection
                .prepare_cached("SELECT size, changed, digest, e_tag, sent FROM object WHERE path = ?1")?
                .query_row([path], |row| {
                    Ok(Object {
                        size: row.get::<_, i64>(0)?.cast_unsigned(),
                        changed: row.get(1)?,
                        digest: row.get(2)?,
                        e_tag: row.get(3)?,
                        sent: row.get(4)?,
                    })
                })
                .optional()
        })
    }

    /// The paths of all objects, in order.
    pub(super) fn paths(&mut self) -> Result<Vec<String>, BucketError> {
        self.ask("read", |connection| {
            connection
                .prepare_cached("SELECT path FROM object ORDER BY path")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    /// Notes an object that is in the bucket; its upload is over.
    pub(super) fn note(&mut self, path: &str, object: &Object) -> Result<(), BucketError> {
        self.ask("write to", |connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT OR REPLACE INTO object (path, size, changed, digest, e_tag, sent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![path, object.size.cast_signed(), object.changed, object.digest, object.e_tag, object.sent],
            )?;
            transaction.execute("DELETE FROM upload WHERE path = ?1", [path])?;
            transaction.execute("DELETE FROM part WHERE path = ?1", [path])?;
            transaction.commit()
        })
    }

    /// Forgets an object, so that it is sent again if it is there.
    pub(super) fn forget(&mut self, path: &str) -> Result<(), BucketError> {
        self.ask("write to", |connection| connection.execute("DELETE FROM object WHERE path = ?1", [path]).map(drop))
    }

    pub(super) fn upload(&mut self, path: &str) -> Result<Option<Upload>, BucketError> {
        self.ask("read", |connection| {
            connection
                .prepare_cached("SELECT digest, id FROM upload WHERE path = ?1")?
                .query_row([path], |row| Ok(Upload { digest: row.get(0)?, id: row.get(1)? }))
                .optional()
        })
    }

    /// Notes an upload in parts that begins, in place of another of the same path.
    pub(super) fn begin(&mut self, path: &str, upload: &Upload) -> Result<(), BucketError> {
        self.ask("write to", |connection| {
            let transaction = connection.transaction()?;
            transaction.execute("DELETE FROM part WHERE path = ?1", [path])?;
            transaction.execute(
                "INSERT OR REPLACE INTO upload (path, digest, id) VALUES (?1, ?2, ?3)",
                params![path, upload.digest, upload.id],
            )?;
            transaction.commit()
        })
    }

    /// Forgets an upload in parts.
    pub(super) fn give_up(&mut self, path: &str) -> Result<(), BucketError> {
        self.ask("write to", |connection| {
            let transaction = connection.transaction()?;
            transaction.execute("DELETE FROM part WHERE path = ?1", [path])?;
            transaction.execute("DELETE FROM upload WHERE path = ?1", [path])?;
            transaction.commit()
        })
    }

    /// Uploads whose files may be there no more.
    pub(super) fn uploads(&mut self) -> Result<Vec<String>, BucketError> {
        self.ask("read", |connection| {
            connection
                .prepare_cached("SELECT path FROM upload ORDER BY path")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    /// A part that the bucket has.
    pub(super) fn part(&mut self, path: &str, number: u32) -> Result<Option<PartId>, BucketError> {
        self.ask("read", |connection| {
            connection
                .prepare_cached("SELECT id FROM part WHERE path = ?1 AND number = ?2")?
                .query_row(params![path, number], |row| Ok(PartId { content_id: row.get(0)? }))
                .optional()
        })
    }

    pub(super) fn note_part(&mut self, path: &str, number: u32, part: &PartId) -> Result<(), BucketError> {
        self.ask("write to", |connection| {
            connection
                .prepare_cached("INSERT OR REPLACE INTO part (path, number, id) VALUES (?1, ?2, ?3)")?
                .execute(params![path, number, part.content_id])
                .map(drop)
        })
    }
}
