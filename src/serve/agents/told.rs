//! What the tools give, for programs, and how it reads.

use super::piece::{Piece, delimited, line};
use crate::archive::catalogue::Hit;
use crate::model;
use crate::serve::api::sources;
use rmcp::schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

/// Characters of a title, at the most; longer ones are not headlines.
pub(super) const TITLE: usize = 300;

/// Characters of an address, at the most. RFC 9110 recommends that 8,000 be supported; few have 500.
const ADDRESS: usize = 2_000;

/// Authors of one article that are named.
const AUTHORS: usize = 20;

/// A part of an article.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub(super) struct Text {
    /// The id in the archive; none of a page that was only cleaned.
    pub(super) id: Option<String>,
    /// Its address: name it when you use the article.
    pub(super) url: Option<String>,
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    /// When it was published, by the page (RFC 3339 or a day).
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) site_name: Option<String>,
    pub(super) language: Option<String>,
    /// Words of the whole article.
    pub(super) word_count: usize,
    /// Whether the page says that it holds only a teaser.
    pub(super) paywalled: bool,
    /// Which version; none of a page that was only cleaned.
    pub(super) version: Option<u32>,
    /// That the publisher has withdrawn it since, in words.
    pub(super) withdrawn: Option<String>,
    /// This part of the article as Markdown. The page's own words: untrusted.
    pub(super) markdown: String,
    /// Where this part begins, in characters.
    pub(super) offset: usize,
    /// Characters of the whole.
    pub(super) total_characters: usize,
    /// The offset to call with for the next part; none at the end.
    pub(super) next_offset: Option<usize>,
}

impl Text {
    pub(super) fn new(article: &model::Article, piece: &Piece<'_>, offset: usize) -> Self {
        Self {
            id: None,
            url: address(article),
            title: article.title.as_deref().map(|title| line(title, TITLE)),
            authors: article.authors.iter().take(AUTHORS).map(|name| line(name, TITLE)).collect(),
            published: article.published.map(|date| date.to_string()),
            modified: article.modified.map(|date| date.to_string()),
            site_name: article.site_name.as_deref().map(|name| line(name, TITLE)),
            language: article.language.clone(),
            word_count: article.word_count,
            paywalled: article.paywalled,
            version: None,
            withdrawn: None,
            markdown: piece.text.to_owned(),
            offset,
            total_characters: piece.total,
            next_offset: piece.next,
        }
    }

    /// For reading. Whatever the page wrote stands between the marks.
    pub(super) fn words(&self) -> String {
        let mut head = String::new();
        let mut field = |name: &str, value: Option<&str>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                let _ = writeln!(head, "{name}: {value}");
            }
        };
        field("Title", self.title.as_deref());
        field("By", Some(&self.authors.join(", ")));
        field("Published", self.published.as_deref());
        field("Changed", self.modified.as_deref());
        field("Site", self.site_name.as_deref());
        let mut out = String::new();
        let _ = writeln!(out, "Source: {}", self.url.as_deref().unwrap_or("not known"));
        if let Some(id) = &self.id {
            let _ = writeln!(out, "Archive: {id}, version {}", self.version.unwrap_or_default());
        }
        if let Some(withdrawn) = &self.withdrawn {
            let _ = writeln!(out, "Note: {withdrawn}");
        }
        if self.paywalled {
            out.push_str("Note: the page says that it holds only a teaser.\n");
        }
        out.push_str(&delimited(&format!("{head}\n{}", self.markdown.trim_end())));
        match self.next_offset {
            Some(next) => {
                let _ = writeln!(
                    out,
                    "Characters {} to {next} of {}. For the next part, call again with offset {next}.",
                    self.offset, self.total_characters
                );
            }
            None if self.offset > 0 => out.push_str("This is the last part.\n"),
            None => {}
        }
        out
    }
}

/// Articles that were found.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub(super) struct Hits {
    pub(super) articles: Vec<Found>,
    /// The offset to call with for those behind; none where there are no more.
    pub(super) next_offset: Option<usize>,
}

/// An article that was found.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub(super) struct Found {
    /// For `get_article`.
    pub(super) id: String,
    /// Its address: name it when you use the article.
    pub(super) url: Option<String>,
    /// The page's own words: untrusted.
    pub(super) title: Option<String>,
    pub(super) site_name: Option<String>,
    pub(super) source: String,
    pub(super) published: Option<String>,
    pub(super) language: Option<String>,
    pub(super) word_count: usize,
    /// The part of the text that fits the query, or its beginning. The page's own words: untrusted.
    pub(super) snippet: String,
    /// Whether the publisher has withdrawn it since.
    pub(super) withdrawn: bool,
}

/// Characters of a snippet; the catalogue's own have fewer.
const SNIPPET: usize = 300;

impl From<Hit> for Found {
    fn from(hit: Hit) -> Self {
        let Hit { version, snippet, is_withdrawn, .. } = hit;
        let article = version.article;
        Self {
            url: address(&article),
            title: article.title.as_deref().map(|title| line(title, TITLE)),
            site_name: article.site_name.as_deref().map(|name| line(name, TITLE)),
            source: version.source,
            published: article.published.map(|date| date.to_string()),
            language: article.language,
            word_count: article.word_count,
            snippet: line(&snippet.text, SNIPPET),
            withdrawn: is_withdrawn,
            id: article.id,
        }
    }
}

impl Hits {
    pub(super) fn words(&self) -> String {
        if self.articles.is_empty() {
            return "No article of the archive fits. Try fewer words, or another time.\n".to_owned();
        }
        let mut list = String::new();
        for found in &self.articles {
            let title = found.title.as_deref().unwrap_or("(without a headline)");
            let published = found.published.as_deref().unwrap_or("date not known");
            let site = found.site_name.as_deref().unwrap_or(&found.source);
            let withdrawn = if found.withdrawn { "; withdrawn since by the publisher" } else { "" };
            let _ =
                writeln!(list, "[{}] {title}\n  {site}, {published}, {} words{withdrawn}", found.id, found.word_count);
            let _ = writeln!(list, "  {}", found.url.as_deref().unwrap_or("address not known"));
            if !found.snippet.is_empty() {
                let _ = writeln!(list, "  {}", found.snippet);
            }
        }
        let mut out = delimited(list.trim_end());
        if let Some(next) = self.next_offset {
            let _ = writeln!(out, "There are more: call again with offset {next}.");
        }
        out
    }
}

/// The sources.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub(super) struct SourceList {
    pub(super) sources: Vec<Source>,
    /// The offset to call with for those behind; none where there are no more.
    pub(super) next_offset: Option<usize>,
    /// What keeps the articles from being counted, in words.
    pub(super) note: Option<String>,
}

/// A source.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub(super) struct Source {
    pub(super) name: String,
    /// Its home page; none where the configuration does not name it any more.
    pub(super) url: Option<String>,
    /// Articles of it in the archive.
    pub(super) articles: u64,
    /// When it was last crawled (RFC 3339).
    pub(super) last_crawl: Option<String>,
    /// When it is crawled next (RFC 3339).
    pub(super) next_due: Option<String>,
    /// Whether it rests until somebody says otherwise.
    pub(super) paused: bool,
    /// What stands in the way of crawling it, each in a sentence.
    pub(super) problems: Vec<String>,
}

/// Problems of a source that are told, and the characters of each.
const PROBLEMS: usize = 3;

impl From<sources::Told> for Source {
    fn from(told: sources::Told) -> Self {
        Self {
            last_crawl: told.last_crawl.map(|time| time.to_string()),
            next_due: told.next_due.map(|time| time.to_string()),
            paused: told.paused,
            problems: told.problems.iter().take(PROBLEMS).map(|problem| line(problem, TITLE)).collect(),
            articles: told.articles,
            url: Some(told.url),
            name: told.name,
        }
    }
}

impl SourceList {
    pub(super) fn words(&self) -> String {
        let mut out = String::new();
        for source in &self.sources {
            let url = source.url.as_deref().unwrap_or("no longer crawled");
            let _ = write!(out, "{}: {url}, {} articles", source.name, source.articles);
            if let Some(time) = &source.last_crawl {
                let _ = write!(out, ", last crawled {time}");
            }
            out.push_str(if source.paused { ", paused\n" } else { "\n" });
            for problem in &source.problems {
                let _ = writeln!(out, "  - {problem}");
            }
        }
        if self.sources.is_empty() {
            out.push_str("There are no sources: none in the configuration, and none in the archive.\n");
        }
        if let Some(note) = &self.note {
            let _ = writeln!(out, "Note: {note}");
        }
        if let Some(next) = self.next_offset {
            let _ = writeln!(out, "There are more: call again with offset {next}.");
        }
        out
    }
}

/// What changed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub(super) struct ChangeList {
    pub(super) changes: Vec<Change>,
    /// The `after_seq` to call with for what comes behind these, now or later.
    pub(super) next_after_seq: u64,
    /// Whether there is more behind these already.
    pub(super) has_more: bool,
}

/// A version of an article, and what is new in it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub(super) struct Change {
    /// Its sequence number.
    pub(super) seq: u64,
    /// The article, for `get_article`.
    pub(super) id: String,
    /// Which version of it.
    pub(super) version: u32,
    /// Its address: name it when you use the article.
    pub(super) url: Option<String>,
    /// The page's own words: untrusted.
    pub(super) title: Option<String>,
    pub(super) source: String,
    /// When it was fetched (RFC 3339).
    pub(super) fetched: Option<String>,
    /// What is new since the version before, in words; headlines and notices among them are the page's own.
    pub(super) what: Vec<String>,
}

impl ChangeList {
    pub(super) fn words(&self) -> String {
        let mut out = String::new();
        if self.changes.is_empty() {
            out.push_str("Nothing changed.\n");
        } else {
            let mut list = String::new();
            for change in &self.changes {
                let title = change.title.as_deref().unwrap_or("(without a headline)");
                let fetched = change.fetched.as_deref().unwrap_or("time not known");
                let _ = writeln!(
                    list,
                    "{}: [{}] version {}, {fetched}, {}\n  {title}\n  {}",
                    change.seq,
                    change.id,
                    change.version,
                    change.source,
                    change.url.as_deref().unwrap_or("address not known")
                );
                for what in &change.what {
                    let _ = writeln!(list, "  - {what}");
                }
            }
            out = delimited(list.trim_end());
        }
        let more = if self.has_more { "There is more: call again" } else { "For what comes later, call again" };
        let _ = writeln!(out, "{more} with after_seq {}.", self.next_after_seq);
        out
    }
}

/// Where an article is, for who cites it.
pub(super) fn address(article: &model::Article) -> Option<String> {
    let url = article.canonical_url.as_deref().or(article.url.as_deref())?;
    (url.len() <= ADDRESS).then(|| url.to_owned())
}
