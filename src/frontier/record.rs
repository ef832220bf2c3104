//! What a frontier keeps and hands out.

use crate::model::{ArticleDate, CanonicalUrl, HostKey, Provenance, Sketch, Validators};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::fmt;
use url::Url;

/// What a URL is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UrlKind {
    /// An RSS, Atom or JSON feed.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
    /// A front or section page.
    Section,
    /// A page that is expected to be an article.
    Article,
}

/// Where a URL is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Found, not yet fetched (again).
    Discovered,
    /// Given to somebody to fetch.
    Leased,
    /// Fetched; rests.
    Fetched,
    /// Asked for, and the server said that nothing had changed; rests.
    NotModified,
    /// Another URL stands for it.
    Redirected,
    /// Failed in a way that may pass; due again at a set time.
    Retry,
    /// Failed for good.
    Failed,
    /// No longer there.
    Gone,
    /// Not wanted: robots.txt, no article, filtered.
    Excluded,
}

impl UrlKind {
    const ALL: [Self; 4] = [Self::Feed, Self::Sitemap, Self::Section, Self::Article];

    /// The name in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Feed => "FEED",
            Self::Sitemap => "SITEMAP",
            Self::Section => "SECTION",
            Self::Article => "ARTICLE",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is fetched for the links that it holds.
    #[must_use]
    pub fn is_hub(self) -> bool {
        self != Self::Article
    }
}

impl State {
    const ALL: [Self; 9] = [
        Self::Discovered,
        Self::Leased,
        Self::Fetched,
        Self::NotModified,
        Self::Redirected,
        Self::Retry,
        Self::Failed,
        Self::Gone,
        Self::Excluded,
    ];

    /// The name in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Discovered => "DISCOVERED",
            Self::Leased => "LEASED",
            Self::Fetched => "FETCHED",
            Self::NotModified => "NOT_MODIFIED",
            Self::Redirected => "REDIRECTED",
            Self::Retry => "RETRY",
            Self::Failed => "FAILED",
            Self::Gone => "GONE",
            Self::Excluded => "EXCLUDED",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether it still has to be fetched.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Discovered | Self::Leased | Self::Retry)
    }
}

impl fmt::Display for UrlKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What became of a batch of links.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Discovered {
    /// URLs that were not known.
    pub new: usize,
    /// URLs that were known, or that another known URL stands for.
    pub known: usize,
    /// Of the known ones, those that are due again.
    pub changed: usize,
    /// Of the known ones, those that were to be fetched already, or were tried and never had.
    pub waiting: usize,
}

/// What was said of a URL where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hints {
    /// The most trusted place that it was found in.
    pub provenance: Provenance,
    /// Title.
    pub title: Option<String>,
    /// Publication date.
    pub published: Option<ArticleDate>,
    /// Date of the last change.
    pub modified: Option<ArticleDate>,
}

/// What is known of an article that the archive holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownArticle {
    /// Its id.
    pub id: String,
    /// Hash of its words; empty where the last version is a tombstone.
    pub content_hash: String,
    /// Its headline; `None` where it has none, and for articles of before headlines were kept.
    pub title: Option<String>,
    /// Which revision was written last, from 1.
    pub version: u32,
    /// Position of that revision in the archive's change feed.
    pub seq: u64,
    /// Where its own file lies in the archive, if it has one.
    pub file: Option<String>,
    /// When it was published, to be kept with it; not handed out.
    pub published: Option<ArticleDate>,
    /// What its text is like, to be kept with it; not handed out.
    pub likeness: Option<Box<Likeness>>,
}

/// What the text of an article is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The id of the first article that told the same. That of an article which is known already does not change.
    pub cluster: String,
    /// Its sketch.
    pub sketch: Sketch,
}

/// An article that tells the same as another.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// Its id.
    pub article: String,
    /// The id of the first article that told the same as it.
    pub cluster: String,
    /// The share of common shingles, estimated, from 0 to 1.
    pub similarity: f32,
}

/// The right to fetch a URL, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The URL.
    pub url: CanonicalUrl,
    /// The URL as it was found, which is what to ask for: what the canonical form leaves out names no other page, but
    /// a server need not know that.
    pub address: Url,
    /// The source that it belongs to.
    pub source: String,
    /// What it is for.
    pub kind: UrlKind,
    /// What was said of it.
    pub hints: Hints,
    /// What the server gave last time.
    pub validators: Validators,
    /// Hash of the body of last time.
    pub body_hash: Option<String>,
    /// Tries that failed since the last success.
    pub attempts: u32,
    /// The article that it gave last time.
    pub article: Option<KnownArticle>,
}

/// Of which sources.
#[derive(Debug, Clone, Copy, Default)]
pub enum WhichSources<'a> {
    /// All.
    #[default]
    All,
    /// Those named.
    Only(&'a [String]),
}

impl WhichSources<'_> {
    /// Whether a source is meant.
    #[must_use]
    pub fn contains(&self, source: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(|name| name == source),
        }
    }
}

/// How much to lease.
#[derive(Debug, Clone, Copy)]
pub struct LeaseRequest<'a> {
    /// Leases in all.
    pub limit: usize,
    /// Leases of one host at a time, those given out before counted.
    pub per_host_limit: usize,
    /// For how long; after that another may have the URL.
    pub lease_for: SignedDuration,
    /// Of which sources.
    pub sources: WhichSources<'a>,
    /// Of which of these sources articles too, and not only hubs. Before its hubs are read, neither all of a source's
    /// articles are known nor all that is said of them.
    pub articles_of: WhichSources<'a>,
}

/// What became of a leased URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The URL that was leased.
    pub url: CanonicalUrl,
    /// As what it was leased.
    pub kind: UrlKind,
    /// What became of it.
    pub verdict: Verdict,
}

/// What can become of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There is a page.
    Fetched {
        /// Where it was, after redirects.
        final_url: CanonicalUrl,
        /// Other URLs that it stands for: the redirects in between, the address that the page says it has.
        aliases: Vec<CanonicalUrl>,
        /// For the next time.
        validators: Validators,
        /// Hash of the body.
        body_hash: Option<String>,
        /// The article that the archive holds of it now.
        article: Option<KnownArticle>,
    },
    /// The server says that nothing has changed.
    NotModified {
        /// For the next time.
        validators: Validators,
    },
    /// It failed, and may be tried again.
    Retry {
        /// Why.
        reason: String,
        /// Not before.
        at: Timestamp,
    },
    /// Its server asks for patience, which is no failure and is not counted as one.
    PutOff {
        /// In what words.
        reason: String,
        /// Not before.
        at: Timestamp,
    },
    /// It failed for good.
    Failed {
        /// Why.
        reason: String,
    },
    /// It is not there.
    Gone {
        /// What the server said.
        reason: String,
    },
    /// It is no longer there, or has no article any more, and the archive held one.
    Withdrawn {
        /// What the server said.
        reason: String,
        /// The tombstone that the archive holds of it now.
        article: KnownArticle,
    },
    /// It is not wanted.
    Excluded {
        /// Why.
        reason: String,
    },
    /// Another URL, fetched at its own time, stands for it.
    Redirected {
        /// That URL.
        to: CanonicalUrl,
    },
    /// The same, and its article is that one's, unless that has one of its own.
    Moved {
        /// That URL.
        to: CanonicalUrl,
    },
}

/// A host that could not be reached, again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostDown {
    /// The host.
    pub host: HostKey,
    /// How often it was given up since it last answered; 0 for one that answers.
    pub times: u32,
    /// Until when its pages are not tried.
    pub until: Timestamp,
}

/// How much there is to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pending {
    /// URLs by state.
    pub by_state: BTreeMap<State, u64>,
    /// URLs that a lease would find now.
    pub due: u64,
    /// When the next URL that is not due now will be.
    pub next_due: Option<Timestamp>,
}

/// All that is known of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUrl {
    /// The URL.
    pub url: CanonicalUrl,
    /// The source that it belongs to.
    pub source: String,
    /// What it is for.
    pub kind: UrlKind,
    /// Where it is in its life.
    pub state: State,
    /// Why, where it failed or was left out.
    pub reason: Option<String>,
    /// The URL that stands for it.
    pub redirect: Option<CanonicalUrl>,
    /// When it is or was due; `None` for one that rests for good.
    pub due: Option<Timestamp>,
    /// The interval that led to `due`, where it was fetched before.
    pub interval: Option<SignedDuration>,
    /// What was said of it where it was found.
    pub hints: Hints,
    /// When it was found first.
    pub discovered: Timestamp,
    /// When it was last asked for.
    pub fetched: Option<Timestamp>,
    /// When it was last found changed.
    pub changed: Option<Timestamp>,
    /// Tries that failed since the last success.
    pub attempts: u32,
    /// The article that it gave.
    pub article: Option<KnownArticle>,
    /// What became of it each time, the latest last; only so many are kept.
    pub visits: Vec<Visit>,
}

/// What became of a URL once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// The state that it came into.
    pub state: State,
    /// Why, or to where it leads.
    pub reason: Option<String>,
}

/// What a pass would ask of a host, as far as is known before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostWork {
    /// The host.
    pub host: HostKey,
    /// The source.
    pub source: String,
    /// Feeds, sitemaps and sections to be looked at.
    pub hubs: u64,
    /// Articles that are due.
    pub articles: u64,
}
