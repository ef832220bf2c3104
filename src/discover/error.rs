//! Why a document gave no links.

use url::Url;

/// Why a document gave no links, or a pattern cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// Neither a feed nor anything that entries could be saved from.
    #[error("{url} is no feed ({problem}); open it to see what it is, and correct or remove it in the source's feeds")]
    NotAFeed {
        /// Where the document came from.
        url: Box<Url>,
        /// Its root, or what broke.
        problem: String,
    },
    /// Neither an XML sitemap, nor a list of addresses, nor a feed.
    #[error(
        "{url} is no sitemap ({problem}); open it to see what it is, and correct or remove it in the source's sitemaps"
    )]
    NotASitemap {
        /// Where the document came from.
        url: Box<Url>,
        /// What it begins with, or what broke.
        problem: String,
    },
    /// A pattern of the configuration is no regular expression.
    #[error("the {list} pattern {pattern:?} is no regular expression: {source}")]
    Pattern {
        /// `include` or `exclude`.
        list: &'static str,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        source: Box<regex::Error>,
    },
}
