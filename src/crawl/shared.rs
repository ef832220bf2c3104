//! What the tasks of a run have in common.

use super::breaker::Breaker;
use super::feed_texts::FeedTexts;
use super::illustrate::Easel;
use super::observer::{Event, Observer};
use super::summary::Counts;
use super::workers::Workers;
use super::writer::Report;
use super::{CrawlError, CrawlOptions, Respect, Source};
use crate::archive::Skip;
use crate::discover::Bounds;
use crate::extract;
use crate::fetch::{FetchError, Fetcher, Tape};
use crate::frontier::{Frontier, FrontierError, Lease, Outcome, Verdict};
use crate::model::{CanonicalUrl, Exchange, Provenance};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

/// The wait before a failed URL is due again, doubled with each failure after the first.
const RETRY_PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// The longest such wait.
const RETRY_PAUSE_MAX: SignedDuration = SignedDuration::from_hours(24);

/// Runs in which a URL may fail before it counts as failed for good.
const MAX_ATTEMPTS: u32 = 8;

/// After how long a story that is announced is asked for again whose page cannot be had: what is over in an hour, in a day
/// and after a weekend.
const SECOND_CHANCES: [SignedDuration; 3] =
    [SignedDuration::from_hours(1), SignedDuration::from_hours(24), SignedDuration::from_hours(72)];

/// How often a story is asked for again in whose place something else stands, or nothing, before that is believed.
const MORE_LOOKS: u32 = 3;

/// How much longer than after a failure the wait is then: such repairs take half an hour.
const LOOK_DOUBLINGS: u32 = 5;

/// The longest that a page waits for its server with one of the places in its hands. A second is less than most pauses.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// How often an address is put off in one run before it counts as failed for that run; a bound, so that a server that
/// never says anything else does not hold a run for ever.
const MAX_PUT_OFF: u32 = 5;

/// What the tasks of a run have in common.
pub(super) struct Shared {
    pub(super) fetcher: Fetcher,
    pub(super) frontier: Arc<dyn Frontier>,
    pub(super) clean: extract::Options,
    pub(super) options: CrawlOptions,
    pub(super) sources: HashMap<String, Arc<Source>>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) workers: Workers,
    pub(super) started: Timestamp,
    began: Instant,
    reports: mpsc::Sender<Report>,
    /// Reports that were sent, or are to be expected, and are not committed.
    outstanding: AtomicUsize,
    /// Whether a lease could find something that the last one did not.
    news: AtomicBool,
    pub(super) wake: Notify,
    tallies: Mutex<BTreeMap<String, Tally>>,
    pub(super) breaker: Breaker,
    /// Addresses left out that are not written down yet, by the canonical address that the outcome goes by.
    skips: Mutex<HashMap<CanonicalUrl, Vec<Skip>>>,
    /// Exchanges that are not written yet, likewise; `None` where nobody keeps them.
    tapes: Option<Mutex<HashMap<CanonicalUrl, (String, Tape)>>>,
    /// How often an address was put off in this run.
    put_off: Mutex<HashMap<CanonicalUrl, u32>>,
    /// Stories as feeds hold them, for those whose pages cannot be had.
    pub(super) feed_texts: FeedTexts,
    /// Addresses that a redirect led to and that are fetched in their own time, and how many redirects that were.
    hops: Mutex<HashMap<CanonicalUrl, usize>>,
    /// Addresses of stories whose pages were had in this run: whoever leads there need not ask again.
    had: Mutex<HashSet<CanonicalUrl>>,
    /// Where stories wait for their pictures; `None` where none are kept.
    pub(super) easel: Option<Easel>,
}

/// What is counted of a source while the run goes on.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) counts: Counts,
    /// Stories met in this run, by a hash of their addresses.
    pub(super) met: HashSet<u64>,
    /// Feeds, sitemaps and sections met in this run, likewise.
    pub(super) hubs_met: HashSet<u64>,
    /// Feeds, sitemaps and sections whose fetch began, likewise.
    pub(super) hubs_begun: HashSet<u64>,
    /// Stories of pages of links that were followed.
    pub(super) bounds: Bounds,
    pub(super) sitemaps: usize,
    pub(super) sections: usize,
    /// Stories whose fetch began.
    pub(super) begun: usize,
    pub(super) hubs_reached: usize,
    pub(super) hubs_failed: usize,
}

impl Shared {
    pub(super) fn new(
        parts: SharedParts,
        options: CrawlOptions,
        observer: Arc<dyn Observer>,
        reports: mpsc::Sender<Report>,
    ) -> Self {
        let tallies = parts.sources.iter().map(|source| (source.name.clone(), Tally::default())).collect();
        Self {
            fetcher: parts.fetcher,
            frontier: parts.frontier,
            clean: parts.clean,
            options,
            sources: parts.sources.into_iter().map(|source| (source.name.clone(), Arc::new(source))).collect(),
            observer,
            workers: parts.workers,
            started: Timestamp::now(),
            began: Instant::now(),
            reports,
            outstanding: AtomicUsize::new(0),
            news: AtomicBool::new(true),
            wake: Notify::new(),
            tallies: Mutex::new(tallies),
            breaker: Breaker::default(),
            skips: Mutex::default(),
            tapes: parts.keeps_exchanges.then(Mutex::default),
            put_off: Mutex::default(),
            feed_texts: FeedTexts::default(),
            hops: Mutex::default(),
            had: Mutex::default(),
            easel: parts.easel,
        }
    }

    /// Asks the frontier, where blocking is allowed.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Frontier) -> Result<T, FrontierError> + Send + 'static,
    ) -> Result<T, CrawlError> {
        let frontier = Arc::clone(&self.frontier);
        tokio::task::spawn_blocking(move || question(frontier.as_ref()))
            .await
            .map_err(|error| CrawlError::Died { part: "store", reason: error.to_string() })?
            .map_err(CrawlError::from)
    }

    /// Hands a report to the writer, and waits while it is behind.
    pub(super) async fn report(&self, report: Report) -> Result<(), CrawlError> {
        self.expect_report();
        self.report_expected(report).await
    }

    /// Says that there will be a report, by [`Shared::report_expected`].
    pub(super) fn expect_report(&self) {
        self.outstanding.fetch_add(1, Ordering::SeqCst);
    }

    /// Hands a report to the writer that was expected.
    pub(super) async fn report_expected(&self, report: Report) -> Result<(), CrawlError> {
        // The writer stops early only for an error, which is then the run's.
        self.reports
            .send(report)
            .await
            .map_err(|_| CrawlError::Died { part: "writer", reason: "it takes no more".to_owned() })
    }

    pub(super) async fn report_verdict(&self, lease: &Lease, verdict: Verdict) -> Result<(), CrawlError> {
        self.report(Report::Outcome(Box::new(Outcome { url: lease.url.clone(), kind: lease.kind, verdict }))).await
    }

    /// Notes that so many reports were committed.
    pub(super) fn committed(&self, reports: usize) {
        self.outstanding.fetch_sub(reports, Ordering::SeqCst);
        self.tell_news();
    }

    pub(super) fn outstanding(&self) -> usize {
        self.outstanding.load(Ordering::SeqCst)
    }

    /// Says that the frontier may have something to give out.
    pub(super) fn tell_news(&self) {
        self.news.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }

    pub(super) fn has_news(&self) -> bool {
        self.news.load(Ordering::SeqCst)
    }

    pub(super) fn take_news(&self) -> bool {
        self.news.swap(false, Ordering::SeqCst)
    }

    pub(super) fn tallies(&self) -> MutexGuard<'_, BTreeMap<String, Tally>> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts something of a source.
    pub(super) fn count<T>(&self, source: &str, change: impl FnOnce(&mut Tally) -> T) -> T {
        let mut tallies = self.tallies();
        let tally = tallies.entry(source.to_owned()).or_default();
        tally.counts.seconds = self.seconds();
        change(tally)
    }

    pub(super) fn skipped(&self, source: &str, url: &str, reason: &str) {
        self.count(source, |tally| tally.counts.skip(reason, 1));
        self.note_skip(source, url, reason);
    }

    /// Has an address that was left out written down together with its outcome, which is to be reported after this; what
    /// is counted of it is for the caller.
    pub(super) fn note_skip(&self, source: &str, url: &str, reason: &str) {
        self.observer.event(Event::Skipped { source, url, reason });
        let Some(canonical) = CanonicalUrl::parse(url) else { return };
        let (source, url, reason) = (source.to_owned(), url.to_owned(), reason.to_owned());
        let skip = Skip { time: Timestamp::now(), source, url, reason };
        self.skips.lock().unwrap_or_else(PoisonError::into_inner).entry(canonical).or_default().push(skip);
    }

    /// What was noted of an address since the last call.
    pub(super) fn take_skips(&self, url: &CanonicalUrl) -> Vec<Skip> {
        self.skips.lock().unwrap_or_else(PoisonError::into_inner).remove(url).unwrap_or_default()
    }

    /// The fetcher for what is asked on account of an address. The exchanges wait for its outcome, and are written with it.
    pub(super) fn fetcher_for(&self, source: &Source, url: &CanonicalUrl) -> Fetcher {
        let fetcher = self.fetcher.for_source(&source.name);
        let Some(tapes) = &self.tapes else { return fetcher };
        let mut tapes = tapes.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, tape) = tapes.entry(url.clone()).or_insert_with(|| (source.name.clone(), Tape::default()));
        fetcher.recorded(tape.clone())
    }

    /// The exchanges on account of an address since the last call, with its source.
    pub(super) fn take_exchanges(&self, url: &CanonicalUrl) -> Option<(String, Vec<Exchange>)> {
        let mut tapes = self.tapes.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let (source, tape) = tapes.remove(url)?;
        Some((source, tape.take()))
    }

    pub(super) fn failed(&self, source: &str, url: &str, reason: &str, error: &str) {
        self.count(source, |tally| tally.counts.fail(reason, url, error.to_owned()));
        self.observer.event(Event::Failed { source, url, error });
    }

    /// Which words of a source's publisher are obeyed.
    pub(super) fn respect<'a>(&'a self, source: &'a Source) -> &'a [Respect] {
        source.respect.as_deref().unwrap_or(&self.options.respect)
    }

    /// Since the run began, to the millisecond: more digits would not come back from JSON as they were.
    pub(super) fn seconds(&self) -> f64 {
        self.began.elapsed().as_millis() as f64 / 1000.0
    }

    /// How many redirects of this run led to an address.
    pub(super) fn hops(&self, url: &CanonicalUrl) -> usize {
        self.hops.lock().unwrap_or_else(PoisonError::into_inner).get(url).copied().unwrap_or_default()
    }

    /// Notes that a story's page was had.
    pub(super) fn note_had(&self, url: &CanonicalUrl) {
        self.had.lock().unwrap_or_else(PoisonError::into_inner).insert(url.clone());
    }

    /// Whether a story's page was had in this run, by whichever address.
    pub(super) fn was_had(&self, url: &CanonicalUrl) -> bool {
        self.had.lock().unwrap_or_else(PoisonError::into_inner).contains(url)
    }

    /// Where a redirect led to an address that is not to be asked for yet, or not by this way: that address, which takes the
    /// place of the one that was asked for, so that nobody's place is held.
    pub(super) fn redirect_waits<T>(&self, result: &Result<T, FetchError>) -> Option<CanonicalUrl> {
        let Err(FetchError::RedirectWaits { target, hops, .. }) = result else { return None };
        let to = CanonicalUrl::new(target);
        self.hops.lock().unwrap_or_else(PoisonError::into_inner).insert(to.clone(), *hops);
        Some(to)
    }

    /// Whether what a server asked patience for is to wait in the queue, where it holds up nobody, instead of having failed.
    pub(super) fn may_put_off<T>(&self, url: &CanonicalUrl, result: &Result<T, FetchError>) -> bool {
        match result {
            // Nobody was asked for the page yet.
            Err(FetchError::NotYet { .. }) => return true,
            // It is for a later run.
            Err(FetchError::PutOff { wait, .. }) if *wait > self.fetcher.longest_wait() => return false,
            Err(FetchError::PutOff { .. }) => {}
            _ => return false,
        }
        let mut put_off = self.put_off.lock().unwrap_or_else(PoisonError::into_inner);
        let count = put_off.entry(url.clone()).or_default();
        *count += 1;
        *count <= MAX_PUT_OFF
    }
}

/// The parts of a run that its tasks have in common.
pub(super) struct SharedParts {
    pub(super) fetcher: Fetcher,
    pub(super) frontier: Arc<dyn Frontier>,
    pub(super) clean: extract::Options,
    pub(super) sources: Vec<Source>,
    pub(super) workers: Workers,
    /// Whether the archive keeps exchanges.
    pub(super) keeps_exchanges: bool,
    pub(super) easel: Option<Easel>,
}

/// What becomes of a URL that could not be fetched.
pub(super) fn verdict_of(error: &FetchError, attempts: u32, now: Timestamp) -> Verdict {
    let reason = error.kind().to_owned();
    let asked = error.retry_after().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(now);
    if error.is_skip() {
        Verdict::Excluded { reason }
    } else if error.is_gone() {
        Verdict::Gone { reason }
    } else if let FetchError::Status { status: 429, .. } | FetchError::PutOff { status: 429, .. } = error {
        Verdict::PutOff { reason, at: retry_at(0, now).max(asked) }
    } else if error.is_transient() && attempts < MAX_ATTEMPTS {
        Verdict::Retry { reason, at: retry_at(attempts, now).max(asked) }
    } else {
        Verdict::Failed { reason }
    }
}

/// The verdict on a story that gave no article yet and that a feed or sitemap announces: what is said of its page at first may
/// be over soon. Feeds are ahead of their pages, walls against robots come and go.
pub(super) fn unless_announced(lease: &Lease, verdict: Verdict, now: Timestamp) -> Verdict {
    let (Verdict::Failed { reason } | Verdict::Gone { reason } | Verdict::Excluded { reason }) = &verdict else {
        return verdict;
    };
    let is_announced = matches!(lease.hints.provenance, Provenance::Feed | Provenance::Sitemap);
    match SECOND_CHANCES.get(lease.attempts as usize).filter(|_| is_announced && lease.article.is_none()) {
        Some(&pause) => Verdict::Retry { reason: reason.clone(), at: now.checked_add(pause).unwrap_or(Timestamp::MAX) },
        None => verdict,
    }
}

/// When a story is to be asked for again that its page does not show now; `None` where it was often enough.
pub(super) fn another_look(lease: &Lease, now: Timestamp) -> Option<Timestamp> {
    (lease.attempts < MORE_LOOKS).then(|| retry_at(lease.attempts + LOOK_DOUBLINGS, now))
}

/// When a URL that failed so many times before is due again.
pub(super) fn retry_at(attempts: u32, now: Timestamp) -> Timestamp {
    let pause = RETRY_PAUSE.saturating_mul(2_i32.saturating_pow(attempts)).min(RETRY_PAUSE_MAX);
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}
