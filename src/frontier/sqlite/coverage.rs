//! Reads what was found and what came of it. Takes no lock, so that a crawl may be going on.

use super::super::coverage::{Coverage, EXAMPLES, WAITING};
use super::super::{FrontierError, State};
use super::{SqliteFrontier, discover, explain, open_to_read, row};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

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
    let mut counted: HashSet<(String, String)> = HashSet::new();
    let mut published: Vec<(String, Timestamp, Timestamp)> = Vec::new();
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
            && !counted.insert((source.clone(), id.clone()))
        {
            continue;
        }
        let discovered = row::timestamp(found, 6)?;
        let coverage = sources.entry(source.clone()).or_default();
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
                published.push((source, date.instant(), captured));
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
    for (source, date, captured) in published {
        let Some(coverage) = sources.get_mut(&source) else { continue };
        // What was out before anybody looked says nothing of how fast the crawler is. Feeds give whole seconds.
        if coverage.since.is_some_and(|since| date.as_second() >= since.as_second()) && captured >= date {
            coverage.lags.push(captured.duration_since(date));
        }
    }
    for coverage in sources.values_mut() {
        coverage.lags.sort_unstable();
    }
    Ok(sources)
}
