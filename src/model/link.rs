//! A URL with where it was found.

use super::ArticleDate;
use serde::{Deserialize, Serialize};
use url::Url;

/// A URL that was discovered, with what its source said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Absolute, not yet canonical.
    pub url: Url,
    /// Where it was found.
    pub provenance: Provenance,
    /// The title that a feed or a sitemap gave, or the link's text.
    pub title: Option<String>,
    /// The publication date that a feed or a news sitemap gave.
    pub published: Option<ArticleDate>,
    /// The date of the last change that a feed or a sitemap gave.
    pub modified: Option<ArticleDate>,
    /// The story itself as HTML, where a feed holds more than a summary of it.
    pub content: Option<String>,
}

impl Link {
    /// A link of which nothing but its address is known.
    #[must_use]
    pub fn new(url: Url, provenance: Provenance) -> Self {
        Self { url, provenance, title: None, published: None, modified: None, content: None }
    }
}

/// Where a link was found; the order is that of trust in its being an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Named in the configuration.
    Seed,
    /// An entry of an RSS, Atom or JSON feed.
    Feed,
    /// An entry of a sitemap.
    Sitemap,
    /// A link on a front or section page.
    Section,
    /// The page itself: looked at for its links, it said that it is an article.
    Article,
}
