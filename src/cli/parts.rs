//! Turns configuration into parts: the only place that opens store and archive and makes a fetcher.

use crate::archive::{Archive, ArchiveError};
use crate::config::Config;
use crate::crawl::{Parts, Source};
use crate::fetch::{FetchError, Fetcher};
use crate::frontier::{FrontierError, SqliteFrontier};
use std::sync::Arc;

/// Why the parts could not be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum PartsError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Frontier(#[from] FrontierError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Opens what a crawl of these sources needs.
pub(super) fn open(config: &Config, sources: Vec<Source>) -> Result<Parts, PartsError> {
    let mut fetch = config.fetch.clone();
    // The secrets of the others need not be there.
    fetch.access.retain(|name, _| sources.iter().any(|source| source.name == *name));
    let fetcher = Fetcher::new(fetch)?;
    let archive = Archive::open(&config.archive)?;
    let frontier = Arc::new(SqliteFrontier::open(&config.store_path(), config.revisit.clone())?);
    Ok(Parts { fetcher, frontier, archive, clean: config.clean.clone(), sources })
}
