//! How a source is: when it was looked at, when it will be, and what stands in the way.

use super::{State, UrlKind};
use jiff::Timestamp;

/// Hubs of one source that are told one by one; a site may have thousands of sitemaps.
const HUBS: usize = 50;

/// How one source is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// When one of its feeds, sitemaps or sections was last asked for with success.
    pub last_crawl: Option<Timestamp>,
    /// When the next of them is due.
    pub next_due: Option<Timestamp>,
    /// Stories that are due and not fetched.
    pub waiting: u64,
    /// Feeds, sitemaps and sections that it has.
    pub hub_count: u64,
    /// Of these, how many failed the last time.
    pub failing: u64,
    /// The first of them, those that fail before the others.
    pub hubs: Vec<Hub>,
}

/// One feed, sitemap or section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// Its address.
    pub url: String,
    /// What it is.
    pub kind: UrlKind,
    /// Where it is in its life.
    pub state: State,
    /// Why, where it failed.
    pub reason: Option<String>,
    /// When it was last fetched.
    pub fetched: Option<Timestamp>,
    /// When it is due again.
    pub due: Option<Timestamp>,
    /// Tries since it last succeeded.
    pub attempts: u32,
}

impl Hub {
    /// Whether it could not be had the last time.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        matches!(self.state, State::Retry | State::Failed | State::Gone | State::Excluded)
    }
}

impl Health {
    /// Takes in a hub.
    pub(super) fn take(&mut self, hub: Hub) {
        self.hub_count += 1;
        self.last_crawl = self.last_crawl.max(hub.fetched);
        self.next_due = self.next_due.into_iter().chain(hub.due).min();
        if hub.is_failing() {
            self.failing += 1;
            // One that fails is worth the place of one that does not.
            if self.hubs.len() >= HUBS
                && let Some(other) = self.hubs.iter_mut().rev().find(|other| !other.is_failing())
            {
                *other = hub;
                return;
            }
        }
        if self.hubs.len() < HUBS {
            self.hubs.push(hub);
        }
    }
}
