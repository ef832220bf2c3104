//! What happens while it happens, for progress bars and logs.

use super::RunSummary;
use crate::discover::HubOffer;
use crate::model::CanonicalUrl;
use url::Url;

/// Up to how many addresses that are due are counted, so that the counting costs little.
pub const DUE_COUNTED: u64 = 100_000;

/// Something that happened.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The run began.
    Started {
        /// Its id.
        run: &'a str,
        /// How many sources it crawls.
        sources: usize,
    },
    /// A feed, a sitemap or a page gave links.
    Found {
        /// The source.
        source: &'a str,
        /// Where.
        url: &'a Url,
        /// Stories not met before in this run.
        links: usize,
        /// Those of them that will be fetched.
        due: usize,
    },
    /// A feed was read that had changed.
    Feed {
        /// The source.
        source: &'a str,
        /// The feed, as the store knows it.
        feed: &'a CanonicalUrl,
        /// Who would tell of its news.
        offer: Option<&'a HubOffer>,
    },
    /// An answer came.
    Fetched {
        /// The source.
        source: &'a str,
        /// What was asked for.
        url: &'a Url,
        /// The HTTP status.
        status: u16,
        /// Bytes of the body on the wire.
        bytes: u64,
    },
    /// An article is in the archive, for good.
    Article {
        /// The source.
        source: &'a str,
        /// Where it was fetched.
        url: &'a str,
        /// Its title.
        title: &'a str,
        /// What became of it.
        kept: Kept,
    },
    /// How much there is to do; told every few seconds.
    Going {
        /// Addresses that are due and not begun; counted up to [`DUE_COUNTED`].
        due: u64,
        /// Pages being fetched, cleaned or written.
        under_way: usize,
    },
    /// A URL was left out.
    Skipped {
        /// The source.
        source: &'a str,
        /// The URL.
        url: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A URL failed.
    Failed {
        /// The source.
        source: &'a str,
        /// The URL.
        url: &'a str,
        /// Why.
        error: &'a str,
    },
    /// No more is begun; what is under way is finished.
    Stopping {
        /// Pages under way.
        under_way: usize,
    },
    /// The run ended.
    Ended {
        /// With this.
        summary: &'a RunSummary,
    },
}

/// What became of an article that was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kept {
    /// It was not known.
    New,
    /// Its text had changed; another version of it was written.
    Updated,
    /// Its text had not changed; nothing was written.
    Unchanged,
    /// Another address had given it already; nothing was written.
    Duplicate,
    /// It is no longer there; a tombstone was written.
    Withdrawn,
}

/// Is told of every [`Event`]. Called from several threads, and should not take long.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn event(&self, event: Event<'_>);
}

/// An observer that says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: Event<'_>) {}
}
