//! What the subcommands have in common that only look at a store.

use crate::config::{Config, ConfigError};
use crate::crawl::Source;
use crate::frontier::{FrontierError, SqliteFrontier};
use clap::ValueEnum;
use std::path::PathBuf;

/// Arguments of subcommands that look at a store.
#[derive(Debug, clap::Args)]
pub(super) struct LookArgs {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "config.toml")]
    config: PathBuf,
    /// The archive's folder, instead of [archive] path
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,
    /// The store of what was seen, instead of [store] path
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For programs
    Json,
}

impl LookArgs {
    /// The configuration with the command line's say, and its sources of these names, or all where none is named.
    pub(super) fn configured(&self, names: &[String]) -> Result<(Config, Vec<Source>), ConfigError> {
        let mut config = Config::load(&self.config)?;
        if let Some(path) = &self.archive {
            config.archive.path.clone_from(path);
        }
        if let Some(path) = &self.store {
            config.store = Some(path.clone());
        }
        config.take_in_book()?;
        let sources = config.select(names, &self.config)?;
        Ok((config, sources))
    }

    pub(super) fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}

/// The store, to look at while others may work with it.
pub(super) fn store(config: &Config) -> Result<SqliteFrontier, FrontierError> {
    SqliteFrontier::open_to_look(&config.store_path(), config.revisit.clone())
}
