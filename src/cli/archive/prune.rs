//! `copydesk archive prune`.

use super::super::reading::{ArchiveArgs, Unreadable, ended, tame};
use super::removal::take_out;
use crate::archive::Catalogue;
use crate::archive::catalogue::{Filter, Version, Versions, time_of};
use crate::config::parse_duration;
use crate::model::Tombstone;
use jiff::Timestamp;
use std::io::Write as _;
use std::time::Duration;

/// Arguments of `copydesk archive prune`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("rule").args(["older_than", "source", "noarchive"]).required(true).multiple(true)))]
pub(super) struct Args {
    /// Articles that were published (or else fetched) so long ago: 365d
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    older_than: Option<Duration>,
    /// Articles of this source; may be given several times
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// Articles whose publisher says "noarchive"
    #[arg(long)]
    noarchive: bool,
    /// Only say which they are
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(prune(args))
}

fn prune(args: &Args) -> Result<(), Unreadable> {
    let config = args.archive.config()?;
    let until = args.older_than.and_then(|age| Timestamp::now().checked_sub(age).ok());
    let filter = Filter { until, sources: args.source.clone(), ..Filter::default() };
    let mut meant: Vec<Version> = Vec::new();
    Catalogue::open(&config.archive.path)?.each(0, Versions::Last, &filter, |mut version| {
        if !args.noarchive || forbids(&version) {
            // Its text is not needed any more.
            version.article.text = String::new();
            version.article.markdown = String::new();
            version.article.html = String::new();
            meant.push(version);
        }
        Ok::<_, Unreadable>(true)
    })?;
    let mut out = std::io::stdout().lock();
    if args.dry_run {
        for version in &meant {
            let day = time_of(&version.article).map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
            let title = tame(version.article.title.as_deref().unwrap_or_default());
            writeln!(out, "{}  {day}  {}  {title}", version.article.id, version.source)?;
        }
        writeln!(out, "{} articles would be pruned.", meant.len())?;
        return Ok(());
    }
    if meant.is_empty() {
        writeln!(out, "No article falls under the rule.")?;
        return Ok(());
    }
    let done = take_out(&config, &meant, Tombstone::Pruned)?;
    writeln!(
        out,
        "{} articles were pruned: {} versions of them taken out, {} files written anew or removed.",
        meant.len(),
        done.versions,
        done.files.len()
    )?;
    Ok(())
}

/// Whether the publisher does not want it archived, as far as it speaks to all robots.
fn forbids(version: &Version) -> bool {
    version.article.usage.robots.iter().any(|word| matches!(word.as_str(), "noarchive" | "none"))
}
