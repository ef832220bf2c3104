//! Full-text search.

use super::query::{NothingWanted, Query};
use super::{Catalogue, Filter, Snippet, Version};
use crate::archive::ArchiveError;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words that all have to occur; `"several words"` as they stand; `word*` for a beginning; `-word` for what must not
    /// occur; `OR` between alternatives; `title:word`.
    pub query: String,
    /// Among which articles.
    pub filter: Filter,
    /// How many, at the most.
    pub limit: usize,
    /// How many of the best are passed over.
    pub offset: usize,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its last version that has a text.
    pub version: Version,
    /// Why it was found.
    pub snippet: Snippet,
    /// How well it fits: higher is better, and only means something beside others of the same search. BM25 with the title
    /// eight times the body.
    pub score: f64,
    /// Whether the publisher has withdrawn it since.
    pub is_withdrawn: bool,
}

impl Catalogue {
    /// The articles that fit a query best, the best first.
    ///
    /// # Errors
    /// [`ArchiveError::Query`] where there is nothing in it to look for; others where the file cannot be read.
    pub fn search(&self, search: &Search) -> Result<Vec<Hit>, ArchiveError> {
        let query =
            Query::parse(&search.query).map_err(|NothingWanted| ArchiveError::Query { query: search.query.clone() })?;
        let (conditions, values) = search.filter.sql();
        let count = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
        // Without conditions the index alone knows which are the best, and only their records are read.
        let found = if conditions.is_empty() {
            "SELECT rowid AS seq, rank AS score FROM words WHERE words MATCH ? ORDER BY rank LIMIT ? OFFSET ?"
                .to_owned()
        } else {
            format!(
                "SELECT version.seq AS seq, words.rank AS score FROM words JOIN version ON version.seq = words.rowid
                 WHERE words MATCH ? {conditions} ORDER BY words.rank LIMIT ? OFFSET ?"
            )
        };
        let sql = format!(
            "WITH found AS ({found})
             SELECT version.source, version.record, found.score,
                    EXISTS (SELECT 1 FROM version AS later WHERE later.id = version.id AND later.seq > version.seq
                            AND later.tombstone IS NOT NULL)
             FROM found JOIN version ON version.seq = found.seq
             WHERE version.seq <= (SELECT value FROM state WHERE name = 'committed') ORDER BY found.score, version.seq DESC"
        );
        let values = std::iter::once(Value::from(query.expression.clone()))
            .chain(values)
            .chain([count(search.limit), count(search.offset)]);
        self.explained((|| {
            let mut statement = self.connection.prepare_cached(&sql)?;
            let hits = statement.query_map(params_from_iter(values), |row| {
                let version = super::version(row)?;
                let snippet = Snippet::of(&version.article.text, &query.words);
                // The better, the lower is what the index gives.
                Ok(Hit { version, snippet, score: -row.get::<_, f64>(2)?, is_withdrawn: row.get(3)? })
            })?;
            hits.collect()
        })())
    }
}
