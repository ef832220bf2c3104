//! Between rows and values.

use super::super::KnownArticle;
use crate::model::{ArticleDate, Provenance};
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Deserialize;
use serde::de::value::{Error as ValueError, StrDeserializer};

/// The order of trust, as kept in the store.
const PROVENANCES: [Provenance; 5] =
    [Provenance::Seed, Provenance::Feed, Provenance::Sitemap, Provenance::Section, Provenance::Article];

pub(super) fn provenance_rank(provenance: Provenance) -> i64 {
    (0..).zip(PROVENANCES).find(|(_, known)| *known == provenance).map_or(0, |(rank, _)| rank)
}

pub(super) fn provenance(rank: i64) -> Provenance {
    usize::try_from(rank).ok().and_then(|rank| PROVENANCES.get(rank).copied()).unwrap_or(Provenance::Article)
}

/// A value that is kept as the text of its newtype.
pub(super) fn stored<'a, T: Deserialize<'a>>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    T::deserialize(StrDeserializer::<ValueError>::new(text)).map_err(|error| unreadable(column, error))
}

pub(super) fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|error| unreadable(column, error))
}

pub(super) fn optional_timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    let milliseconds: Option<i64> = row.get(column)?;
    milliseconds.map(Timestamp::from_millisecond).transpose().map_err(|error| unreadable(column, error))
}

pub(super) fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<ArticleDate>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse()).transpose().map_err(|error| unreadable(column, error))
}

pub(super) fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

pub(super) fn article(connection: &Connection, id: &str) -> rusqlite::Result<Option<KnownArticle>> {
    connection
        .prepare_cached("SELECT id, content_hash, version, seq, file, title FROM article WHERE id = ?1")?
        .query_row([id], |row| {
            Ok(KnownArticle {
                id: row.get(0)?,
                content_hash: row.get(1)?,
                version: row.get(2)?,
                seq: row.get::<_, i64>(3)?.cast_unsigned(),
                file: row.get(4)?,
                title: row.get(5)?,
                published: None,
                likeness: None,
            })
        })
        .optional()
}
