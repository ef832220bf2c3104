//! `copydesk export atom|jsonfeed`: the newest articles as a feed.

use super::Selected;
use crate::archive::catalogue::{Search, Version, time_of};
use crate::archive::feeds::{FeedHead, atom, json_feed};
use crate::archive::write_whole;
use crate::cli::reading::{Unreadable, ended};
use std::io::Write as _;
use std::path::PathBuf;

/// Arguments of `copydesk export` to a feed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write, whole or not at all; standard output where it is left out
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many articles, at the most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// What the feed is called
    #[arg(long, value_name = "TEXT", default_value = "Copydesk archive")]
    title: String,
    /// Where the feed will be had; it says so itself
    #[arg(long, value_name = "URL")]
    feed_url: Option<String>,
    #[command(flatten)]
    selected: Selected,
}

/// Which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Atom,
    Json,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args, kind: Kind) -> u8 {
    ended(export(args, kind))
}

fn export(args: &Args, kind: Kind) -> Result<(), Unreadable> {
    let articles = newest(args)?;
    let head = FeedHead { title: args.title.clone(), name: args.title.clone(), url: args.feed_url.clone() };
    let feed = match kind {
        Kind::Atom => atom(&head, &articles),
        Kind::Json => serde_json::to_string_pretty(&json_feed(&head, &articles)).unwrap_or_default() + "\n",
    };
    match &args.out {
        Some(file) => write_whole(file, feed.as_bytes())?,
        None => std::io::stdout().write_all(feed.as_bytes())?,
    }
    Ok(())
}

/// The newest first; of a query's, the best, in that order.
fn newest(args: &Args) -> Result<Vec<Version>, Unreadable> {
    let catalogue = args.selected.archive.catalogue()?;
    let filter = args.selected.filter.filter();
    let Some(query) = args.selected.query.clone() else { return Ok(catalogue.newest(&filter, args.limit, 0)?) };
    let hits = catalogue.search(&Search { query, filter, limit: args.limit, offset: 0 })?;
    let mut articles: Vec<Version> = hits.into_iter().map(|hit| hit.version).collect();
    articles.sort_by_key(|version| std::cmp::Reverse(time_of(&version.article)));
    Ok(articles)
}
