//! Turns configuration into parts: the only place that opens store and archive and makes a fetcher.

use crate::archive::bucket::{Bucket, BucketError};
use crate::archive::{Archive, ArchiveError};
use crate::config::Config;
use crate::crawl::{BucketTask, Parts, Source};
use crate::fetch::{FetchError, Fetcher};
use crate::frontier::{Frontier, FrontierError, SqliteFrontier};
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
    let fetcher = fetcher(config, &sources)?;
    let archive = Archive::open(&config.archive)?;
    Ok(Parts { fetcher, frontier: store(config)?, archive, clean: config.clean.clone(), sources })
}

/// A fetcher for these sources.
pub(super) fn fetcher(config: &Config, sources: &[Source]) -> Result<Fetcher, FetchError> {
    let mut fetch = config.fetch.clone();
    // The secrets of the others need not be there.
    fetch.access.retain(|name, _| sources.iter().any(|source| source.name == *name));
    Fetcher::new(fetch)
}

/// Has the bucket follow the archive, where one is configured.
pub(super) fn follow(config: &Config, frontier: Arc<dyn Frontier>) -> Result<Option<BucketTask>, BucketError> {
    let Some(url) = &config.bucket else { return Ok(None) };
    let bucket = Bucket::open(&config.archive.path, &config.store_path(), url)?;
    Ok(Some(BucketTask::start(bucket, frontier)))
}

/// The store, locked.
pub(super) fn store(config: &Config) -> Result<Arc<SqliteFrontier>, FrontierError> {
    SqliteFrontier::open(&config.store_path(), config.revisit.clone()).map(Arc::new)
}
