//! `copydesk archive repair`.

use super::super::reading::{ArchiveArgs, Unreadable, ended};
use crate::archive::keeping::repair;
use crate::frontier::{Frontier as _, SqliteFrontier};
use std::fmt::Write as _;
use std::io::Write as _;

/// Arguments of `copydesk archive repair`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(make_anew(args))
}

fn make_anew(args: &Args) -> Result<(), Unreadable> {
    let config = args.archive.config()?;
    let store = config.store_path();
    // Held until the end, so that no crawl writes meanwhile.
    let held = if store.exists() { Some(SqliteFrontier::open(&store, config.revisit.clone())?) } else { None };
    let positions = held.as_ref().map(SqliteFrontier::sink_positions).transpose()?.unwrap_or_default();
    let sources: Vec<String> = config.sources.iter().map(|source| source.name.clone()).collect();
    let repaired = repair(&config.archive.path, &positions, &sources)?;
    let mut out =
        format!("The catalogue was made anew: {} versions, {} copies of them.\n", repaired.versions, repaired.places);
    if !repaired.faults.is_empty() {
        let _ = writeln!(out, "What could not be read is not in it:");
        for fault in &repaired.faults {
            let _ = writeln!(out, "  {}\n      {}", fault.path, fault.problem);
        }
    }
    Ok(std::io::stdout().write_all(out.as_bytes())?)
}
