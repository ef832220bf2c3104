//! `copydesk export`: parts of the archive for other programs.

mod epub;
mod feed;
mod files;
mod lines;
mod wacz;

use super::reading::{ArchiveArgs, FilterArgs, Unreadable};
use crate::archive::Catalogue;
use crate::archive::catalogue::{Search, Version, Versions};
use clap::Subcommand;

/// Hits of a query that are read at a time.
const PAGE: usize = 64;

/// Arguments of `copydesk export`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Format {
    /// Records, one a line, to standard output
    Jsonl(lines::Args),
    /// CSV files, by source and day
    Csv(files::Args),
    /// Parquet files, by source and day
    Parquet(files::Args),
    /// Markdown files, one for each article
    Markdown(files::Args),
    /// Text files, one for each article
    Text(files::Args),
    /// A book (EPUB 3), one chapter for each article
    Epub(epub::Args),
    /// An Atom feed of the newest articles
    Atom(feed::Args),
    /// A JSON Feed of the newest articles
    Jsonfeed(feed::Args),
    /// A WACZ package of WARC files, which replay tools show
    Wacz(wacz::Args),
}

/// Which articles.
#[derive(Debug, clap::Args)]
struct Selected {
    /// Only those that have these words, as for copydesk search
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    archive: ArchiveArgs,
}

impl Selected {
    /// Calls back for the last version of each article that is meant: in the order of their numbers, or the best first
    /// where there is a query.
    fn each(
        &self,
        catalogue: &Catalogue,
        mut take: impl FnMut(Version) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let filter = self.filter.filter();
        let Some(query) = &self.query else {
            return catalogue.each(0, Versions::Last, &filter, |version| take(version).map(|()| true)).map(drop);
        };
        let mut search = Search { query: query.clone(), filter, limit: PAGE, offset: 0 };
        loop {
            let hits = catalogue.search(&search)?;
            let is_last = hits.len() < PAGE;
            hits.into_iter().try_for_each(|hit| take(hit.version))?;
            if is_last {
                return Ok(());
            }
            search.offset += PAGE;
        }
    }
}

impl Selected {
    /// What was asked for, in words, one condition each.
    fn words(&self) -> Vec<String> {
        let filter = self.filter.filter();
        let several =
            |name: &str, values: &[String]| (!values.is_empty()).then(|| format!("{name}: {}", values.join(", ")));
        let one = |name: &str, value: Option<String>| value.map(|value| format!("{name}: {value}"));
        let words = [
            one("With the words", self.query.clone()),
            one("Since", filter.since.map(|time| time.to_string())),
            one("Until", filter.until.map(|time| time.to_string())),
            several("Sources", &filter.sources),
            several("Sites", &filter.sites),
            several("Languages", &filter.languages),
            one("By", filter.author),
        ];
        words.into_iter().flatten().collect()
    }
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    match &args.format {
        Format::Jsonl(args) => lines::run(args),
        Format::Csv(args) => files::run(args, files::Kind::Csv),
        Format::Parquet(args) => files::run(args, files::Kind::Parquet),
        Format::Markdown(args) => files::run(args, files::Kind::Markdown),
        Format::Text(args) => files::run(args, files::Kind::Text),
        Format::Epub(args) => epub::run(args),
        Format::Atom(args) => feed::run(args, feed::Kind::Atom),
        Format::Jsonfeed(args) => feed::run(args, feed::Kind::Json),
        Format::Wacz(args) => wacz::run(args),
    }
}
