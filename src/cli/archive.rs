//! `copydesk archive`: what keeps the archive in order.

mod compact;
mod prune;
mod removal;
mod repair;
mod send;
mod stats;
mod take_down;
mod verify;

use super::reading::Unreadable;
use crate::config::Config;
use crate::frontier::{Frontier as _, SqliteFrontier};
use crate::model::SinkPosition;
use clap::Subcommand;

/// Arguments of `copydesk archive`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check every file, every digest, and whether files and catalogue agree
    Verify(verify::Args),
    /// Make the catalogue anew of the other files
    Repair(repair::Args),
    /// Take articles out that fall under a rule, each with a tombstone in its place
    Prune(prune::Args),
    /// Take one article out of every file, web archives among them, and see to it that it is not fetched again
    TakeDown(take_down::Args),
    /// Say how much there is: sizes, articles by source, day and language
    Stats(stats::Args),
    /// Join small Parquet files into larger ones
    Compact(compact::Args),
    /// Send to the bucket what it does not have, or compare the two
    Send(send::Args),
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    match &args.what {
        What::Compact(args) => compact::run(args),
        What::Verify(args) => verify::run(args),
        What::Repair(args) => repair::run(args),
        What::Prune(args) => prune::run(args),
        What::TakeDown(args) => take_down::run(args),
        What::Stats(args) => stats::run(args),
        What::Send(args) => send::run(args),
    }
}

/// The committed lengths of the archive's files, as far as there is a store that knows them.
fn positions(config: &Config) -> Result<Vec<SinkPosition>, Unreadable> {
    let store = config.store_path();
    if !store.exists() {
        return Ok(Vec::new());
    }
    Ok(SqliteFrontier::open_to_look(&store, config.revisit.clone())?.sink_positions()?)
}
