//! Reads how the feeds, sitemaps and sections of each source are. Takes no lock, so that a crawl may be going on.

use super::super::FrontierError;
use super::super::health::{Health, Hub};
use super::{SqliteFrontier, discover, explain, open_to_read, row};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

impl SqliteFrontier {
    /// How each source is, by its name. The store is only read.
    ///
    /// # Errors
    /// [`FrontierError::NotThere`] where there is no store, [`FrontierError::NotAStore`] and [`FrontierError::Format`] for
    /// a file that cannot be read so.
    pub fn health(path: &Path) -> Result<BTreeMap<String, Health>, FrontierError> {
        let connection = open_to_read(path)?;
        read(&connection).map_err(|source| explain(path, "read how the sources are", source))
    }

    /// Whether a process has the store: somebody crawls, or is about to.
    ///
    /// # Errors
    /// [`FrontierError::File`] where the lock cannot be looked at.
    pub fn is_held(path: &Path) -> Result<bool, FrontierError> {
        super::lock::is_held(path)
    }
}

fn read(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Health>> {
    // One moment for all that is read, whatever a crawl writes meanwhile.
    let transaction = connection.unchecked_transaction()?;
    let mut sources: BTreeMap<String, Health> = BTreeMap::new();
    // Each half walks along an index that has the rank, so that the articles, which are nearly all, are not looked up.
    let mut hubs = transaction.prepare(
        "SELECT source, url, kind, state, reason, fetched, due, attempts FROM url
            WHERE ready = 0 AND due IS NOT NULL AND rank = 0 AND redirect IS NULL
         UNION ALL
         SELECT source, url, kind, state, reason, fetched, due, attempts FROM url
            WHERE ready = 1 AND rank = 0 AND redirect IS NULL",
    )?;
    let mut rows = hubs.query([])?;
    while let Some(found) = rows.next()? {
        let hub = Hub {
            url: found.get(1)?,
            kind: discover::kind_of(found, 2)?,
            state: discover::state_of(found, 3)?,
            reason: found.get(4)?,
            fetched: row::optional_timestamp(found, 5)?,
            due: row::optional_timestamp(found, 6)?,
            attempts: found.get(7)?,
        };
        sources.entry(found.get(0)?).or_default().take(hub);
    }
    let mut waiting =
        transaction.prepare("SELECT source, count(*) FROM url WHERE ready = 1 AND rank > 0 GROUP BY source")?;
    let mut rows = waiting.query([])?;
    while let Some(found) = rows.next()? {
        sources.entry(found.get(0)?).or_default().waiting = found.get::<_, i64>(1)?.cast_unsigned();
    }
    for health in sources.values_mut() {
        health.hubs.sort_by(|one, other| (one.kind, &one.url).cmp(&(other.kind, &other.url)));
    }
    Ok(sources)
}
