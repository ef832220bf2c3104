//! `copydesk archive`: what keeps the archive in order.

mod compact;
mod send;

use clap::Subcommand;

/// Arguments of `copydesk archive`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Join small Parquet files into larger ones
    Compact(compact::Args),
    /// Send to the bucket what it does not have, or compare the two
    Send(send::Args),
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    match &args.what {
        What::Compact(args) => compact::run(args),
        What::Send(args) => send::run(args),
    }
}
