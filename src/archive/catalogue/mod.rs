//! The catalogue: every version of every article in one SQLite file, where its copies lie, and a full-text index.
//!
//! It is a sink like the others, always the last, since it says where the others have put an article. It can be made anew
//! from the files alone.

mod erase;
mod filter;
mod query;
mod rebuild;
mod schema;
mod search;
mod sink;
mod snippet;
mod words;

pub(super) use erase::Erase;
pub use filter::Filter;
pub(super) use rebuild::Rebuild;
pub use search::{Hit, Search};
pub use sink::CatalogueSink;
pub use snippet::Snippet;

use super::ArchiveError;
use crate::model::Article;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The catalogue's file, under the archive.
pub const FILE: &str = "catalogue.db";

/// Versions that are read at a time, so that memory stays bounded: about a megabyte of records.
const PAGE: i64 = 64;

/// A version of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The source that it came from.
    pub source: String,
    /// The record.
    pub article: Article,
}

/// Where a copy of a version lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOf {
    /// The version's sequence number.
    pub seq: u64,
    /// Its article.
    pub id: String,
    /// Whether it is the last that has a text.
    pub is_last: bool,
    /// The format's name.
    pub format: String,
    /// The file, relative to the archive.
    pub path: String,
}

/// How much there is of what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Articles that have a text.
    pub articles: u64,
    /// Versions, tombstones among them.
    pub versions: u64,
    /// Articles that have a tombstone.
    pub withdrawn: u64,
    /// Words of the articles' last versions.
    pub words: u64,
    /// Articles by source.
    pub sources: BTreeMap<String, u64>,
    /// Articles by language; "" where it is not known.
    pub languages: BTreeMap<String, u64>,
    /// Articles by day of publication, or else of fetching, UTC.
    pub days: BTreeMap<String, u64>,
}

/// Of each article, which versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Versions {
    /// All, tombstones among them.
    #[default]
    All,
    /// The last that has a text.
    Last,
}

/// A catalogue, to read from while others may write to it.
#[derive(Debug)]
pub struct Catalogue {
    path: PathBuf,
    connection: Connection,
}

impl Catalogue {
    /// Opens the catalogue of an archive.
    ///
    /// # Errors
    /// [`ArchiveError::NoCatalogue`] where there is none; others where it cannot be read.
    pub fn open(archive: &Path) -> Result<Self, ArchiveError> {
        let path = archive.join(FILE);
        Ok(Self { connection: schema::open_to_read(&path)?, path })
    }

    /// The highest sequence number that is committed; 0 before the first article.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn last_seq(&self) -> Result<u64, ArchiveError> {
        self.explained(committed(&self.connection))
    }

    /// Calls back for each version above a sequence number, in order, until it says no (`false`) or there are no more. Gives
    /// the number of the last one called with, or `after`.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read; whatever the callback fails with.
    pub fn each<E: From<ArchiveError>>(
        &self,
        after: u64,
        versions: Versions,
        filter: &Filter,
        mut take: impl FnMut(Version) -> Result<bool, E>,
    ) -> Result<u64, E> {
        let mut after = after;
        loop {
            let page = self.page(after, versions, filter)?;
            if page.is_empty() {
                return Ok(after);
            }
            for version in page {
                after = version.article.seq;
                if !take(version)? {
                    return Ok(after);
                }
            }
        }
    }

    fn page(&self, after: u64, versions: Versions, filter: &Filter) -> Result<Vec<Version>, ArchiveError> {
        let (conditions, values) = filter.sql();
        let last = if versions == Versions::Last { "AND version.is_last = 1" } else { "" };
        let sql = format!(
            "SELECT source, record FROM version
             WHERE seq > ? AND seq <= (SELECT value FROM state WHERE name = 'committed') {last} {conditions}
             ORDER BY seq LIMIT {PAGE}"
        );
        // No number is as high as those that SQLite has no place for.
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let values = std::iter::once(after.into()).chain(values);
        self.explained((|| {
            self.connection.prepare_cached(&sql)?.query_map(params_from_iter(values), version)?.collect()
        })())
    }

    /// The articles that were published (or else fetched) last, the newest first, some of them passed over: the last version
    /// of each.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn newest(&self, filter: &Filter, limit: usize, offset: usize) -> Result<Vec<Version>, ArchiveError> {
        let (conditions, values) = filter.sql();
        let sql = format!(
            "SELECT source, record FROM version
             WHERE is_last = 1 AND seq <= (SELECT value FROM state WHERE name = 'committed') {conditions}
             ORDER BY at DESC, seq DESC LIMIT {limit} OFFSET {offset}"
        );
        self.explained((|| {
            self.connection.prepare_cached(&sql)?.query_map(params_from_iter(values), version)?.collect()
        })())
    }

    /// All versions of an article, in order; none for an unknown id.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn history(&self, id: &str) -> Result<Vec<Version>, ArchiveError> {
        let sql = "SELECT source, record FROM version
                   WHERE id = ?1 AND seq <= (SELECT value FROM state WHERE name = 'committed') ORDER BY seq";
        self.explained((|| self.connection.prepare_cached(sql)?.query_map([id], version)?.collect())())
    }

    /// The ids that a text may mean: an id or the beginning of one, or an article's URL.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn find(&self, text: &str) -> Result<Vec<String>, ArchiveError> {
        let canonical = crate::model::CanonicalUrl::parse(text).map(|url| url.article_id());
        let sql = "SELECT DISTINCT id FROM version
                   WHERE id = ?1 OR id = ?2 OR (length(?1) >= 4 AND id >= ?1 AND id < ?1 || 'g') OR url = ?1 LIMIT 20";
        self.explained((|| {
            self.connection.prepare_cached(sql)?.query_map((text, canonical), |row| row.get(0))?.collect()
        })())
    }

    /// The articles that tell the same as one, its own id among them where it has a cluster: the last version of each.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn cluster(&self, cluster: &str) -> Result<Vec<Version>, ArchiveError> {
        let sql = "SELECT source, record FROM version WHERE cluster = ?1 AND is_last = 1
                   AND seq <= (SELECT value FROM state WHERE name = 'committed') ORDER BY seq";
        self.explained((|| self.connection.prepare_cached(sql)?.query_map([cluster], version)?.collect())())
    }

    /// Where the copies of a version lie, by the names of their formats.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn places(&self, seq: u64) -> Result<Vec<(String, String)>, ArchiveError> {
        let sql = "SELECT format, path FROM place WHERE seq = ?1 ORDER BY format";
        self.explained((|| {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map([seq.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })())
    }

    /// The version with a sequence number.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn version(&self, seq: u64) -> Result<Option<Version>, ArchiveError> {
        let sql = "SELECT source, record FROM version WHERE seq = ?1";
        self.explained((|| self.connection.prepare_cached(sql)?.query_row([seq.cast_signed()], version).optional())())
    }

    /// Calls back for each copy of the versions up to a sequence number.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read; whatever the callback fails with.
    pub fn each_place(
        &self,
        end: u64,
        mut take: impl FnMut(CopyOf) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let sql = "SELECT place.seq, version.id, version.is_last, place.format, place.path
                   FROM place JOIN version ON version.seq = place.seq WHERE place.seq <= ?1";
        let read = |source| schema::explain("read", &self.path, source);
        let mut statement = self.connection.prepare_cached(sql).map_err(read)?;
        let mut rows = statement.query([end.cast_signed()]).map_err(read)?;
        while let Some(row) = rows.next().map_err(read)? {
            let copy = || -> rusqlite::Result<CopyOf> {
                Ok(CopyOf {
                    seq: row.get::<_, i64>(0)?.cast_unsigned(),
                    id: row.get(1)?,
                    is_last: row.get(2)?,
                    format: row.get(3)?,
                    path: row.get(4)?,
                })
            };
            take(copy().map_err(read)?)?;
        }
        Ok(())
    }

    /// How many articles each source has.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn sources(&self) -> Result<BTreeMap<String, u64>, ArchiveError> {
        let sql = "SELECT source, count(*) FROM version
                   WHERE is_last = 1 AND seq <= (SELECT value FROM state WHERE name = 'committed') GROUP BY source";
        self.explained((|| {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))?;
            rows.collect()
        })())
    }

    /// The languages of the articles, as far as they are known.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn languages(&self) -> Result<Vec<String>, ArchiveError> {
        let sql = "SELECT DISTINCT language FROM version WHERE is_last = 1 AND language IS NOT NULL
                   AND seq <= (SELECT value FROM state WHERE name = 'committed') ORDER BY language";
        self.explained((|| self.connection.prepare_cached(sql)?.query_map([], |row| row.get(0))?.collect())())
    }

    /// How many articles each source has of each day since a moment, by publication, or else fetching, UTC.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn days(&self, since: Timestamp) -> Result<BTreeMap<String, BTreeMap<String, u64>>, ArchiveError> {
        let sql = "SELECT source, date(at / 1000, 'unixepoch'), count(*) FROM version
                   WHERE is_last = 1 AND at >= ?1 AND seq <= (SELECT value FROM state WHERE name = 'committed')
                   GROUP BY 1, 2";
        let read = || -> rusqlite::Result<_> {
            let mut sources: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([since.as_millisecond()])?;
            while let Some(row) = rows.next()? {
                let days = sources.entry(row.get(0)?).or_default();
                days.insert(row.get(1)?, row.get::<_, i64>(2)?.cast_unsigned());
            }
            Ok(sources)
        };
        self.explained(read())
    }

    /// How much there is of what.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read.
    pub fn counts(&self) -> Result<Counts, ArchiveError> {
        let committed = "seq <= (SELECT value FROM state WHERE name = 'committed')";
        let number = |what: &str| {
            let sql = format!("SELECT {what} FROM version WHERE {committed}");
            self.connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)
        };
        let by = |what: &str| {
            let sql = format!("SELECT {what}, count(*) FROM version WHERE is_last = 1 AND {committed} GROUP BY 1");
            let mut statement = self.connection.prepare(&sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))?;
            rows.collect::<rusqlite::Result<BTreeMap<String, u64>>>()
        };
        self.explained((|| {
            Ok(Counts {
                articles: number("coalesce(sum(is_last), 0)")?,
                versions: number("count(*)")?,
                withdrawn: number("count(DISTINCT CASE WHEN tombstone IS NOT NULL THEN id END)")?,
                words: number("coalesce(sum(CASE WHEN is_last THEN word_count END), 0)")?,
                sources: by("source")?,
                languages: by("coalesce(language, '')")?,
                days: by("coalesce(date(at / 1000, 'unixepoch'), '')")?,
            })
        })())
    }

    /// Copies the whole of it, as it is at one moment, to a file that is not there yet.
    ///
    /// # Errors
    /// [`ArchiveError`] where the file cannot be read, or the copy not be written.
    pub fn copy_to(&self, path: &Path) -> Result<(), ArchiveError> {
        let to = path.to_string_lossy();
        self.explained(self.connection.execute("VACUUM INTO ?1", [to.as_ref()]).map(drop))
    }

    fn explained<T>(&self, result: rusqlite::Result<T>) -> Result<T, ArchiveError> {
        result.map_err(|source| schema::explain("read", &self.path, source))
    }
}

/// A version from its source and record.
fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    let article = unpack(row.get_ref(1)?.as_blob()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Blob, error.into()))?;
    Ok(Version { source: row.get(0)?, article })
}

fn unpack(packed: &[u8]) -> std::io::Result<Article> {
    Ok(serde_json::from_reader(std::io::BufReader::new(zstd::stream::read::Decoder::with_buffer(packed)?))?)
}

fn committed(connection: &Connection) -> rusqlite::Result<u64> {
    let value: Option<i64> = connection
        .prepare_cached("SELECT value FROM state WHERE name = 'committed'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(value.unwrap_or_default().cast_unsigned())
}

/// When an article was published, or else fetched.
#[must_use]
pub fn time_of(article: &Article) -> Option<Timestamp> {
    article.published.map(|date| date.instant()).or(article.fetched)
}
