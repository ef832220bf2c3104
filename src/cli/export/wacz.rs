//! `copydesk export wacz`: WARC files as one package.

use crate::archive::{WaczContent, WaczSelection, write_wacz};
use crate::cli::complain;
use crate::cli::reading::{ArchiveArgs, Unreadable, ended};
use jiff::civil::Date;
use std::path::PathBuf;

/// Arguments of `copydesk export wacz`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The package to write; one that is there is replaced
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Fetched on this day (UTC) or later
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
    /// Fetched on this day or earlier
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// Of this source; may be given several times
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(export(args))
}

fn export(args: &Args) -> Result<(), Unreadable> {
    let root = args.archive.config()?.archive.path;
    let selection = WaczSelection { since: args.since, until: args.until, sources: args.source.clone() };
    let WaczContent { files, captures, pages } = write_wacz(&root, &selection, &args.file)?;
    let name = args.file.display();
    if files == 0 {
        complain(format_args!(
            "{name} is empty: {} has no WARC file of these days and sources; see --since, --until, --source and, for what \
             is archived, \"warc\" in [archive] formats",
            root.display()
        ));
    } else {
        complain(format_args!("{name}: {files} WARC files, {captures} captures, {pages} articles"));
    }
    Ok(())
}
