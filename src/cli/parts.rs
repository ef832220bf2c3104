//! Turns configuration into parts: the only place that opens store and archive and makes a fetcher.

use crate::archive::bucket::{Bucket, BucketError};
use crate::archive::{Archive, ArchiveError};
use crate::config::Config;
use crate::crawl::{BucketTask, Parts, Render, Source};
use crate::fetch::browser::RenderError;
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
    #[error("source {source_name:?}: {error}")]
    Render { source_name: String, error: RenderError },
}

/// Opens what a crawl of these sources needs.
pub(super) fn open(config: &Config, sources: Vec<Source>) -> Result<Parts, PartsError> {
    let fetcher = fetcher(config, &sources)?;
    // Said before the crawl and not at the first page that needs it.
    for source in sources.iter().filter(|source| source.render != Render::Never) {
        let source_name = source.name.clone();
        fetcher.for_source(&source.name).browser().map_err(|error| PartsError::Render { source_name, error })?;
    }
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
