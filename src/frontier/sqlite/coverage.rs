//! Reads what was found and what came of it. Takes no lock, so that a crawl may be going on.

use super::super::coverage::{Coverage, EXAMPLES, WAITING};
use super::super::{FrontierError, State};
use super::{SqliteFrontier, discover, explain, open_to_read, row};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

impl SqliteFrontier {
    /// What was found of each source, and what the archive has of it, by its name. The store is only read.
    ///
    /// # Errors
    /// [`FrontierError::NotThere`] where there is no store, [`FrontierError::NotAStore`] and [`FrontierError::Format`] for
    /// a file that cannot be read so.
    pub fn coverage(path: &Path) -> Result<BTreeMap<String, Coverage>, FrontierError> {
        let connection = open_to_read(path)?;
        read(&connection).map_err(|source| explain(path, "read what was found", source))
    }
}

fn read(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Coverage>> {
    // One moment for all that is read, whatever a crawl writes meanwhile.
    let transaction = connection.unchecked_transaction()?;
    let mut sources: BTreeMap<String, Coverage> = BTreeMap::new();
    // Hashes of source and article: a store may have millions.
    let mut counted: HashSet<u64> = HashSet::new();
    let mut article = transaction.prepare("SELECT captured, published FROM article WHERE id = ?1")?;
    // What another address stands for is counted there.
    let mut statement = transaction.prepare(
        "SELECT source, provenance, state, reason, url, article, discovered FROM url
         WHERE kind = 'ARTICLE' AND state <> 'REDIRECTED' ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        let source: String = found.get(0)?;
        let state = discover::state_of(found, 2)?;
        let id: Option<String> = found.get(5)?;
        // Two addresses of one article are one story.
        if let Some(id) = &id
            && !counted.insert(xxh3_64(format!("{source}\n{id}").as_bytes()))
        {
            continue;
        }
        let discovered = row::timestamp(found, 6)?;
        let coverage = sources.entry(source).or_default();
        coverage.since = Some(coverage.since.map_or(discovered, |since| since.min(discovered)));
        let share = coverage.places.entry(row::provenance(found.get(1)?)).or_default();
        share.found += 1;
        if let Some(id) = id {
            share.captured += 1;
            let times =
                article.query_row([id], |row| Ok((row::optional_timestamp(row, 0)?, row::date(row, 1)?))).optional()?;
            if let Some((Some(captured), Some(date))) = times
                && date.has_time()
            {
                published(coverage, date.instant(), captured);
            }
            continue;
        }
        let reason: Option<String> = found.get(3)?;
        let reason = match state {
            State::Discovered | State::Leased => WAITING.to_owned(),
            other => reason.unwrap_or_else(|| other.name().to_lowercase()),
        };
        let missing = coverage.missing.entry(reason).or_default();
        missing.count += 1;
        if missing.examples.len() < EXAMPLES {
            missing.examples.push(found.get(4)?);
        }
    }
    for coverage in sources.values_mut() {
        coverage.lags.sort_unstable();
    }
    Ok(sources)
}

/// Takes in how long it took to capture an article. What was out before anybody looked says nothing of that; rows come in the
/// order in which their addresses were found, so that the first of a source says since when it is looked at. Feeds give whole
/// seconds.
fn published(coverage: &mut Coverage, date: Timestamp, captured: Timestamp) {
    if coverage.since.is_some_and(|since| date.as_second() >= since.as_second()) && captured >= date {
        coverage.lags.push(captured.duration_since(date));
    }
}
