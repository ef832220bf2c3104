//! `copydesk archive stats`.

use super::super::printed::FormatArgs;
use super::super::reading::{ArchiveArgs, Unreadable, ended};
use super::super::summary_table;
use crate::archive::keeping::{Stats, stats};
use std::fmt::Write as _;
use std::io::Write as _;

/// Days shown: four weeks.
const DAYS: usize = 28;

/// Sources and languages shown; of the rest the sum.
const NAMES: usize = 20;

/// Columns of the longest bar.
const BAR: usize = 40;

/// Eighths of a column.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Arguments of `copydesk archive stats`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    printed: FormatArgs,
    #[command(flatten)]
    archive: ArchiveArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(show(args))
}

fn show(args: &Args) -> Result<(), Unreadable> {
    let stats = stats(&args.archive.config()?.archive.path)?;
    let printed = args.printed.of(&stats, text);
    Ok(std::io::stdout().write_all(printed.as_bytes())?)
}

fn text(stats: &Stats) -> String {
    let counts = &stats.counts;
    let mut out = format!(
        "{} articles of {} words, in {} versions; {} withdrawn.\n",
        counts.articles, counts.words, counts.versions, counts.withdrawn
    );
    let most = |counts: &std::collections::BTreeMap<String, u64>| {
        let mut counts: Vec<(String, u64)> = counts
            .iter()
            .map(|(name, count)| (if name.is_empty() { "unknown".to_owned() } else { name.clone() }, *count))
            .collect();
        counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        if counts.len() > NAMES {
            let rest = counts.split_off(NAMES);
            counts.push((format!("{} others", rest.len()), rest.iter().map(|(_, count)| count).sum()));
        }
        counts
    };
    bars(&mut out, "By source", &most(&counts.sources));
    bars(&mut out, "By language", &most(&counts.languages));
    let days: Vec<(String, u64)> =
        counts.days.iter().rev().take(DAYS).map(|(day, count)| (day.clone(), *count)).collect();
    bars(&mut out, "By day", &days);
    let mut rows = vec![["files", "number", "size"].map(str::to_owned).to_vec()];
    rows.extend(
        stats
            .files
            .iter()
            .map(|(name, size)| vec![name.clone(), size.files.to_string(), summary_table::bytes(size.bytes)]),
    );
    out.push('\n');
    out.push_str(&summary_table::aligned(&rows));
    out
}

fn bars(out: &mut String, title: &str, counts: &[(String, u64)]) {
    let Some(most) = counts.iter().map(|(_, count)| *count).max().filter(|most| *most > 0) else { return };
    let width = counts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let digits = most.to_string().len();
    let _ = writeln!(out, "\n{title}");
    for (name, count) in counts {
        let eighths = (*count as f64 / most as f64 * (BAR * 8) as f64).ceil() as usize;
        let bar = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
        let _ = writeln!(out, "  {name:width$}  {count:>digits$}  {bar}");
    }
}
