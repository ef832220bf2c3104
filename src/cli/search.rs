//! `copydesk search`: articles of the archive by their words.

use super::reading::{ArchiveArgs, FilterArgs, Paint, Unreadable, ended, tame};
use crate::archive::catalogue::{Hit, Search};
use clap::ValueEnum;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;

/// Arguments of `copydesk search`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Words that all have to occur; "several words" as they stand, word* for a beginning, -word for what must not occur,
    /// OR between alternatives, title:word; in quotes for the shell where it has signs
    #[arg(required = true, num_args = 1.., value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    filter: FilterArgs,
    /// How many, at the most
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// How many of the best are passed over
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
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
    /// One list: [{"score", "snippet", "source", "withdrawn", "article"}]
    Json,
    /// The records, one a line, with their source
    Jsonl,
    /// The addresses, one a line
    Urls,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    ended(search(args))
}

fn search(args: &Args) -> Result<(), Unreadable> {
    let search =
        Search { query: args.query.join(" "), filter: args.filter.filter(), limit: args.limit, offset: args.offset };
    let hits = args.archive.catalogue()?.search(&search)?;
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => out.write_all(text(&hits, args.offset, Paint::of_output()).as_bytes())?,
        Format::Json => {
            let hits: Vec<Value> = hits.iter().map(value).collect();
            serde_json::to_writer_pretty(&mut out, &hits).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        Format::Jsonl => {
            for hit in &hits {
                super::tail::write_line(&mut out, &hit.version)?;
            }
        }
        Format::Urls => {
            for url in hits.iter().filter_map(|hit| hit.version.article.url.as_ref()) {
                writeln!(out, "{url}")?;
            }
        }
    }
    Ok(())
}

fn value(hit: &Hit) -> Value {
    json!({
        "score": hit.score,
        "snippet": hit.snippet.text,
        "source": hit.version.source,
        "withdrawn": hit.is_withdrawn,
        "article": hit.version.article,
    })
}

fn text(hits: &[Hit], offset: usize, paint: Paint) -> String {
    if hits.is_empty() {
        return "Nothing was found.\n".to_owned();
    }
    let mut out = String::new();
    for (index, hit) in hits.iter().enumerate() {
        let article = &hit.version.article;
        let title = tame(article.title.as_deref().unwrap_or("(without a headline)"));
        let _ = writeln!(out, "{:>3}. {}", offset + index + 1, paint.bold(&title));
        let day = crate::archive::catalogue::time_of(article).map(|time| time.strftime("%Y-%m-%d").to_string());
        let authors = (!article.authors.is_empty()).then(|| article.authors.join(", "));
        let withdrawn = hit.is_withdrawn.then(|| "withdrawn since".to_owned());
        let about = [article.site_name.clone().or(Some(hit.version.source.clone())), day, authors, withdrawn];
        let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let _ = writeln!(out, "     {}\n     {}", paint.dim(&tame(&about)), marked(hit, paint));
        let url = article.url.as_deref().unwrap_or_default();
        let _ = writeln!(out, "     {}  {}", paint.dim(&tame(url)), paint.dim(&article.id));
    }
    out
}

/// The snippet with what was looked for set off.
fn marked(hit: &Hit, paint: Paint) -> String {
    let text = &hit.snippet.text;
    let mut out = String::new();
    let mut at = 0;
    for mark in &hit.snippet.marks {
        out.push_str(&tame(&text[at..mark.start]));
        let found = tame(&text[mark.clone()]);
        let _ = if paint.is_on() { write!(out, "{}", paint.bold(&found)) } else { write!(out, "**{found}**") };
        at = mark.end;
    }
    out + &tame(&text[at..])
}
