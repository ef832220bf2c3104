//! `copydesk history`: the versions of an article, and what changed in each.

use super::reading::{ArchiveArgs, Paint, Unreadable, article, ended, tame};
use crate::archive::catalogue::Version;
use crate::archive::{Told, history};
use clap::ValueEnum;
use std::fmt::Write as _;
use std::io::Write as _;

/// Arguments of `copydesk history`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The article: its id, the beginning of it, or its address
    #[arg(value_name = "ID")]
    article: String,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    archive: ArchiveArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For programs: a list of versions, each with its changes and where its copies lie
    Json,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(told(args))
}

fn told(args: &Args) -> Result<(), Unreadable> {
    let catalogue = args.archive.catalogue()?;
    let versions = article(&catalogue, &args.article)?;
    let history = history(&catalogue, &versions)?;
    let text = match args.format {
        Format::Text => text(&versions, &history, Paint::of_output()),
        Format::Json => serde_json::to_string_pretty(&history).unwrap_or_default() + "\n",
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

fn text(versions: &[Version], history: &[Told], paint: Paint) -> String {
    let mut out = String::new();
    let Some(last) = versions.iter().rev().find(|version| version.article.tombstone.is_none()).or(versions.last())
    else {
        return out;
    };
    let title = tame(last.article.title.as_deref().unwrap_or("(without a headline)"));
    let url = tame(last.article.url.as_deref().unwrap_or_default());
    let _ = writeln!(out, "{}\n{}\n{}\n", paint.bold(&title), paint.dim(&url), paint.dim(&last.article.id));
    for told in history {
        let fetched = told.fetched.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
        let _ = write!(out, "{:>4}  {fetched:16}  ", format!("v{}", told.version));
        let said: Vec<String> = told.changes.iter().map(|change| change.in_words(told.word_count)).collect();
        let said = if said.is_empty() {
            "nothing that a reader would see".to_owned()
        } else {
            said.join("\n                          ")
        };
        let _ = writeln!(out, "{}", tame(&said));
    }
    out
}
