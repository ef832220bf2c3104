//! Pass after pass, each when something is due: what a daemon does.
//!
//! A pass is bounded in time, so that what has become due since, and is newer, has its turn before a long backlog. It
//! takes only sources that have something due. Between passes nothing is held but what the caller holds.

use super::observer::Observer;
use super::run::{Bounds, HUBS_FIRST, Keep, Passed, pass};
use super::{CrawlError, CrawlOptions, Parts, RunSummary, Source};
use crate::archive::{Archive, Ending};
use crate::frontier::{Frontier, FrontierError, WhichSources};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a pass begins something new. Long against what it costs to begin one, short against the intervals at which
/// feeds are looked at.
const PASS: Duration = Duration::from_mins(1);

/// Requests to the slowest host that a pass has time for at the least: one for a feed, one for a story.
const LEAST_REQUESTS: u32 = 2;

/// The shortest time between two passes.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// The longest wait before the store is asked again, so that a clock which was set, or a machine that slept, is noticed.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(1);

/// The time in which `max_pages` of a source may be fetched.
const ALLOWANCE: SignedDuration = SignedDuration::from_hours(1);

/// What a daemon remembers from pass to pass.
#[derive(Debug, Default)]
pub struct Watch {
    /// Sources whose feeds, sitemaps and sections were put into the store.
    seeded: HashSet<String>,
    /// Stories fetched of sources that may have only so many, and since when they are counted.
    fetched: HashMap<String, (Timestamp, u64)>,
    /// Sources whose sites asked to be left alone before they could say where to begin, and until when.
    unasked: HashMap<String, Timestamp>,
    /// Whether the last pass ended before all was done.
    was_cut: bool,
    last: Option<Timestamp>,
}

impl Watch {
    /// Has every source begun anew in the next pass; for when they may have changed.
    pub fn begin_anew(&mut self) {
        self.seeded.clear();
        self.unasked.clear();
    }

    /// Whether a source's crawl is to begin.
    fn is_to_begin(&self, source: &Source, now: Timestamp) -> bool {
        let waits = self.unasked.get(&source.name).is_some_and(|until| *until > now);
        !waits && !self.seeded.contains(&source.name)
    }

    /// How long nothing is due; zero if something is.
    ///
    /// # Errors
    /// [`CrawlError`] where the store cannot be read.
    pub async fn rest(&self, frontier: Arc<dyn Frontier>, sources: &[Source]) -> Result<Duration, CrawlError> {
        let now = Timestamp::now();
        if sources.iter().any(|source| self.is_to_begin(source, now)) {
            return Ok(self.rest_until(now, now));
        }
        let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
        let (spent, open): (Vec<&Source>, Vec<&Source>) =
            sources.iter().partition(|source| self.left(source, now) == Some(0));
        let open: Vec<String> = open.into_iter().map(|source| source.name.clone()).collect();
        let again = spent.iter().filter_map(|source| self.fetched[&source.name].0.checked_add(ALLOWANCE).ok()).min();
        let due =
            ask(frontier, move |frontier| frontier.next_due(WhichSources::Only(&names), WhichSources::Only(&open)))
                .await?;
        let begin = sources.iter().filter_map(|source| self.unasked.get(&source.name).copied());
        let next = due.into_iter().chain(again).chain(begin).min().unwrap_or(Timestamp::MAX);
        Ok(self.rest_until(next, now))
    }

    fn rest_until(&self, next: Timestamp, now: Timestamp) -> Duration {
        let soonest = self.last.and_then(|last| last.checked_add(PAUSE).ok()).unwrap_or(now);
        let rest = next.max(soonest).duration_since(now).min(LONGEST_WAIT);
        Duration::try_from(rest).unwrap_or_default()
    }

    /// One pass over what is due of the sources. It ends when that is done, or after a minute, or early when `enough` is
    /// cancelled, or for good when `stop` is.
    ///
    /// # Errors
    /// As [`run`](super::run()).
    pub async fn pass(
        &mut self,
        mut parts: Parts,
        options: &CrawlOptions,
        observer: Arc<dyn Observer>,
        stop: &CancellationToken,
        enough: &CancellationToken,
    ) -> Result<RunSummary, CrawlError> {
        let now = Timestamp::now();
        let due = ask(Arc::clone(&parts.frontier), move |frontier| frontier.due_sources(now)).await?;
        parts.sources.retain(|source| due.contains(&source.name) || self.is_to_begin(source, now));
        for source in &mut parts.sources {
            let left = self.left(source, now);
            source.max_pages = left.map(|left| usize::try_from(left).unwrap_or(usize::MAX));
        }
        let names: Vec<String> = parts.sources.iter().map(|source| source.name.clone()).collect();
        let counted: HashSet<String> = parts
            .sources
            .iter()
            .filter(|source| source.max_pages.is_some())
            .map(|source| source.name.clone())
            .collect();
        // What the last pass had no time for has waited for its hubs long enough: those of a slow host may be due again
        // before all of them are read.
        let hubs_first = if self.was_cut { Duration::ZERO } else { HUBS_FIRST };
        let length = PASS.max(parts.fetcher.longest_pause().saturating_mul(LEAST_REQUESTS));
        let bounds = Bounds { stop: stop.clone(), enough: enough.child_token(), keep: Keep::Eventful, hubs_first };
        let result = {
            let pass = pass(parts, options, observer, &bounds);
            tokio::pin!(pass);
            tokio::select! {
                result = &mut pass => result,
                () = tokio::time::sleep(length) => {
                    bounds.enough.cancel();
                    pass.await
                }
            }
        };
        let Passed { summary, unasked } = result?;
        self.last = Some(Timestamp::now());
        // Of a pass that was cut short nobody knows how far it came.
        self.was_cut = bounds.enough.is_cancelled();
        if !self.was_cut {
            for name in &names {
                self.unasked.remove(name);
            }
            self.unasked.extend(unasked);
            self.seeded.extend(names.into_iter().filter(|name| !self.unasked.contains_key(name)));
        }
        for (name, counts) in summary.sources.iter().filter(|(name, _)| counted.contains(*name)) {
            let (since, fetched) = self.fetched.entry(name.clone()).or_insert((now, 0));
            if now.duration_since(*since) >= ALLOWANCE {
                (*since, *fetched) = (now, 0);
            }
            *fetched += counts.fetched;
        }
        Ok(summary)
    }

    /// Ends for good: what waited in the archive for more to come is brought into its last form.
    ///
    /// # Errors
    /// [`CrawlError`] where store or archive cannot be read or written.
    pub async fn end(&self, frontier: Arc<dyn Frontier>, mut archive: Archive) -> Result<(), CrawlError> {
        let positions = ask(frontier, |frontier| frontier.sink_positions()).await?;
        tokio::task::spawn_blocking(move || {
            archive.recover(&positions)?;
            archive.finish(Ending::Last)
        })
        .await
        .map_err(|error| CrawlError::Died { part: "archive", reason: error.to_string() })?
        .map_err(CrawlError::from)
    }

    /// How many stories of a source may still be fetched; `None` for any number.
    fn left(&self, source: &Source, now: Timestamp) -> Option<u64> {
        let limit = source.max_pages? as u64;
        let fetched = self.fetched.get(&source.name).filter(|(since, _)| now.duration_since(*since) < ALLOWANCE);
        Some(limit.saturating_sub(fetched.map_or(0, |(_, fetched)| *fetched)))
    }
}

/// Asks the frontier where blocking is allowed.
async fn ask<T: Send + 'static>(
    frontier: Arc<dyn Frontier>,
    question: impl FnOnce(&dyn Frontier) -> Result<T, FrontierError> + Send + 'static,
) -> Result<T, CrawlError> {
    tokio::task::spawn_blocking(move || question(frontier.as_ref()))
        .await
        .map_err(|error| CrawlError::Died { part: "store", reason: error.to_string() })?
        .map_err(CrawlError::from)
}
