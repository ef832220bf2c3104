//! The task that leads.

use super::illustrate::{Easel, illustrate};
use super::memory::Memory;
use super::observer::{DUE_COUNTED, Event, Observer};
use super::queue::Queue;
use super::seed::Seeding;
use super::shared::{Shared, SharedParts};
use super::summary::{Counts, RunSummary};
use super::workers::Workers;
use super::{CrawlError, CrawlOptions, Source, hub, page, seed, writer};
use crate::archive::{Archive, Ending};
use crate::extract;
use crate::fetch::Fetcher;
use crate::frontier::{Frontier, Lease, LeaseRequest, UrlKind, WhichSources};
use crate::model::{CanonicalUrl, HostKey};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use xxhash_rust::xxh3::xxh3_64;

/// Leases that wait in the queue for each page that may be under way, so that hosts that rest do not hide those that are
/// ready.
const LEASES_PER_PLACE: usize = 16;

/// Leases of one host that wait: enough to bridge a commit.
const LEASES_PER_HOST: usize = 8;

/// Of these, hubs while no stories are leased: half, as in [`Frontier::lease`], so that stories have room from when
/// they may come.
const HUBS_PER_HOST: usize = LEASES_PER_HOST / 2;

/// How long a source's stories wait for its feeds, sitemaps and sections to be read, so that the newest come first and
/// what is said of each anywhere is known when it is fetched. A site with a hundred sitemaps and a long Crawl-delay is not
/// waited for.
pub(super) const HUBS_FIRST: Duration = Duration::from_secs(30);

/// How long a lease lasts. Only a bound: a run that dies gives its leases back at the next start.
const LEASE: SignedDuration = SignedDuration::from_hours(1);

/// How long pages under way may take once somebody wants the run to stop: what most pages take, and less than the
/// patience of whoever pressed a key, or of a service manager. What is not done by then is given back to the frontier.
const GRACE: Duration = Duration::from_secs(5);

/// How long they may take where the pass is over and another follows, so that nobody waits for the end of the program.
const GRACE_BETWEEN_PASSES: Duration = Duration::from_secs(30);

/// How often the hosts' clocks are saved.
const SAVE_CLOCKS: Duration = Duration::from_secs(5);

/// How long a site's robots.txt stays in the store. The fetcher uses none of more than a day, and decides that itself.
const SITE_FILES_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a sitemap that an index named is known after it was last read. Large papers make one a day or a month, and
/// take old ones away.
const SITEMAPS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Why URLs are left for a later run whose host asked for more patience than a run has.
const HOST_RESTS: &str = "host_rests";

/// Under what name the newest summary lies beside the others.
const LATEST: &str = "latest";

/// What a run works with.
#[expect(missing_debug_implementations, reason = "a frontier need not have one")]
pub struct Parts {
    /// Gets the pages.
    pub fetcher: Fetcher,
    /// Knows what is due.
    pub frontier: Arc<dyn Frontier>,
    /// Takes the articles.
    pub archive: Archive,
    /// How pages are cleaned.
    pub clean: extract::Options,
    /// What is crawled.
    pub sources: Vec<Source>,
}

/// Crawls what is due of the sources, once, and ends by itself.
///
/// What an earlier run left half done is put in order first. Dropping the future is like killing the process: the next
/// run takes up what was under way. Cancelling `stop` ends the run early and in order.
///
/// # Errors
/// [`CrawlError`] where store or archive cannot be read or written. Single pages and sites that fail are no error; the
/// summary, which is also written to the archive, names them.
pub async fn run(
    parts: Parts,
    options: &CrawlOptions,
    observer: Arc<dyn Observer>,
    stop: CancellationToken,
) -> Result<RunSummary, CrawlError> {
    let bounds = Bounds { stop, enough: CancellationToken::new(), keep: Keep::EveryRun, hubs_first: HUBS_FIRST };
    pass(parts, options, observer, &bounds).await.map(|passed| passed.summary)
}

/// What ends a pass before there is nothing left to do, and what is kept of it.
pub(super) struct Bounds {
    /// Ends it early, as somebody asked for.
    pub(super) stop: CancellationToken,
    /// Begins nothing more; what is left is for the next pass, which follows.
    pub(super) enough: CancellationToken,
    pub(super) keep: Keep,
    /// How long stories wait for the hubs of their source.
    pub(super) hubs_first: Duration,
}

/// What came of a pass.
pub(super) struct Passed {
    pub(super) summary: RunSummary,
    /// Sources whose crawl could not begin, and when it may.
    pub(super) unasked: Vec<(String, Timestamp)>,
}

/// Of which runs a summary is kept, beside the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    EveryRun,
    /// Of those that wrote an article, or failed in something.
    Eventful,
}

/// A run within bounds.
pub(super) async fn pass(
    parts: Parts,
    options: &CrawlOptions,
    observer: Arc<dyn Observer>,
    bounds: &Bounds,
) -> Result<Passed, CrawlError> {
    let Parts { fetcher, frontier, mut archive, clean, sources } = parts;
    let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
    let (reports, received) = mpsc::channel(writer::BATCH);
    let workers = Workers::start().map_err(|error| CrawlError::Died { part: "cleaner", reason: error.to_string() })?;
    let keeps_exchanges = archive.keeps_exchanges();
    let (easel, stories) = archive.pictures().map(Easel::new).unzip();
    let common = SharedParts { fetcher, frontier, clean, sources, workers, keeps_exchanges, easel };
    let shared = Arc::new(Shared::new(common, options.clone(), observer, reports));
    let id = shared.started.strftime("%Y%m%dT%H%M%S%3fZ").to_string();

    archive = prepare(&shared, archive, &id).await?;
    shared.observer.event(Event::Started { run: &id, sources: names.len() });

    // In a set of its own, so that it ends with this future.
    let mut writer = JoinSet::new();
    writer.spawn(writer::write(Arc::clone(&shared), archive, received));
    let mut illustrator = JoinSet::new();
    if let Some(stories) = stories {
        illustrator.spawn(illustrate(Arc::clone(&shared), stories));
    }
    let mut lead = Lead {
        unseeded: names.iter().cloned().collect(),
        open: names.clone(),
        names,
        hubs_first: bounds.hubs_first,
        progress: HashMap::new(),
        queue: Queue::default(),
        jobs: JoinSet::new(),
        shelved: Vec::new(),
        resting: BTreeMap::new(),
        unasked: Vec::new(),
        clocks_saved: Instant::now(),
        shared: Arc::clone(&shared),
    };
    let interrupted = match lead.all(&mut writer, bounds).await {
        // Jobs notice first that the writer is gone; why, it says itself.
        Err(CrawlError::Died { part: "writer", reason }) => {
            let died = || CrawlError::Died { part: "writer", reason };
            return Err(writer.join_next().await.map_or_else(died, why_it_ended));
        }
        other => other?,
    };
    let Lead { names, open, jobs, unasked, .. } = lead;
    drop((jobs, illustrator));
    save_clocks(&shared).await?;
    let now = Timestamp::now();
    shared.ask(move |frontier| frontier.release_all(now)).await?;
    count_postponed(&shared, &open, &names, interrupted).await?;
    let summary = summarize(&shared, &id, interrupted);
    finish(&shared, writer, &summary, bounds.keep).await?;
    shared.observer.event(Event::Ended { summary: &summary });
    Ok(Passed { summary, unasked })
}

/// Puts in order what an earlier run left.
async fn prepare(shared: &Arc<Shared>, mut archive: Archive, id: &str) -> Result<Archive, CrawlError> {
    let (now, id) = (shared.started, id.to_owned());
    let (positions, clocks, down, orderly) = shared
        .ask(move |frontier| {
            let released = frontier.release_all(now)?;
            if released > 0 {
                tracing::info!(released, "an earlier run did not end; its pages are fetched again");
            }
            let orderly = frontier.last_run_ended()?;
            frontier.begin_run(&id, now)?;
            frontier.forget_site_files(now.checked_sub(SITE_FILES_KEPT).unwrap_or(Timestamp::MIN))?;
            frontier.forget_sitemaps(now.checked_sub(SITEMAPS_KEPT).unwrap_or(Timestamp::MIN))?;
            Ok((frontier.sink_positions()?, frontier.host_clocks(now)?, frontier.hosts_down()?, orderly))
        })
        .await?;
    shared.fetcher.remember_in(Arc::new(Memory(Arc::clone(&shared.frontier))));
    shared.breaker.load(down);
    if !orderly {
        shared.fetcher.distrust_past();
    }
    for (host, until) in clocks {
        shared.fetcher.hold_host(&host, until);
    }
    tokio::task::spawn_blocking(move || archive.recover(&positions).map(|()| archive))
        .await
        .map_err(|error| CrawlError::Died { part: "archive", reason: error.to_string() })?
        .map_err(CrawlError::from)
}

/// The state of the task that leads.
struct Lead {
    shared: Arc<Shared>,
    /// All sources.
    names: Vec<String>,
    /// Sources that may still have stories fetched.
    open: Vec<String>,
    hubs_first: Duration,
    progress: HashMap<String, Progress>,
    /// Sources whose crawl has not begun.
    unseeded: VecDeque<String>,
    queue: Queue,
    jobs: JoinSet<Result<Done, CrawlError>>,
    /// Leases of which nothing will come in this run, not yet told to the frontier.
    shelved: Vec<CanonicalUrl>,
    /// Hosts that turned out to rest for longer than anybody waits: until when, and which leases were given up for it.
    resting: BTreeMap<HostKey, (Timestamp, Vec<CanonicalUrl>)>,
    /// Sources whose crawl cannot begin before a moment, which is for a later run.
    unasked: Vec<(String, Timestamp)>,
    clocks_saved: Instant,
}

type WriterTask = JoinSet<Result<Archive, CrawlError>>;

impl Lead {
    /// Leads until nothing is due, or until it is told to stop; whether it was.
    async fn all(&mut self, writer: &mut WriterTask, bounds: &Bounds) -> Result<bool, CrawlError> {
        let Bounds { stop, enough, .. } = bounds;
        while !stop.is_cancelled() && !enough.is_cancelled() {
            self.begin_jobs().await?;
            if self.jobs.is_empty()
                && self.unseeded.is_empty()
                && self.queue.len() == 0
                && self.shared.outstanding() == 0
                && !self.shared.has_news()
            {
                return Ok(false);
            }
            let seeds_ready = self.unseeded.iter().filter_map(|name| self.site_rests_until(name)).min();
            let ready = self.queue.ready_at().into_iter().chain(seeds_ready).min().filter(|_| self.has_place());
            tokio::select! {
                Some(done) = self.jobs.join_next() => self.end_job(done)?,
                Some(ended) = writer.join_next() => return Err(why_it_ended(ended)),
                () = self.shared.wake.notified() => {}
                () = tokio::time::sleep_until(ready.unwrap_or_else(Instant::now)), if ready.is_some() => {}
                () = stop.cancelled() => {}
                () = enough.cancelled() => {}
                // Sources whose hubs take too long become ready by the clock alone.
                () = tokio::time::sleep(SAVE_CLOCKS) => self.shared.tell_news(),
            }
            if self.clocks_saved.elapsed() > SAVE_CLOCKS {
                save_clocks(&self.shared).await?;
                self.clocks_saved = Instant::now();
                let due = self.shared.ask(|frontier| frontier.count_ready(DUE_COUNTED)).await?;
                let due = due.saturating_sub(self.jobs.len() as u64);
                self.shared.observer.event(Event::Going { due, under_way: self.jobs.len() });
            }
        }
        if stop.is_cancelled() {
            self.shared.observer.event(Event::Stopping { under_way: self.jobs.len() });
        }
        let grace = if stop.is_cancelled() { GRACE } else { GRACE_BETWEEN_PASSES };
        let mut deadline = Instant::now() + grace;
        let mut is_hurried = stop.is_cancelled();
        while !self.jobs.is_empty() || self.shared.outstanding() > 0 {
            tokio::select! {
                Some(done) = self.jobs.join_next() => self.end_job(done)?,
                Some(ended) = writer.join_next() => return Err(why_it_ended(ended)),
                () = self.shared.wake.notified() => {}
                () = stop.cancelled(), if !is_hurried => {
                    is_hurried = true;
                    deadline = deadline.min(Instant::now() + GRACE);
                }
                () = tokio::time::sleep_until(deadline) => {
                    tracing::warn!(under_way = self.jobs.len(), "pages took too long and are left for the next run");
                    break;
                }
            }
        }
        Ok(stop.is_cancelled())
    }

    fn has_place(&self) -> bool {
        self.jobs.len() < self.shared.options.concurrency.max(1)
    }

    /// Begins as many jobs as there are places and ready hosts.
    async fn begin_jobs(&mut self) -> Result<(), CrawlError> {
        while self.has_place()
            && let Some(name) = self.next_unseeded()
        {
            let shared = Arc::clone(&self.shared);
            let source = Arc::clone(&shared.sources[&name]);
            self.progress.insert(name.clone(), Progress::default());
            self.jobs.spawn(async move {
                let seeding = seed::seed(&shared, &source).await?;
                Ok(Done::Seeded { source: name, seeding })
            });
        }
        self.begin_leased();
        self.put_off_hosts().await?;
        if !self.shelved.is_empty() {
            let urls = std::mem::take(&mut self.shelved);
            self.shared.ask(move |frontier| frontier.shelve(&urls)).await?;
            // They took the places of others.
            self.shared.tell_news();
        }
        let target = self.shared.options.concurrency.max(1) * LEASES_PER_PLACE;
        if self.has_place() && self.queue.len() < target && self.shared.take_news() {
            if self.lease(target - self.queue.len()).await? > 0 {
                // There may be more than was asked for.
                self.shared.tell_news();
            }
            self.begin_leased();
        }
        Ok(())
    }

    /// Leaves hosts for a later run that asked to be left alone for longer than anybody waits.
    async fn put_off_hosts(&mut self) -> Result<(), CrawlError> {
        while let Some((host, (until, unasked))) = self.resting.pop_first() {
            let waiting = self.queue.drop_host(&host);
            // With `www.` and without.
            let mut hosts = BTreeMap::from([(host, unasked)]);
            for lease in waiting {
                self.let_go(&lease);
                hosts.entry(HostKey::of(&lease.url.to_url())).or_default().push(lease.url);
            }
            for (host, unasked) in hosts {
                let name = host.clone();
                let put_off = move |frontier: &dyn Frontier| frontier.put_host_off(&name, until, &unasked);
                for (source, count) in self.shared.ask(put_off).await? {
                    tracing::info!(source, %host, %until, count, "the host is to be left alone until then");
                    self.shared.count(&source, |tally| tally.counts.skip(HOST_RESTS, count));
                }
            }
        }
        Ok(())
    }

    /// Notes that a lease was given up before anything was asked for it.
    fn let_go(&mut self, lease: &Lease) {
        if lease.kind.is_hub() {
            self.end_hub(&lease.source);
        }
    }

    /// The next source to begin with, of those whose sites may be asked now.
    fn next_unseeded(&mut self) -> Option<String> {
        let (shared, unasked) = (&self.shared, &mut self.unasked);
        self.unseeded.retain(|name| {
            let site = HostKey::of(&shared.sources[name].url);
            let until = shared.fetcher.put_off_until(&site).filter(|_| shared.sources[name].is_to_be_explored());
            if let Some(until) = until {
                tracing::info!(source = name, %site, %until, "the site asked to be left alone; a later run asks it");
                shared.count(name, |tally| tally.counts.skip(HOST_RESTS, 1));
                unasked.push((name.clone(), until));
            }
            until.is_none()
        });
        let at = self.unseeded.iter().position(|name| self.site_rests_until(name).is_none())?;
        self.unseeded.remove(at)
    }

    /// Until when the site of a source rests that has to be asked where to begin.
    fn site_rests_until(&self, name: &str) -> Option<Instant> {
        let source = &self.shared.sources[name];
        self.shared.fetcher.rests_until(&HostKey::of(&source.url)).filter(|_| source.is_to_be_explored())
    }

    fn begin_leased(&mut self) {
        while self.has_place()
            && let Some((host, lease)) = self.queue.next(Instant::now())
        {
            // Somebody else's page, or an earlier run, may have learned that the host is to be left alone.
            if let Some(until) = self.shared.fetcher.rests_until(&host) {
                if let Some(until) = self.shared.fetcher.put_off_until(&host) {
                    self.let_go(&lease);
                    self.resting.entry(host).or_insert((until, Vec::new())).1.push(lease.url);
                } else {
                    self.queue.done(&host, Some(until));
                    self.queue.add(vec![lease]);
                }
                continue;
            }
            let source = Arc::clone(&self.shared.sources[&lease.source]);
            if !self.may_begin(&source, &lease) {
                self.queue.done(&host, None);
                if lease.kind.is_hub() {
                    self.end_hub(&lease.source);
                }
                self.shelved.push(lease.url);
                continue;
            }
            let shared = Arc::clone(&self.shared);
            self.jobs.spawn(async move {
                let kind = lease.kind;
                let put_off = if kind.is_hub() {
                    hub::work(&shared, &source, lease).await?
                } else {
                    page::work(&shared, &source, lease).await?
                };
                Ok(Done::Leased { source: source.name.clone(), host, kind, put_off: put_off.map(Box::new) })
            });
        }
    }

    /// Whether a lease is to be worked on in this run: each hub and each page of a story once, and as many stories as the
    /// source may have; with the last of them, the source is closed.
    fn may_begin(&mut self, source: &Source, lease: &Lease) -> bool {
        if lease.kind.is_hub() {
            let hash = xxh3_64(lease.url.as_str().as_bytes());
            return self.shared.count(&source.name, |tally| tally.hubs_begun.insert(hash));
        }
        if self.shared.was_had(&lease.url) {
            // Another address led there.
            return false;
        }
        let Some(limit) = source.max_pages else { return true };
        let begun = self.shared.count(&source.name, |tally| {
            tally.begun += usize::from(tally.begun < limit + 1);
            tally.begun
        });
        if begun >= limit {
            self.open.retain(|name| *name != source.name);
        }
        begun <= limit
    }

    /// Leases hubs of every source, and stories of those whose hubs are read.
    async fn lease(&mut self, limit: usize) -> Result<usize, CrawlError> {
        let mut count = self.lease_of(limit, HUBS_PER_HOST, self.names.clone(), Vec::new()).await?;
        let ready: Vec<String> = self.open.iter().filter(|name| self.is_ready(name)).cloned().collect();
        if !ready.is_empty() && count < limit {
            count += self.lease_of(limit - count, LEASES_PER_HOST, ready.clone(), ready).await?;
        }
        Ok(count)
    }

    /// Whether a source's stories may be leased: what there is to know of them is known, or has taken too long.
    fn is_ready(&self, name: &str) -> bool {
        let Some(progress) = self.progress.get(name) else { return false };
        progress.is_seeded && (progress.hubs == 0 || progress.since.elapsed() > self.hubs_first)
    }

    /// Puts leases into the queue; how many.
    async fn lease_of(
        &mut self,
        limit: usize,
        per_host_limit: usize,
        sources: Vec<String>,
        articles_of: Vec<String>,
    ) -> Result<usize, CrawlError> {
        let leases = self
            .shared
            .ask(move |frontier| {
                let request = LeaseRequest {
                    limit,
                    per_host_limit,
                    lease_for: LEASE,
                    sources: WhichSources::Only(&sources),
                    articles_of: WhichSources::Only(&articles_of),
                };
                frontier.lease(&request, Timestamp::now())
            })
            .await?;
        let count = leases.len();
        for lease in leases.iter().filter(|lease| lease.kind.is_hub()) {
            self.progress.entry(lease.source.clone()).or_default().hubs += 1;
        }
        self.queue.add(leases);
        Ok(count)
    }

    fn end_job(&mut self, done: Result<Result<Done, CrawlError>, tokio::task::JoinError>) -> Result<(), CrawlError> {
        match done.map_err(|error| CrawlError::Died { part: "crawler", reason: error.to_string() })?? {
            Done::Seeded { source, seeding: Seeding::PutOff } => self.unseeded.push_back(source),
            Done::Seeded { source, seeding: Seeding::Done } => {
                self.progress.entry(source).or_default().is_seeded = true;
                self.shared.tell_news();
            }
            Done::Leased { source, host, kind, put_off } => {
                self.queue.done(&host, self.shared.fetcher.rests_until(&host));
                if let Some(until) = self.shared.fetcher.put_off_until(&host) {
                    self.resting.entry(host).or_insert((until, Vec::new()));
                    self.shared.tell_news();
                }
                if let Some(lease) = put_off {
                    // It has not begun, after all.
                    self.shared.count(&source, |tally| match kind {
                        UrlKind::Article => tally.begun = tally.begun.saturating_sub(1),
                        _ => drop(tally.hubs_begun.remove(&xxh3_64(lease.url.as_str().as_bytes()))),
                    });
                    self.queue.add(vec![*lease]);
                } else if kind.is_hub() {
                    self.end_hub(&source);
                }
            }
        }
        Ok(())
    }

    fn end_hub(&mut self, source: &str) {
        if let Some(progress) = self.progress.get_mut(source) {
            progress.hubs = progress.hubs.saturating_sub(1);
        }
        self.shared.tell_news();
    }
}

/// How far the reading of a source's hubs is.
struct Progress {
    since: Instant,
    is_seeded: bool,
    /// Hubs that wait or are being read.
    hubs: usize,
}

impl Default for Progress {
    fn default() -> Self {
        Self { since: Instant::now(), is_seeded: false, hubs: 0 }
    }
}

/// What a job was for.
enum Done {
    Seeded { source: String, seeding: Seeding },
    Leased { source: String, host: HostKey, kind: UrlKind, put_off: Option<Box<Lease>> },
}

async fn save_clocks(shared: &Shared) -> Result<(), CrawlError> {
    let (clocks, down) = (shared.fetcher.host_clocks(), shared.breaker.take_changes());
    if clocks.is_empty() && down.is_empty() {
        return Ok(());
    }
    shared.ask(move |frontier| frontier.set_host_clocks(&clocks).and_then(|()| frontier.set_hosts_down(&down))).await
}

/// Counts what a run leaves for the next one because of `max_pages`.
async fn count_postponed(
    shared: &Shared,
    open: &[String],
    all: &[String],
    interrupted: bool,
) -> Result<(), CrawlError> {
    if interrupted {
        return Ok(());
    }
    for name in all.iter().filter(|name| !open.contains(name)) {
        let only = vec![name.clone()];
        let pending = shared.ask(move |frontier| frontier.pending(WhichSources::Only(&only), Timestamp::now())).await?;
        shared.count(name, |tally| tally.counts.skip("max_pages", pending.due));
    }
    Ok(())
}

fn summarize(shared: &Shared, id: &str, interrupted: bool) -> RunSummary {
    let mut total = Counts::default();
    let mut unreachable = Vec::new();
    let mut sources = std::collections::BTreeMap::new();
    for (name, tally) in shared.tallies().iter() {
        if tally.hubs_failed > 0 && tally.hubs_reached == 0 {
            unreachable.push(name.clone());
        }
        total.add(&tally.counts);
        sources.insert(name.clone(), tally.counts.clone());
    }
    total.seconds = shared.seconds();
    RunSummary {
        run: id.to_owned(),
        started: shared.started,
        ended: Timestamp::now(),
        seconds: shared.seconds(),
        interrupted,
        unreachable,
        total,
        sources,
    }
}

/// Lets the writer end, and writes the summary.
async fn finish(
    shared: &Arc<Shared>,
    mut writer: WriterTask,
    summary: &RunSummary,
    keep: Keep,
) -> Result<(), CrawlError> {
    shared.report(writer::Report::End).await?;
    let Some(ended) = writer.join_next().await else {
        return Err(CrawlError::Died { part: "writer", reason: "it was not there".to_owned() });
    };
    let mut archive = match ended {
        Ok(Ok(archive)) => archive,
        other => return Err(why_it_ended(other)),
    };
    let (summary, frontier) = (summary.clone(), Arc::clone(&shared.frontier));
    tokio::task::spawn_blocking(move || {
        let is_last = keep == Keep::EveryRun || summary.interrupted;
        archive.finish(if is_last { Ending::Last } else { Ending::Pause })?;
        archive.write_run(LATEST, &summary)?;
        if keep == Keep::Eventful && !summary.is_eventful() {
            frontier.forget_run(&summary.run)?;
            return Ok(());
        }
        archive.write_run(&summary.run, &summary)?;
        let value = serde_json::to_value(&summary).unwrap_or_default();
        frontier.end_run(&summary.run, &value, summary.ended)?;
        Ok(())
    })
    .await
    .map_err(|error| CrawlError::Died { part: "archive", reason: error.to_string() })?
}

/// Why the writer ended before its time.
fn why_it_ended(ended: Result<Result<Archive, CrawlError>, tokio::task::JoinError>) -> CrawlError {
    let died = |reason: String| CrawlError::Died { part: "writer", reason };
    match ended {
        Ok(Err(error)) => error,
        Ok(Ok(_)) => died("it thought the run was over".to_owned()),
        Err(error) => died(error.to_string()),
    }
}
