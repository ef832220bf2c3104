//! What the subcommands have in common that look at a store or work on it without a crawl.

use super::printed::FormatArgs;
use crate::config::{Config, ConfigError};
use crate::crawl::Source;
use crate::frontier::{FrontierError, SqliteFrontier};
use std::path::PathBuf;

/// Arguments that say which store and archive are meant.
#[derive(Debug, clap::Args)]
pub(super) struct StoreArgs {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "config.toml")]
    config: PathBuf,
    /// The archive's folder, instead of [archive] path
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,
    /// The store of what was seen, instead of [store] path
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
}

impl StoreArgs {
    /// The configuration with the command line's say.
    pub(super) fn configured(&self) -> Result<Config, ConfigError> {
        let mut config = Config::load(&self.config)?;
        if let Some(path) = &self.archive {
            config.archive.path.clone_from(path);
        }
        if let Some(path) = &self.store {
            config.store = Some(path.clone());
        }
        Ok(config)
    }
}

/// Arguments of subcommands that look at a store.
#[derive(Debug, clap::Args)]
pub(super) struct LookArgs {
    #[command(flatten)]
    place: StoreArgs,
    #[command(flatten)]
    printed: FormatArgs,
}

impl LookArgs {
    /// The configuration with the command line's say, and its sources of these names, or all where none is named.
    pub(super) fn configured(&self, names: &[String]) -> Result<(Config, Vec<Source>), ConfigError> {
        let mut config = self.place.configured()?;
        config.take_in_book()?;
        let sources = config.select(names, &self.place.config)?;
        Ok((config, sources))
    }

    pub(super) fn is_json(&self) -> bool {
        self.printed.is_json()
    }
}

/// The store, to look at while others may work with it.
pub(super) fn store(config: &Config) -> Result<SqliteFrontier, FrontierError> {
    SqliteFrontier::open_to_look(&config.store_path(), config.revisit.clone())
}
