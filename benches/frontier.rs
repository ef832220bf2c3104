//! What a frontier of five million URLs over twenty thousand hosts costs: to pick the next due batch, against one of fifty
//! thousand URLs in the same run; on the disk for each URL; in memory.
//!
//! `cargo bench --bench frontier` needs about 3 GB in the temporary folder (`TMPDIR`) and some minutes. It ends with an
//! error where a pick as the crawler does it takes more than twice as long from the large store as from the small one, or
//! both stores more than 300 MB of memory.

use copydesk::frontier::{
    Frontier, FrontierError, LeaseRequest, Outcome, RevisitRule, SqliteFrontier, UrlKind, Verdict, WhichSources,
};
use copydesk::model::{Link, Provenance, Validators};
use jiff::{SignedDuration, Timestamp};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};
use url::Url;

const HOSTS: usize = 20_000;
const SOURCES: usize = 200;
const SMALL: usize = 50_000;
const LARGE: usize = 5_000_000;

/// Links handed over in one go, as the crawler does.
const CHUNK: usize = 2000;

/// Leases picked at a time: as many as the crawler keeps waiting for 16 places.
const BATCH: usize = 256;

/// Leases of one host, as many as the crawler takes.
const PER_HOST: usize = 8;

/// The most work that a pick can be: every lease leads to another host's pages of the store.
const ONE_PER_HOST: usize = 1;

/// Batches picked for one figure.
const ROUNDS: usize = 40;

/// Times as long, at the most: a pick as the crawler does it, and one of a host (1.96 to 2.34 where it was measured).
const MAX_RATIO: f64 = 2.0;
const MAX_RATIO_OF_ONE: f64 = 3.0;
const MAX_MEGABYTES: f64 = 300.0;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("store.db");
    let now = Timestamp::now();
    let small = SqliteFrontier::open(&folder.path().join("small.db"), RevisitRule::default())?;
    fill(&small, SMALL, now)?;
    let large = SqliteFrontier::open(&path, RevisitRule::default())?;
    let began = Instant::now();
    fill(&large, LARGE, now)?;
    println!("filled with {:.0} URLs a second", LARGE as f64 / began.elapsed().as_secs_f64());
    let all_due = compare(&small, &large, PER_HOST, "all of them due", now)?;
    let one_all_due = compare(&small, &large, ONE_PER_HOST, "all of them due", now)?;
    drop(large);

    // Most of a store that has been crawled waits for its time.
    let store = rusqlite::Connection::open(&path)?;
    store.execute(
        "UPDATE url SET state = 'FETCHED', ready = 0, fetched = ?1, due = ?1 + 3600000 + id % 600000000 WHERE id % 50 > 0",
        [now.as_millisecond()],
    )?;
    store.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    drop(store);
    let large = SqliteFrontier::open(&path, RevisitRule::default())?;
    let waiting = compare(&small, &large, PER_HOST, "one in fifty due", now)?;
    let one_waiting = compare(&small, &large, ONE_PER_HOST, "one in fifty due", now)?;
    let began = Instant::now();
    let next = large.next_due(WhichSources::All, WhichSources::All)?;
    println!("what is due next ({}): {:.2} ms", next.is_some(), milliseconds(began.elapsed()));
    drop(large);

    let bytes = std::fs::metadata(&path)?.len();
    println!("store: {:.2} GB, {:.0} bytes a URL", bytes as f64 / 1e9, bytes as f64 / LARGE as f64);
    let memory = peak_megabytes();
    match memory {
        Some(memory) => println!("peak memory of the process, both stores open: {memory:.0} MB"),
        None => println!("peak memory: this system does not tell"),
    }
    let ratio = all_due.max(waiting);
    println!("a pick of {PER_HOST} of a host takes at most {ratio:.2} times as long from the large store");
    let is_slow = ratio > MAX_RATIO || one_all_due.max(one_waiting) > MAX_RATIO_OF_ONE;
    if is_slow || memory.is_some_and(|memory| memory > MAX_MEGABYTES) {
        return Err(format!(
            "over the limit of {MAX_RATIO} times, {MAX_RATIO_OF_ONE} for one of a host, or {MAX_MEGABYTES} MB"
        )
        .into());
    }
    Ok(())
}

/// Adds so many stories in all, as many of every host. A site's links come together, as from its sitemap.
fn fill(frontier: &SqliteFrontier, all: usize, now: Timestamp) -> Result<(), Box<dyn Error>> {
    let mut links = Vec::with_capacity(CHUNK);
    let mut source = 0;
    for host in 0..HOSTS {
        if links.len() >= CHUNK || source != host * SOURCES / HOSTS {
            flush(frontier, source, &mut links, now)?;
            source = host * SOURCES / HOSTS;
        }
        // Where they do not divide evenly, some hosts have one more.
        for n in 0..(host + 1) * all / HOSTS - host * all / HOSTS {
            let age = SignedDuration::from_mins(i64::try_from((host * 7919 + n * 104_729) % 500_000)?);
            let url = format!("https://www.paper-{host:05}.example/2026/{:02}/story-about-something-{n}/", n % 12 + 1);
            links.push(Link {
                title: Some(format!("A story about something that happened, number {n}")),
                published: Some(now.checked_sub(age)?.into()),
                ..Link::new(Url::parse(&url)?, Provenance::Sitemap)
            });
        }
    }
    flush(frontier, source, &mut links, now)?;
    Ok(())
}

fn flush(frontier: &SqliteFrontier, source: usize, links: &mut Vec<Link>, now: Timestamp) -> Result<(), FrontierError> {
    for chunk in links.chunks(CHUNK) {
        frontier.discover(&format!("source-{source:03}"), chunk, UrlKind::Article, now)?;
    }
    links.clear();
    Ok(())
}

/// How many times as long a pick from the large store takes.
///
/// The two stores are picked from in turn, so that both meet the machine in the same mood; the medians are compared.
fn compare(
    small: &SqliteFrontier,
    large: &SqliteFrontier,
    per_host: usize,
    what: &str,
    now: Timestamp,
) -> Result<f64, FrontierError> {
    let mut times = [Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS)];
    for _ in 0..ROUNDS {
        for (frontier, times) in [small, large].into_iter().zip(&mut times) {
            times.push(pick(frontier, per_host, now)?);
        }
    }
    small.release_all(now)?;
    large.release_all(now)?;
    let [small, large] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    });
    let ratio = large / small;
    println!(
        "a batch of {BATCH}, {per_host} of a host: {large:.2} ms from {LARGE} URLs, {what}; {small:.2} ms from {SMALL}; \
         {ratio:.2} times"
    );
    Ok(ratio)
}

/// The milliseconds that a pick takes. Half of what it gives comes to an end, as in a crawl; the rest is under way.
fn pick(frontier: &SqliteFrontier, per_host_limit: usize, now: Timestamp) -> Result<f64, FrontierError> {
    let request = LeaseRequest {
        limit: BATCH,
        per_host_limit,
        lease_for: SignedDuration::from_hours(1),
        sources: WhichSources::All,
        articles_of: WhichSources::All,
    };
    let began = Instant::now();
    let leases = frontier.lease(&request, now)?;
    let time = milliseconds(began.elapsed());
    assert_eq!(leases.len(), BATCH);
    let outcomes: Vec<Outcome> = leases
        .into_iter()
        .step_by(2)
        .map(|lease| Outcome {
            url: lease.url,
            kind: lease.kind,
            verdict: Verdict::NotModified { validators: Validators::default() },
        })
        .collect();
    frontier.commit(&outcomes, &[], now)?;
    Ok(time)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The most memory that the process ever held, where the system tells (Linux).
fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1000.0)
}
