//! `copydesk diff`: two versions of an article, word by word.

use super::reading::{ArchiveArgs, Paint, Unreadable, article, ended, tame};
use crate::archive::catalogue::Version;
use crate::archive::{Comparison, Paragraph, Side, pair};
use clap::ValueEnum;
use std::fmt::Write as _;
use std::io::Write as _;

/// Unchanged paragraphs shown beside a changed one.
const CONTEXT: usize = 1;

/// Arguments of `copydesk diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The article: its id, the beginning of it, or its address
    #[arg(value_name = "ID")]
    article: String,
    /// The old version; the one before the new, where it is left out
    #[arg(value_name = "OLD", value_parser = number)]
    old: Option<u32>,
    /// The new version; the last with a text, where it is left out
    #[arg(value_name = "NEW", value_parser = number)]
    new: Option<u32>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    archive: ArchiveArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading: on a terminal in colour, elsewhere with [-old-]{+new+} around what changed
    Text,
    /// For programs: {"old", "new", "title", "subtitle", "text"}, each text a list of paragraphs of {"side", "text"}
    Json,
}

/// The number of a version, with or without a "v".
fn number(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix('v').unwrap_or(text);
    digits.parse().map_err(|_| format!("{text:?} is no version; write its number, as copydesk history shows it"))
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(diff(args))
}

fn diff(args: &Args) -> Result<(), Unreadable> {
    let versions = article(&args.archive.catalogue()?, &args.article)?;
    let (old, new) = pair(&versions, args.old, args.new).map_err(|version| {
        let known: Vec<String> = versions.iter().map(|version| format!("v{}", version.article.version)).collect();
        let id = versions.first().map(|version| version.article.id.clone()).unwrap_or_default();
        Unreadable::NoVersion { id, version, known: known.join(", ") }
    })?;
    let comparison = Comparison::of(&old.article, &new.article);
    let printed = match args.format {
        Format::Text => text(old, new, &comparison, Paint::of_output()),
        Format::Json => serde_json::to_string_pretty(&comparison).unwrap_or_default() + "\n",
    };
    Ok(std::io::stdout().write_all(printed.as_bytes())?)
}

fn text(old: &Version, new: &Version, comparison: &Comparison, paint: Paint) -> String {
    let mut out = String::new();
    let name = |version: &Version| {
        let article = &version.article;
        let fetched = article.fetched.map(|time| time.strftime(" of %Y-%m-%d %H:%M").to_string());
        format!("v{}{}", article.version, fetched.unwrap_or_default())
    };
    let _ = writeln!(out, "{}", paint.dim(&format!("{} → {}", name(old), name(new))));
    if comparison.is_same() {
        let _ = writeln!(out, "\nNo word differs.");
        return out;
    }
    let Comparison { title, subtitle, text, .. } = comparison;
    for (part, is_title) in [(title, true), (subtitle, false), (text, false)] {
        // A text in which nothing changed is not shown; the headline is, so that it is clear what this is about.
        if !is_title && part.iter().all(Paragraph::is_same) {
            continue;
        }
        let mut is_gap = false;
        for (index, paragraph) in part.iter().enumerate() {
            let near = index.saturating_sub(CONTEXT)..=index + CONTEXT;
            let is_near = near.into_iter().any(|near| part.get(near).is_some_and(|near| !near.is_same()));
            if is_near || is_title {
                let shown = shown(paragraph, paint);
                let _ = writeln!(out, "\n{}", if is_title { paint.bold(&shown) } else { shown });
            } else if !is_gap {
                let _ = writeln!(out, "\n{}", paint.dim("…"));
            }
            is_gap = !is_near;
        }
    }
    out
}

fn shown(paragraph: &Paragraph, paint: Paint) -> String {
    let mut out = String::new();
    for piece in &paragraph.pieces {
        let text = tame(&piece.text);
        // A space at the end is no part of what changed, and an underlined one is ugly.
        let words = text.trim_end();
        let space = &text[words.len()..];
        let _ = match piece.side {
            Side::Both => write!(out, "{words}"),
            Side::Old if paint.is_on() => write!(out, "{}", paint.removed(words)),
            Side::New if paint.is_on() => write!(out, "{}", paint.added(words)),
            Side::Old => write!(out, "[-{words}-]"),
            Side::New => write!(out, "{{+{words}+}}"),
        };
        out.push_str(space);
    }
    out
}
