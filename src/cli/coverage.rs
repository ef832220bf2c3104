//! `copydesk coverage`: what feeds, sitemaps and sections named, against what the archive has. Asks nobody; reads the store.

use super::crawl::say;
use super::{DONE, FAILED, USAGE, complain, looking, summary_table};
use crate::frontier::{Coverage, SqliteFrontier, coverage, coverage::PLACES};
use jiff::SignedDuration;
use serde_json::Value;
use std::fmt::Write as _;

/// Arguments of `copydesk coverage`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this source; may be given several times
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    #[command(flatten)]
    look: looking::LookArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let (config, sources) = match args.look.configured(&args.source) {
        Ok(configured) => configured,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    let mut known = match SqliteFrontier::coverage(&config.store_path()) {
        Ok(known) => known,
        Err(error) => {
            complain(error);
            return FAILED;
        }
    };
    let covered: Vec<(String, Coverage)> = sources
        .into_iter()
        .map(|source| {
            let coverage = known.remove(&source.name).unwrap_or_default();
            (source.name, coverage)
        })
        .collect();
    say(&if args.look.is_json() { json_text(&covered) } else { text(&covered) });
    DONE
}

fn text(covered: &[(String, Coverage)]) -> String {
    let mut total = Coverage::default();
    for (_, coverage) in covered {
        total.add(coverage);
    }
    let mut rows = vec![header()];
    rows.extend(covered.iter().map(|(name, coverage)| row(name, coverage)));
    if covered.len() > 1 {
        rows.push(row("total", &total));
    }
    let mut out = summary_table::aligned(&rows);
    if !total.missing.is_empty() {
        out.push_str("\nNot captured\n");
        for (reason, missing) in &total.missing {
            let _ = writeln!(out, "  {:>5}  {}", missing.count, meaning(reason));
            for example in &missing.examples {
                let _ = writeln!(out, "         {example}");
            }
        }
    }
    out
}

fn header() -> Vec<String> {
    let mut cells = vec!["source".to_owned()];
    cells.extend(PLACES.iter().map(|(_, name)| (*name).to_owned()));
    cells.extend(["all", "share", "lag", "lag of 95 %"].map(str::to_owned));
    cells
}

fn row(name: &str, coverage: &Coverage) -> Vec<String> {
    let of = |share: coverage::Share| format!("{} of {}", share.captured, share.found);
    let total = coverage.total();
    let mut cells = vec![name.to_owned()];
    cells.extend(PLACES.iter().map(|(place, _)| of(coverage.places.get(place).copied().unwrap_or_default())));
    cells.push(of(total));
    cells.push(total.captured_share().map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", 100.0 * share)));
    cells.extend([0.5, 0.95].map(|rank| coverage.lag(rank).map_or_else(|| "-".to_owned(), in_words)));
    cells
}

/// A duration in its two largest units.
fn in_words(lag: SignedDuration) -> String {
    let seconds = lag.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d{:02}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

/// Columns side by side, the first to the left and the others to the right.
fn meaning(reason: &str) -> &str {
    if reason == coverage::WAITING { "waiting to be fetched" } else { summary_table::meaning(reason) }
}

fn json_text(covered: &[(String, Coverage)]) -> String {
    let sources: serde_json::Map<String, Value> =
        covered.iter().map(|(name, coverage)| (name.clone(), coverage.value())).collect();
    let text = serde_json::to_string_pretty(&sources).unwrap_or_default();
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_in_words() {
        for (seconds, words) in [(0, "0s"), (59, "59s"), (61, "1m01s"), (3660, "1h01m"), (90_000, "1d01h")] {
            assert_eq!(in_words(SignedDuration::from_secs(seconds)), words);
        }
    }
}
