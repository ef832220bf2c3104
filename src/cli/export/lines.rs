//! `copydesk export jsonl`: records, one a line, with their source.

use super::Selected;
use crate::cli::reading::{Unreadable, ended};
use crate::cli::tail::write_line;
use std::io::{BufWriter, Write as _};

/// Arguments of `copydesk export jsonl`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    selected: Selected,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(export(args))
}

fn export(args: &Args) -> Result<(), Unreadable> {
    let catalogue = args.selected.archive.catalogue()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    args.selected.each(&catalogue, |version| Ok(write_line(&mut out, &version)?))?;
    Ok(out.flush()?)
}
