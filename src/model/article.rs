//! The record: one article with its metadata, as every sink writes it and every reader gets it.

use super::{ArticleDate, Fingerprint};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One article. The field names are a contract with other programs; see the README for their meaning.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Article {
    /// Stable id: the same on every revisit. 16 hexadecimal digits, from the canonical URL; in `clean --jsonl` the
    /// caller's own.
    pub id: String,
    /// Where it was fetched.
    pub url: Option<String>,
    /// What the page says that its address is, absolute.
    pub canonical_url: Option<String>,
    /// The publication's name.
    pub site_name: Option<String>,
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// Standfirst or alternative headline, where the page shows one.
    pub subtitle: Option<String>,
    /// The section of the publication.
    pub section: Option<String>,
    /// Keywords, as published.
    pub tags: Vec<String>,
    /// People or agencies, one each.
    pub authors: Vec<String>,
    /// When it was first published.
    pub published: Option<ArticleDate>,
    /// When it was last changed.
    pub modified: Option<ArticleDate>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// The publisher's description.
    pub summary: Option<String>,
    /// The body as plain text: paragraphs apart by one blank line.
    pub text: String,
    /// The body as `CommonMark` with tables.
    pub markdown: String,
    /// The body as sanitized semantic HTML.
    pub html: String,
    /// Lead image first.
    pub images: Vec<Image>,
    /// Words of `text`; in scripts without spaces every character counts as one.
    pub word_count: usize,
    /// Hash of the words of `text`: equal when a reader would see the same words. 32 hexadecimal digits.
    pub content_hash: String,
    /// For finding near-duplicates.
    pub fingerprint: Fingerprint,
    /// The id of the first article of the archive that told the same, which may be this one; null outside an archive, for
    /// texts that are too short to say, and where it is not looked for.
    pub cluster: Option<String>,
    /// What kind of page it is.
    pub page_type: PageType,
    /// How sure the cleaner is that `text` is right, 0 to 1.
    pub confidence: f32,
    /// The page says that it holds only a teaser.
    pub paywalled: bool,
    /// What the publisher allows.
    pub usage: Usage,
    /// When it was fetched; null for a page that came from a file.
    pub fetched: Option<Timestamp>,
    /// Why there is no text any more; left out of the record where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tombstone: Option<Tombstone>,
    /// Which revision of this article, from 1.
    pub version: u32,
    /// Position in the archive's change feed, from 1; 0 outside an archive.
    pub seq: u64,
}

/// Why an article has no text any more. The versions before it stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tombstone {
    /// Its page is no longer there: 404, 410, or a redirect to the front page.
    Gone,
    /// Its page is there, without an article.
    Emptied,
    /// A rule of the archive's keeper took it out.
    Pruned,
    /// It was taken down at somebody's request.
    TakenDown,
}

impl Tombstone {
    /// The name in records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Emptied => "emptied",
            Self::Pruned => "pruned",
            Self::TakenDown => "taken_down",
        }
    }
}

/// A picture that belongs to the article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Image {
    /// Absolute; null where scraped text left only the caption.
    pub url: Option<String>,
    /// The caption, without the credit.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// The alternative text.
    pub alt: Option<String>,
}

/// What kind of page a cleaner was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageType {
    /// One story, told in running text.
    Article,
    /// A thread of posts by several people.
    Forum,
    /// One thing for sale.
    Product,
    /// Teasers that lead to other pages: a front page, a section.
    Listing,
    /// A list of things on one subject, each with its own words.
    Collection,
    /// A manual's or a reference's page.
    Documentation,
    /// A page about what an organisation offers.
    Service,
    /// None of the others.
    #[default]
    Other,
}

impl PageType {
    /// The name in records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Forum => "forum",
            Self::Product => "product",
            Self::Listing => "listing",
            Self::Collection => "collection",
            Self::Documentation => "documentation",
            Self::Service => "service",
            Self::Other => "other",
        }
    }
}

/// What the publisher allows to be done with the page, as it says so itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Licence: a URL or a name.
    pub license: Option<String>,
    /// Directives of `<meta name="robots">` and of the `X-Robots-Tag` header, lower case, each once. What is for another
    /// robot than ours stands behind its name: `otherbot: noindex`.
    pub robots: Vec<String>,
    /// TDM reservation protocol: whether text and data mining is reserved.
    pub tdm_reservation: Option<bool>,
    /// TDM reservation protocol: where its policy is.
    pub tdm_policy: Option<String>,
    /// The Content-Signal lines of robots.txt that are for us: whether a use is allowed, by its name.
    pub content_signal: BTreeMap<String, bool>,
}
