//! `copydesk archive compact`: joins small Parquet files into larger ones.

use super::super::crawl::say;
use super::super::{DONE, FAILED, USAGE, complain, parts};
use crate::archive::{Archive, ArchiveOptions, Compacted, Ending, Format, compact};
use crate::config::Config;
use crate::frontier::{Frontier, FrontierError};
use std::path::PathBuf;

/// Arguments of `copydesk archive compact`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
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

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let mut config = match Config::load(&args.config) {
        Ok(config) => config,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    if let Some(path) = &args.archive {
        config.archive.path.clone_from(path);
    }
    if let Some(path) = &args.store {
        config.store = Some(path.clone());
    }
    match compacted(&config) {
        Ok(done) => {
            say(&format!(
                "{} files joined into {}, {} rows, in {} folders looked at.\n",
                done.joined, done.into, done.rows, done.partitions
            ));
            DONE
        }
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

/// Compacts under the store's lock, with what waits for a file made one before.
fn compacted(config: &Config) -> Result<Compacted, Box<dyn std::error::Error>> {
    let path = config.store_path();
    // An empty one would not know how far what waits is good.
    if !path.exists() {
        return Err(FrontierError::NotThere { path }.into());
    }
    let store = parts::store(config)?;
    let options = ArchiveOptions { formats: vec![Format::Parquet], ..config.archive.clone() };
    let mut archive = Archive::open(&options)?;
    archive.recover(&store.sink_positions()?)?;
    archive.finish(Ending::Last)?;
    Ok(compact(archive.path())?)
}
