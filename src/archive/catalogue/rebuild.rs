//! A catalogue made of what the files hold, in whatever order they give it.

use super::super::{ArchiveError, Format};
use super::sink::{self, Packer};
use super::{schema, unpack};
use crate::model::Article;
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};

/// A catalogue that is being made beside the old one.
pub(in super::super) struct Rebuild {
    path: PathBuf,
    connection: Connection,
    packer: Packer,
}

impl Rebuild {
    /// Begins one in a file of its own; what an earlier try left there is thrown away.
    pub(in super::super) fn begin(path: &Path) -> Result<Self, ArchiveError> {
        remove(path)?;
        let connection = schema::open(path)?;
        let failed = |source| schema::explain("prepare", path, source);
        // Nothing counts before it has its name.
        connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN").map_err(failed)?;
        Ok(Self { packer: Packer::new(path)?, path: path.to_owned(), connection })
    }

    /// Takes a version, unless it has it.
    pub(in super::super) fn add(&mut self, source: &str, article: &Article) -> Result<(), ArchiveError> {
        let packed = self.packer.pack(article)?;
        let known = self.connection.prepare_cached("SELECT 1 FROM version WHERE seq = ?1");
        known
            .and_then(|mut known| known.exists([article.seq.cast_signed()]))
            .and_then(|known| if known { Ok(()) } else { sink::insert(&self.connection, source, article, &packed) })
            .map_err(|source| schema::explain("write to", &self.path, source))
    }

    /// Notes where a copy lies; of an article's own file without a number, it is that of the last version.
    pub(in super::super) fn add_place(
        &mut self,
        id: &str,
        seq: Option<u64>,
        format: Format,
        path: &str,
    ) -> Result<(), ArchiveError> {
        let add = || {
            self.connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO place (seq, format, path)
                     SELECT seq, ?3, ?4 FROM version
                     WHERE id = ?1 AND (seq = ?2 OR ?2 IS NULL) AND (tombstone IS NULL OR ?2 IS NOT NULL)
                     ORDER BY seq DESC LIMIT 1",
                )?
                .execute(params![id, seq.map(u64::cast_signed), format.to_string(), path])
        };
        add().map(drop).map_err(|source| schema::explain("write to", &self.path, source))
    }

    /// Indexes the words and gives the catalogue its name. Says how many versions and places it has.
    pub(in super::super) fn finish(self, path: &Path) -> Result<(u64, u64), ArchiveError> {
        let counts = self.complete().map_err(|source| schema::explain("write to", &self.path, source))?;
        let Self { connection, path: part, .. } = self;
        connection.close().map_err(|(_, source)| schema::explain("close", &part, source))?;
        std::fs::File::open(&part)
            .and_then(|file| file.sync_all())
            .map_err(|source| ArchiveError::file("sync", &part, source))?;
        // What SQLite keeps beside the old file is of the old file.
        for ending in ["-wal", "-shm"] {
            remove(&beside(path, ending))?;
        }
        std::fs::rename(&part, path).map_err(|source| ArchiveError::file("write", path, source))?;
        path.parent().map_or(Ok(()), super::super::safe_file::sync_folder)?;
        Ok(counts)
    }

    fn complete(&self) -> rusqlite::Result<(u64, u64)> {
        let connection = &self.connection;
        connection.execute_batch(
            "UPDATE version SET is_last = 0;
             UPDATE version SET is_last = 1
             WHERE seq IN (SELECT max(seq) FROM version WHERE tombstone IS NULL GROUP BY id);
             UPDATE state SET value = (SELECT coalesce(max(seq), 0) FROM version) WHERE name = 'committed';",
        )?;
        let mut last = connection.prepare("SELECT record FROM version WHERE is_last = 1 ORDER BY seq")?;
        let mut rows = last.query([])?;
        while let Some(row) = rows.next()? {
            if let Ok(article) = unpack(row.get_ref(0)?.as_blob()?) {
                sink::index(connection, &article)?;
            }
        }
        drop(rows);
        let count = |table: &str| {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
        };
        let counts = (count("version")?.cast_unsigned(), count("place")?.cast_unsigned());
        connection.execute_batch("COMMIT; PRAGMA journal_mode = WAL;")?;
        Ok(counts)
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn remove(path: &Path) -> Result<(), ArchiveError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ArchiveError::file("remove", path, error)),
        _ => Ok(()),
    }
}
