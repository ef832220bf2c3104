//! The task that leads.

use super::observer::{Event, Observer};
use super::queue::Queue;
use super::shared::{Shared, SharedParts};
use super::summary::{Counts, RunSummary};
use super::{CrawlError, CrawlOptions, Source, hub, page, seed, writer};
use crate::archive::Archive;
use crate::extract;
use crate::fetch::Fetcher;
use crate::frontier::{Frontier, Lease, LeaseRequest, WhichSources};
use crate::model::HostKey;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
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

/// How long a lease lasts. Only a bound: a run that dies gives its leases back at the next start.
const LEASE: SignedDuration = SignedDuration::from_hours(1);

/// How long pages under way may take once the run is told to stop.
const GRACE: Duration = Duration::from_secs(30);

/// How often the hosts' clocks are saved.
const SAVE_CLOCKS: Duration = Duration::from_secs(5);

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
    let Parts { fetcher, frontier, mut archive, clean, sources } = parts;
    let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
    let (reports, received) = mpsc::channel(options.concurrency.max(1));
    let common = SharedParts { fetcher, frontier, clean, sources };
    let shared = Arc::new(Shared::new(common, options.clone(), observer, reports));
    let id = shared.started.strftime("%Y%m%dT%H%M%S%3fZ").to_string();

    archive = prepare(&shared, archive, &id).await?;
    shared.observer.event(Event::Started { run: &id, sources: names.len() });

    // In a set of its own, so that it ends with this future.
    let mut writer = JoinSet::new();
    writer.spawn(writer::write(Arc::clone(&shared), archive, received));
    let mut lead = Lead {
        unseeded: names.iter().cloned().collect(),
        names,
        queue: Queue::default(),
        jobs: JoinSet::new(),
        clocks_saved: Instant::now(),
        shared: Arc::clone(&shared),
    };
    let interrupted = match lead.all(&mut writer, &stop).await {
        // Jobs notice first that the writer is gone; why, it says itself.
        Err(CrawlError::Died { part: "writer", reason }) => {
            let died = || CrawlError::Died { part: "writer", reason };
            return Err(writer.join_next().await.map_or_else(died, why_it_ended));
        }
        other => other?,
    };
    let names = lead.names;
    let all_names: Vec<String> = shared.sources.keys().cloned().collect();
    drop(lead.jobs);
    save_clocks(&shared).await?;
    let now = Timestamp::now();
    shared.ask(move |frontier| frontier.release_all(now)).await?;
    count_postponed(&shared, &names, &all_names, interrupted).await?;
    let summary = summarize(&shared, &id, interrupted);
    finish(&shared, writer, &summary).await?;
    shared.observer.event(Event::Ended { summary: &summary });
    Ok(summary)
}

/// Puts in order what an earlier run left.
async fn prepare(shared: &Arc<Shared>, mut archive: Archive, id: &str) -> Result<Archive, CrawlError> {
    let (now, id) = (shared.started, id.to_owned());
    let (positions, clocks) = shared
        .ask(move |frontier| {
            let released = frontier.release_all(now)?;
            if released > 0 {
                tracing::info!(released, "an earlier run did not end; its pages are fetched again");
            }
            frontier.begin_run(&id, now)?;
            Ok((frontier.sink_positions()?, frontier.host_clocks(now)?))
        })
        .await?;
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
    /// Sources that may still be leased from.
    names: Vec<String>,
    /// Sources whose crawl has not begun.
    unseeded: VecDeque<String>,
    queue: Queue,
    jobs: JoinSet<Result<Option<HostKey>, CrawlError>>,
    clocks_saved: Instant,
}

type WriterTask = JoinSet<Result<Archive, CrawlError>>;

impl Lead {
    /// Leads until nothing is due, or until it is told to stop; whether it was.
    async fn all(&mut self, writer: &mut WriterTask, stop: &CancellationToken) -> Result<bool, CrawlError> {
        while !stop.is_cancelled() {
            self.begin_jobs().await?;
            if self.jobs.is_empty()
                && self.queue.len() == 0
                && self.shared.outstanding() == 0
                && !self.shared.has_news()
            {
                return Ok(false);
            }
            let ready = self.queue.ready_at().filter(|_| self.has_place());
            tokio::select! {
                Some(done) = self.jobs.join_next() => self.end_job(done)?,
                Some(ended) = writer.join_next() => return Err(why_it_ended(ended)),
                () = self.shared.wake.notified() => {}
                () = tokio::time::sleep_until(ready.unwrap_or_else(Instant::now)), if ready.is_some() => {}
                () = stop.cancelled() => {}
            }
            if self.clocks_saved.elapsed() > SAVE_CLOCKS {
                save_clocks(&self.shared).await?;
                self.clocks_saved = Instant::now();
            }
        }
        self.shared.observer.event(Event::Stopping { under_way: self.jobs.len() });
        let deadline = Instant::now() + GRACE;
        while !self.jobs.is_empty() || self.shared.outstanding() > 0 {
            tokio::select! {
                Some(done) = self.jobs.join_next() => self.end_job(done)?,
                Some(ended) = writer.join_next() => return Err(why_it_ended(ended)),
                () = self.shared.wake.notified() => {}
                () = tokio::time::sleep_until(deadline) => {
                    tracing::warn!(under_way = self.jobs.len(), "pages took too long and are left for the next run");
                    break;
                }
            }
        }
        Ok(true)
    }

    fn has_place(&self) -> bool {
        self.jobs.len() < self.shared.options.concurrency.max(1)
    }

    /// Begins as many jobs as there are places and ready hosts.
    async fn begin_jobs(&mut self) -> Result<(), CrawlError> {
        while self.has_place()
            && let Some(name) = self.unseeded.pop_front()
        {
            let shared = Arc::clone(&self.shared);
            let source = Arc::clone(&shared.sources[&name]);
            self.jobs.spawn(async move { seed::seed(&shared, &source).await.map(|()| None) });
        }
        self.begin_leased();
        let target = self.shared.options.concurrency.max(1) * LEASES_PER_PLACE;
        if self.has_place() && self.queue.len() < target && self.shared.take_news() {
            let leases = self.lease(target - self.queue.len()).await?;
            if !leases.is_empty() {
                // There may be more than was asked for.
                self.shared.tell_news();
            }
            self.queue.add(leases);
            self.begin_leased();
        }
        Ok(())
    }

    fn begin_leased(&mut self) {
        while self.has_place()
            && let Some((host, lease)) = self.queue.next(Instant::now())
        {
            let source = Arc::clone(&self.shared.sources[&lease.source]);
            if !self.may_begin(&source, &lease) {
                // Its lease is given back at the end.
                self.queue.done(&host, None);
                continue;
            }
            let shared = Arc::clone(&self.shared);
            self.jobs.spawn(async move {
                if lease.kind.is_hub() {
                    hub::work(&shared, &source, lease).await?;
                } else {
                    page::work(&shared, &source, lease).await?;
                }
                Ok(Some(host))
            });
        }
    }

    /// Whether a lease is to be worked on in this run: each hub once, and as many stories as the source may have; with the
    /// last of them, the source is closed.
    fn may_begin(&mut self, source: &Source, lease: &Lease) -> bool {
        if lease.kind.is_hub() {
            let hash = xxh3_64(lease.url.as_str().as_bytes());
            return self.shared.count(&source.name, |tally| tally.hubs_begun.insert(hash));
        }
        let Some(limit) = source.max_pages else { return true };
        let begun = self.shared.count(&source.name, |tally| {
            tally.begun += usize::from(tally.begun < limit + 1);
            tally.begun
        });
        if begun >= limit {
            self.names.retain(|name| *name != source.name);
        }
        begun <= limit
    }

    async fn lease(&self, limit: usize) -> Result<Vec<Lease>, CrawlError> {
        let names = self.names.clone();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let leases = self
            .shared
            .ask(move |frontier| {
                let request = LeaseRequest {
                    limit,
                    per_host_limit: LEASES_PER_HOST,
                    lease_for: LEASE,
                    sources: WhichSources::Only(&names),
                };
                frontier.lease(&request, Timestamp::now())
            })
            .await?;
        Ok(leases)
    }

    fn end_job(
        &mut self,
        done: Result<Result<Option<HostKey>, CrawlError>, tokio::task::JoinError>,
    ) -> Result<(), CrawlError> {
        let host = done.map_err(|error| CrawlError::Died { part: "crawler", reason: error.to_string() })??;
        if let Some(host) = host {
            self.queue.done(&host, self.shared.fetcher.rests_until(&host));
        }
        Ok(())
    }
}

async fn save_clocks(shared: &Shared) -> Result<(), CrawlError> {
    let clocks = shared.fetcher.host_clocks();
    if clocks.is_empty() {
        return Ok(());
    }
    shared.ask(move |frontier| frontier.set_host_clocks(&clocks)).await
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
async fn finish(shared: &Arc<Shared>, mut writer: WriterTask, summary: &RunSummary) -> Result<(), CrawlError> {
    shared.report(writer::Report::End).await?;
    let Some(ended) = writer.join_next().await else {
        return Err(CrawlError::Died { part: "writer", reason: "it was not there".to_owned() });
    };
    let archive = match ended {
        Ok(Ok(archive)) => archive,
        other => return Err(why_it_ended(other)),
    };
    let (summary, frontier) = (summary.clone(), Arc::clone(&shared.frontier));
    tokio::task::spawn_blocking(move || {
        archive.write_run(&summary.run, &summary)?;
        archive.write_run(LATEST, &summary)?;
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
