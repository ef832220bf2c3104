//! What today's cleaner finds otherwise than the one that the archive's record is from.

use crate::model::{Article, ArticleDate};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

/// What is compared: what the cleaner reads off the page. The rest says when and where it was done, or follows from these.
const FIELDS: [&str; 15] = [
    "title",
    "subtitle",
    "section",
    "tags",
    "authors",
    "published",
    "modified",
    "language",
    "summary",
    "text",
    "markdown",
    "html",
    "images",
    "page_type",
    "paywalled",
];

/// What an archive has of an article, as far as it takes to compare.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    hashes: [u64; FIELDS.len()],
    title: Option<String>,
    published: Option<ArticleDate>,
}

impl Known {
    /// Reads a record; `None` for what is none, or a tombstone.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        let article: Article = serde_json::from_slice(json).ok()?;
        if article.tombstone.is_some() {
            return None;
        }
        Some(Self { hashes: hashes(&article)?, published: article.published, title: article.title })
    }

    /// The fields in which an article differs. What the page lacks and a feed had said of it is taken over first, as
    /// the crawler does.
    pub(super) fn differences(&self, article: &mut Article) -> Vec<&'static str> {
        if article.title.is_none() {
            article.title.clone_from(&self.title);
        }
        // A feed's moment in place of the page's bare day.
        let is_finer = |day: ArticleDate, known: ArticleDate| !day.has_time() && known.has_time();
        article.published = match (article.published, self.published) {
            (Some(day), Some(known)) if is_finer(day, known) => Some(known),
            (own, known) => own.or(known),
        };
        let Some(new) = hashes(article) else { return Vec::new() };
        FIELDS
            .iter()
            .zip(new.iter().zip(&self.hashes))
            .filter(|(_, (new, old))| new != old)
            .map(|(name, _)| *name)
            .collect()
    }
}

fn hashes(article: &Article) -> Option<[u64; FIELDS.len()]> {
    let record = serde_json::to_value(article).ok()?;
    Some(FIELDS.map(|name| match record.get(name) {
        Some(Value::String(text)) => xxh3_64(text.as_bytes()),
        other => xxh3_64(other.map(Value::to_string).unwrap_or_default().as_bytes()),
    }))
}
