//! `copydesk archive compact`: joins small Parquet files into larger ones.

use super::super::crawl::say;
use super::super::looking::StoreArgs;
use super::super::{DONE, FAILED, USAGE, complain, parts};
use crate::archive::{Archive, ArchiveOptions, Compacted, Ending, Format, compact};
use crate::config::Config;
use crate::frontier::{Frontier, FrontierError};

/// Arguments of `copydesk archive compact`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: StoreArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let config = match args.place.configured() {
        Ok(config) => config,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
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
