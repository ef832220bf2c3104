//! The catalogue as a sink.

use super::super::{ArchiveError, Format, Place, Record, Sink, names};
use super::{FILE, schema, words};
use crate::model::{Article, SinkPosition, Tombstone};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};
use url::Url;

/// How hard records are packed: zstd's own default.
const ZSTD_LEVEL: i32 = 3;

/// Writes `catalogue.db`.
///
/// Its position is the highest sequence number that it holds. Readers see no version before it is committed: a number that
/// was lost in a crash is given to another one, which whoever follows the numbers would miss.
pub struct CatalogueSink {
    path: PathBuf,
    connection: Connection,
    packer: Packer,
    /// Whether a transaction is open.
    is_open: bool,
    /// The highest number that was taken and is not committed.
    taken: Option<u64>,
}

impl std::fmt::Debug for CatalogueSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CatalogueSink").field("path", &self.path).field("taken", &self.taken).finish_non_exhaustive()
    }
}

impl CatalogueSink {
    /// Opens the catalogue under an archive's folder, or makes it.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be made, or is none of ours.
    pub fn open(root: &Path) -> Result<Self, ArchiveError> {
        super::super::safe_file::make_folder(root)?;
        let path = root.join(FILE);
        let packer = Packer::new(&path)?;
        Ok(Self { connection: schema::open(&path)?, path, packer, is_open: false, taken: None })
    }

    fn run(&mut self, doing: &'static str, script: &str) -> Result<(), ArchiveError> {
        self.connection.execute_batch(script).map_err(|source| schema::explain(doing, &self.path, source))
    }

    fn add(&self, record: &Record<'_>, packed: &[u8]) -> rusqlite::Result<()> {
        let article = record.article;
        let seq = article.seq.cast_signed();
        if article.tombstone.is_none() {
            let last: Option<i64> = self
                .connection
                .prepare_cached("SELECT seq FROM version WHERE id = ?1 AND is_last = 1")?
                .query_row([&article.id], |row| row.get(0))
                .optional()?;
            if let Some(last) = last {
                self.connection.prepare_cached("UPDATE version SET is_last = 0 WHERE seq = ?1")?.execute([last])?;
                self.connection.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([last])?;
            }
            index(&self.connection, article)?;
        }
        insert(&self.connection, record.source, article, packed)?;
        let mut add_place =
            self.connection.prepare_cached("INSERT OR REPLACE INTO place (seq, format, path) VALUES (?1, ?2, ?3)")?;
        for place in record.places {
            add_place.execute(params![seq, place.format.to_string(), place.path])?;
        }
        Ok(())
    }
}

/// Packs records.
pub(super) struct Packer {
    zstd: zstd::bulk::Compressor<'static>,
    /// The catalogue, for messages.
    path: PathBuf,
}

impl Packer {
    pub(super) fn new(path: &Path) -> Result<Self, ArchiveError> {
        let zstd = zstd::bulk::Compressor::new(ZSTD_LEVEL)
            .map_err(|source| ArchiveError::file("prepare to pack for", path, source))?;
        Ok(Self { zstd, path: path.to_owned() })
    }

    pub(super) fn pack(&mut self, article: &Article) -> Result<Vec<u8>, ArchiveError> {
        let json =
            serde_json::to_vec(article).map_err(|source| ArchiveError::Encode { path: self.path.clone(), source })?;
        self.zstd.compress(&json).map_err(|source| ArchiveError::file("pack for", &self.path, source))
    }
}

/// Adds the words of an article that is the last of its versions.
pub(super) fn index(connection: &Connection, article: &Article) -> rusqlite::Result<()> {
    let title = words::indexed(article.title.as_deref().unwrap_or_default());
    let body = words::indexed(&article.text);
    connection
        .prepare_cached("INSERT INTO words (rowid, title, body) VALUES (?1, ?2, ?3)")?
        .execute(params![article.seq.cast_signed(), title, body])
        .map(drop)
}

pub(super) fn insert(connection: &Connection, source: &str, article: &Article, packed: &[u8]) -> rusqlite::Result<()> {
    let url = article.url.as_deref().or(article.canonical_url.as_deref());
    let published = article.published.map(|date| date.instant().as_millisecond());
    let fetched = article.fetched.map(jiff::Timestamp::as_millisecond);
    connection
        .prepare_cached(
            "INSERT INTO version (seq, id, version, source, site, url, title, authors, language, at, fetched,
                                  word_count, content_hash, cluster, tombstone, is_last, record)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            article.seq.cast_signed(),
            article.id,
            article.version,
            source,
            url.map(site_of).unwrap_or_default(),
            url,
            article.title,
            words::indexed(&article.authors.join("\n")),
            article.language.as_deref().map(str::to_ascii_lowercase),
            published.or(fetched),
            fetched,
            i64::try_from(article.word_count).unwrap_or(i64::MAX),
            article.content_hash,
            article.cluster,
            article.tombstone.map(Tombstone::name),
            article.tombstone.is_none(),
            packed,
        ])
        .map(drop)
}

/// The host of a URL, without its "www.".
fn site_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    names::folder_name(host.strip_prefix("www.").unwrap_or(host))
}

/// Takes versions away that have a number above one, and makes the ones before them the last again.
pub(super) fn cut(
    transaction: &Transaction<'_>,
    above: u64,
    unpack: &dyn Fn(&[u8]) -> Option<Article>,
) -> rusqlite::Result<usize> {
    let above = above.cast_signed();
    let ids: Vec<String> = transaction
        .prepare("SELECT DISTINCT id FROM version WHERE seq > ?1")?
        .query_map([above], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(0);
    }
    transaction.execute(
        "DELETE FROM words WHERE rowid IN (SELECT seq FROM version WHERE seq > ?1 AND is_last = 1)",
        [above],
    )?;
    transaction.execute("DELETE FROM place WHERE seq > ?1", [above])?;
    let removed = transaction.execute("DELETE FROM version WHERE seq > ?1", [above])?;
    for id in ids {
        let last: Option<(i64, bool, Vec<u8>)> = transaction
            .prepare_cached(
                "SELECT seq, is_last, record FROM version WHERE id = ?1 AND tombstone IS NULL ORDER BY seq DESC LIMIT 1",
            )?
            .query_row([&id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        if let Some((seq, false, record)) = last {
            transaction.execute("UPDATE version SET is_last = 1 WHERE seq = ?1", [seq])?;
            if let Some(article) = unpack(&record) {
                index(transaction, &article)?;
            }
        }
    }
    Ok(removed)
}

impl Sink for CatalogueSink {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        let packed = self.packer.pack(record.article)?;
        if !self.is_open {
            self.run("begin to write to", "BEGIN IMMEDIATE")?;
            self.is_open = true;
        }
        // All of an article or nothing.
        self.run("write to", "SAVEPOINT article")?;
        if let Err(source) = self.add(record, &packed) {
            // Where the disk is full, SQLite may have undone everything already.
            let _ = self.connection.execute_batch("ROLLBACK TO article; RELEASE article");
            return Err(schema::explain("write to", &self.path, source));
        }
        self.run("write to", "RELEASE article")?;
        self.taken = self.taken.max(Some(record.article.seq));
        Ok(Some(Place { format: Format::Catalogue, path: FILE.to_owned(), is_own: false }))
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        if self.is_open {
            self.run("commit to", "COMMIT")?;
            self.is_open = false;
        }
        Ok(self.taken.map(|seq| SinkPosition { path: FILE.to_owned(), length: seq }).into_iter().collect())
    }

    fn committed(&mut self) -> Result<(), ArchiveError> {
        let Some(seq) = self.taken.take() else { return Ok(()) };
        // If this is lost, the next start says it again.
        self.run("note what is committed in", &format!(
            "PRAGMA synchronous = NORMAL; UPDATE state SET value = {seq} WHERE name = 'committed'; PRAGMA synchronous = FULL;"
        ))
    }

    fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        let path = self.path.clone();
        let failed = |source| schema::explain("restore", &path, source);
        if self.is_open {
            self.run("restore", "ROLLBACK")?;
            self.is_open = false;
        }
        self.taken = None;
        let known = committed.iter().find(|position| position.path == FILE).map(|position| position.length);
        let noted = super::committed(&self.connection).map_err(failed)?;
        // A store that knows less than the catalogue did not write it, or it was made anew since.
        let good = noted.max(known.unwrap_or(0));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        cut(&transaction, good, &|packed| super::unpack(packed).ok()).map_err(failed)?;
        transaction
            .execute("UPDATE state SET value = ?1 WHERE name = 'committed'", [good.cast_signed()])
            .map_err(failed)?;
        transaction.commit().map_err(failed)
    }

    fn last_seq(&self) -> Result<u64, ArchiveError> {
        super::committed(&self.connection).map_err(|source| schema::explain("read", &self.path, source))
    }
}
