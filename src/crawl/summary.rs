//! What a run came to, by source and in all.

use super::observer::Kept;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Examples kept of one kind of failure: enough to look into it, few enough to read.
const EXAMPLES: usize = 3;

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// The run's id.
    pub run: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// How long it took.
    pub seconds: f64,
    /// Whether it was told to stop before it was done.
    pub interrupted: bool,
    /// Sources of which neither home page nor feed nor sitemap could be had.
    pub unreachable: Vec<String>,
    /// All sources together.
    pub total: Counts,
    /// By source.
    pub sources: BTreeMap<String, Counts>,
}

impl RunSummary {
    /// Whether it wrote an article, or failed in something, or was stopped.
    #[must_use]
    pub fn is_eventful(&self) -> bool {
        self.interrupted || self.total.articles > 0 || self.total.withdrawn > 0 || !self.total.failed.is_empty()
    }
}

/// Counts of one source, or of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Addresses of stories that feeds, sitemaps and pages named and that are in scope, each once.
    pub found: u64,
    /// Of these, fetched in an earlier run and not to be fetched again now.
    pub known: u64,
    /// Pages of stories that were received.
    pub fetched: u64,
    /// Of these, those that a browser rendered.
    pub rendered: u64,
    /// Feeds, sitemaps, front and section pages that were received.
    pub hubs: u64,
    /// Answers that said that nothing had changed, of either.
    pub not_modified: u64,
    /// Articles written: `new` and `updated`.
    pub articles: u64,
    /// Articles written for the first time.
    pub new: u64,
    /// Articles written again because their text or headline had changed.
    pub updated: u64,
    /// Articles fetched again whose text had not changed.
    pub unchanged: u64,
    /// Pages whose article another address had given already.
    pub duplicates: u64,
    /// Articles that are no longer where they were, or have no text any more, and got a tombstone.
    pub withdrawn: u64,
    /// Of the new articles, those that tell what another told before in nearly the same words.
    pub near_duplicates: u64,
    /// Pictures that were fetched and kept beside the Markdown files.
    pub pictures: u64,
    /// Pictures that were wanted and could not be had, whose links lead to the publisher still.
    pub pictures_left: u64,
    /// Addresses left out, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Addresses that failed, by reason.
    pub failed: BTreeMap<String, Failure>,
    /// Bytes of bodies on the wire.
    pub bytes: u64,
    /// From the first request to the last commit.
    pub seconds: f64,
}

/// Failures of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// How many.
    pub count: u64,
    /// The first few.
    pub examples: Vec<Example>,
}

/// A failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The URL.
    pub url: String,
    /// What went wrong, and what to do about it.
    pub error: String,
}

impl Counts {
    pub(super) fn kept(&mut self, kept: Kept) {
        match kept {
            Kept::New => self.new += 1,
            Kept::Updated => self.updated += 1,
            Kept::Unchanged => self.unchanged += 1,
            Kept::Duplicate => self.duplicates += 1,
            Kept::Withdrawn => self.withdrawn += 1,
        }
        self.articles = self.new + self.updated;
    }

    pub(super) fn skip(&mut self, reason: &str, count: u64) {
        if count > 0 {
            *self.skipped.entry(reason.to_owned()).or_default() += count;
        }
    }

    pub(super) fn fail(&mut self, reason: &str, url: &str, error: String) {
        let failure = self.failed.entry(reason.to_owned()).or_default();
        failure.count += 1;
        if failure.examples.len() < EXAMPLES {
            failure.examples.push(Example { url: url.to_owned(), error });
        }
    }

    /// All addresses left out.
    #[must_use]
    pub fn skipped_in_all(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// All addresses that failed.
    #[must_use]
    pub fn failed_in_all(&self) -> u64 {
        self.failed.values().map(|failure| failure.count).sum()
    }

    /// Adds another's counts; the seconds stay.
    pub(super) fn add(&mut self, other: &Self) {
        self.found += other.found;
        self.known += other.known;
        self.fetched += other.fetched;
        self.rendered += other.rendered;
        self.hubs += other.hubs;
        self.not_modified += other.not_modified;
        self.articles += other.articles;
        self.new += other.new;
        self.updated += other.updated;
        self.withdrawn += other.withdrawn;
        self.unchanged += other.unchanged;
        self.duplicates += other.duplicates;
        self.near_duplicates += other.near_duplicates;
        self.pictures += other.pictures;
        self.pictures_left += other.pictures_left;
        self.bytes += other.bytes;
        for (reason, count) in &other.skipped {
            self.skip(reason, *count);
        }
        for (reason, failure) in &other.failed {
            let own = self.failed.entry(reason.clone()).or_default();
            own.count += failure.count;
            let room = EXAMPLES.saturating_sub(own.examples.len());
            own.examples.extend(failure.examples.iter().take(room).cloned());
        }
    }
}
