//! `copydesk history`: the versions of an article, and what changed in each.

use super::reading::{ArchiveArgs, Paint, Unreadable, article, ended, tame};
use crate::archive::catalogue::Version;
use crate::archive::{Catalogue, Change, changes};
use crate::model::Tombstone;
use clap::ValueEnum;
use serde_json::{Value, json};
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
    ended(history(args))
}

fn history(args: &Args) -> Result<(), Unreadable> {
    let catalogue = args.archive.catalogue()?;
    let versions = article(&catalogue, &args.article)?;
    let text = match args.format {
        Format::Text => text(&versions, Paint::of_output()),
        Format::Json => json_text(&catalogue, &versions)?,
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

/// Each version with what changed in it.
fn with_changes(versions: &[Version]) -> impl Iterator<Item = (&Version, Vec<Change>)> {
    versions.iter().enumerate().map(|(index, version)| {
        // What is there again is compared with what was there.
        let before = index.checked_sub(1).map(|before| &versions[before].article);
        (version, changes(before, &version.article))
    })
}

fn text(versions: &[Version], paint: Paint) -> String {
    let mut out = String::new();
    let Some(last) = versions.iter().rev().find(|version| version.article.tombstone.is_none()).or(versions.last())
    else {
        return out;
    };
    let title = tame(last.article.title.as_deref().unwrap_or("(without a headline)"));
    let url = tame(last.article.url.as_deref().unwrap_or_default());
    let _ = writeln!(out, "{}\n{}\n{}\n", paint.bold(&title), paint.dim(&url), paint.dim(&last.article.id));
    for (version, changes) in with_changes(versions) {
        let article = &version.article;
        let fetched = article.fetched.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
        let _ = write!(out, "{:>4}  {fetched:16}  ", format!("v{}", article.version));
        let said: Vec<String> = changes.iter().map(|change| in_words(change, article.word_count)).collect();
        let said = if said.is_empty() {
            "nothing that a reader would see".to_owned()
        } else {
            said.join("\n                          ")
        };
        let _ = writeln!(out, "{}", tame(&said));
    }
    out
}

fn in_words(change: &Change, words: usize) -> String {
    match change {
        Change::First => format!("first seen, {words} words"),
        Change::Headline { from, to } => format!("updated headline: \"{from}\" became \"{to}\""),
        Change::Standfirst => "updated standfirst".to_owned(),
        Change::Correction { notice } => format!("correction: {notice}"),
        Change::Text { added, removed } => format!("text: {added} words added, {removed} removed"),
        Change::Restored => format!("there again, {words} words"),
        Change::Withdrawn(tombstone) => why(*tombstone).to_owned(),
    }
}

fn why(tombstone: Tombstone) -> &'static str {
    match tombstone {
        Tombstone::Gone => "withdrawn: the page is gone; the version before it stays",
        Tombstone::Emptied => "withdrawn: the page has no article any more; the version before it stays",
        Tombstone::Pruned => "pruned from this archive by a rule",
        Tombstone::TakenDown => "taken down from this archive",
    }
}

fn json_text(catalogue: &Catalogue, versions: &[Version]) -> Result<String, Unreadable> {
    let mut list = Vec::with_capacity(versions.len());
    for (version, changes) in with_changes(versions) {
        let article = &version.article;
        let places: serde_json::Map<String, Value> =
            catalogue.places(article.seq)?.into_iter().map(|(format, path)| (format, path.into())).collect();
        list.push(json!({
            "id": article.id,
            "version": article.version,
            "seq": article.seq,
            "source": version.source,
            "fetched": article.fetched,
            "title": article.title,
            "word_count": article.word_count,
            "tombstone": article.tombstone,
            "changes": changes.iter().map(value).collect::<Vec<_>>(),
            "places": places,
        }));
    }
    Ok(serde_json::to_string_pretty(&list).unwrap_or_default() + "\n")
}

fn value(change: &Change) -> Value {
    match change {
        Change::First => json!({"kind": "first"}),
        Change::Headline { from, to } => json!({"kind": "headline", "from": from, "to": to}),
        Change::Standfirst => json!({"kind": "standfirst"}),
        Change::Correction { notice } => json!({"kind": "correction", "notice": notice}),
        Change::Text { added, removed } => json!({"kind": "text", "added": added, "removed": removed}),
        Change::Restored => json!({"kind": "restored"}),
        Change::Withdrawn(tombstone) => json!({"kind": "withdrawn", "why": tombstone}),
    }
}
