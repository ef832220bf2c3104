//! `copydesk export`: parts of the archive for other programs.

mod wacz;

use clap::Subcommand;

/// Arguments of `copydesk export`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Format {
    /// A WACZ package of WARC files, which replay tools show
    Wacz(wacz::Args),
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    match &args.format {
        Format::Wacz(args) => wacz::run(args),
    }
}
