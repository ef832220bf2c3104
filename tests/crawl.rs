//! The crawler against the sample site: what it writes, what it asks for, what it does when it is stopped or killed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use copydesk::archive::{Archive, ArchiveError, ArchiveOptions, JsonlSink, Place, Record, Sink};
use copydesk::crawl::{CrawlError, CrawlOptions, Event, Kept, Observer, Parts, RunSummary, Silent, Source, run};
use copydesk::extract;
use copydesk::fetch::{FetchOptions, Fetcher};
use copydesk::frontier::{Frontier, FrontierError, RevisitRule, SqliteFrontier};
use copydesk::model::{Article, CanonicalUrl, SinkPosition};
use copydesk::sample_site::{SampleSite, Served, expected};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use url::Url;

/// A sample site, and an archive and a store to crawl it into.
struct Rig {
    site: SampleSite,
    folder: TempDir,
    fetch: FetchOptions,
    rule: RevisitRule,
    sources: Vec<Source>,
}

impl Rig {
    async fn new() -> Self {
        let site = SampleSite::start().await.unwrap();
        let fetch = FetchOptions {
            delay: Duration::from_millis(20),
            backoff: Duration::from_millis(20),
            max_crawl_delay: Duration::from_millis(50),
            // More than the second that one of the sites asks for.
            max_retry_wait: Duration::from_millis(1500),
            resolve: SampleSite::hosts().into_iter().map(|host| (host, site.addr())).collect(),
            allow_hosts: SampleSite::hosts().iter().map(|host| host.parse().unwrap()).collect(),
            ..FetchOptions::default()
        };
        let sources = SampleSite::hosts().iter().map(|host| source(host)).collect();
        let rule = RevisitRule { hub_pause: SignedDuration::ZERO, ..RevisitRule::default() };
        Self { site, folder: TempDir::new().unwrap(), fetch, rule, sources }
    }

    fn archive(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    /// The store; waited for, as a run that was dropped may still be at its last commit.
    fn frontier(&self) -> Arc<SqliteFrontier> {
        loop {
            match SqliteFrontier::open(&self.folder.path().join("store.db"), self.rule.clone()) {
                Err(FrontierError::Locked { .. }) => std::thread::yield_now(),
                opened => return Arc::new(opened.unwrap()),
            }
        }
    }

    fn parts(&self, frontier: Arc<dyn Frontier>) -> Parts {
        let options = ArchiveOptions { path: self.archive(), ..ArchiveOptions::default() };
        Parts {
            fetcher: Fetcher::new(self.fetch.clone()).unwrap(),
            frontier,
            archive: Archive::open(&options).unwrap(),
            clean: extract::Options::default(),
            sources: self.sources.clone(),
        }
    }

    async fn crawl(&self) -> RunSummary {
        self.crawl_with(Arc::new(Silent), CancellationToken::new()).await.unwrap()
    }

    async fn crawl_with(&self, observer: Arc<dyn Observer>, stop: CancellationToken) -> Result<RunSummary, CrawlError> {
        run(self.parts(self.frontier()), &CrawlOptions::default(), observer, stop).await
    }

    /// Checks that the archive holds each expected article exactly once, in both formats, and nothing else.
    fn check_archive(&self) {
        let records = records(&self.archive());
        let mut found: Vec<(String, String, String)> = records
            .iter()
            .map(|(source, article)| {
                let url = article.canonical_url.clone().or_else(|| article.url.clone()).unwrap();
                let url = CanonicalUrl::parse(&url).unwrap().to_string();
                (source.clone(), url, article.title.clone().unwrap_or_default())
            })
            .collect();
        found.sort();
        let mut wanted: Vec<_> =
            expected().into_iter().map(|article| (article.source, article.url, article.title)).collect();
        wanted.sort();
        assert_eq!(found, wanted);
        assert_eq!(markdown(&self.archive()).len(), wanted.len());
        let seqs: BTreeSet<u64> = records.iter().map(|(_, article)| article.seq).collect();
        assert_eq!(seqs, (1..=wanted.len() as u64).collect());
        assert!(records.iter().all(|(_, article)| article.version == 1));
    }
}

fn source(host: &str) -> Source {
    let name = host.strip_suffix(".test").unwrap_or(host);
    Source::new(name, Url::parse(&format!("http://{host}/")).unwrap())
}

/// Every record of every JSONL file, with its source.
fn records(archive: &Path) -> Vec<(String, Article)> {
    let mut records = Vec::new();
    for file in files(&archive.join("jsonl"), "jsonl") {
        let source = file.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'), "{} ends in half a record", file.display());
        records.extend(text.lines().map(|line| (source.clone(), serde_json::from_str(line).unwrap())));
    }
    records
}

fn markdown(archive: &Path) -> Vec<PathBuf> {
    files(&archive.join("markdown"), "md")
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found
}

fn by_host(requests: &[Served]) -> BTreeMap<&str, Vec<&Served>> {
    let mut hosts: BTreeMap<&str, Vec<&Served>> = BTreeMap::new();
    for request in requests {
        hosts.entry(&request.host).or_default().push(request);
    }
    hosts
}

/// Does something at the n-th event of a kind.
struct At<F: Fn() + Send + Sync> {
    left: AtomicUsize,
    is_it: fn(&Event<'_>) -> bool,
    then: F,
}

impl<F: Fn() + Send + Sync> Observer for At<F> {
    fn event(&self, event: Event<'_>) {
        if (self.is_it)(&event) && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            (self.then)();
        }
    }
}

fn at<F: Fn() + Send + Sync>(count: usize, is_it: fn(&Event<'_>) -> bool, then: F) -> Arc<At<F>> {
    Arc::new(At { left: AtomicUsize::new(count), is_it, then })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_expected_article_exactly_once_and_a_second_run_asks_for_none() {
    let rig = Rig::new().await;
    let summary = rig.crawl().await;
    rig.check_archive();
    assert_eq!(summary.total.new, expected().len() as u64, "{summary:#?}");
    assert!(!summary.interrupted && summary.unreachable.is_empty());
    let run = std::fs::read_to_string(rig.archive().join(format!("runs/{}.json", summary.run))).unwrap();
    assert_eq!(serde_json::from_str::<RunSummary>(&run).unwrap().total, summary.total);
    let answered =
        rig.site.requests().iter().filter(|served| served.status == 200 && served.path != "/robots.txt").count();
    assert_eq!(summary.total.fetched + summary.total.hubs, answered as u64, "{summary:#?}");

    rig.site.clear_requests();
    let again = rig.crawl().await;
    rig.check_archive();
    assert_eq!((again.total.articles, again.total.fetched), (0, 0), "{again:#?}");
    let articles: BTreeSet<String> =
        expected().iter().map(|article| Url::parse(&article.url).unwrap().path().to_owned()).collect();
    for served in rig.site.requests() {
        let path = served.path.split('?').next().unwrap();
        assert!(!articles.contains(path), "{} was asked for again", served.path);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sites_log_shows_a_polite_guest() {
    let mut rig = Rig::new().await;
    rig.fetch.max_crawl_delay = Duration::from_secs(30);
    rig.fetch.max_retry_wait = Duration::from_secs(30);
    rig.crawl().await;
    let requests = rig.site.requests();
    for (host, mut served) in by_host(&requests) {
        served.sort_by_key(|request| request.start);
        // The harbour's robots.txt asks for 0.3 s. What a clock's grain can take off is allowed for.
        let delay = if host == "harbour-ledger.test" { Duration::from_millis(300) } else { rig.fetch.delay };
        for pair in served.windows(2) {
            assert!(pair[1].start >= pair[0].end, "{host}: two at a time");
            let gap = pair[1].start - pair[0].end;
            assert!(gap + Duration::from_millis(2) >= delay, "{host}: {gap:?} before {}", pair[1].path);
        }
        assert!(served.iter().all(|request| !request.path.starts_with("/members/")), "{host}");
        assert_eq!(served.iter().filter(|request| request.path == "/robots.txt").count(), 1, "{host}");
    }
    let busy: Vec<_> = requests.iter().filter(|request| request.path.contains("schulbus")).collect();
    assert_eq!(busy.iter().map(|request| request.status).collect::<Vec<_>>(), [503, 200]);
    assert!(busy[1].start - busy[0].end >= Duration::from_millis(990), "Retry-After: 1 was kept to");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_dies_anywhere_is_taken_up_without_gap_or_double() {
    let mut rig = Rig::new().await;
    rig.fetch.delay = Duration::from_millis(1);
    rig.fetch.max_crawl_delay = Duration::from_millis(1);
    let is_any: fn(&Event<'_>) -> bool = |_| true;
    for count in [1, 2, 3, 5, 8, 13, 21, 34, 40, 45] {
        let killed = CancellationToken::new();
        let kill = killed.clone();
        let options = CrawlOptions::default();
        let going = run(
            rig.parts(rig.frontier()),
            &options,
            at(count, is_any, move || kill.cancel()),
            CancellationToken::new(),
        );
        tokio::select! {
            () = killed.cancelled() => {}
            _ = going => {}
        }
    }
    rig.crawl().await;
    rig.check_archive();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_ends_the_run_in_order() {
    let rig = Rig::new().await;
    let stop = CancellationToken::new();
    let told = stop.clone();
    let observer = at(3, |event| matches!(event, Event::Article { .. }), move || told.cancel());
    let summary = rig.crawl_with(observer, stop).await.unwrap();
    assert!(summary.interrupted);
    let written = records(&rig.archive()).len();
    assert!((3..expected().len()).contains(&written), "{written}");
    assert_eq!(summary.total.new, written as u64);
    assert_eq!(markdown(&rig.archive()).len(), written);
    let summary = rig.crawl().await;
    assert_eq!(summary.total.new, (expected().len() - written) as u64);
    rig.check_archive();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_before_the_start_asks_nobody() {
    let rig = Rig::new().await;
    let stop = CancellationToken::new();
    stop.cancel();
    let summary = rig.crawl_with(Arc::new(Silent), stop).await.unwrap();
    assert!(summary.interrupted && rig.site.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_is_down_does_not_hold_the_others_up() {
    let mut rig = Rig::new().await;
    // A port that was free a moment ago and refuses connections.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    rig.fetch.resolve.insert("down.test".to_owned(), closed);
    rig.fetch.allow_hosts.push("down.test".parse().unwrap());
    rig.sources.push(source("down.test"));
    let summary = rig.crawl().await;
    rig.check_archive();
    assert_eq!(summary.unreachable, ["down"]);
    let failed = &summary.sources["down"].failed;
    let failure = failed.get("robots_unavailable").unwrap_or_else(|| panic!("{failed:?}"));
    assert!(failure.examples[0].error.contains("Connection refused"), "{failure:?}");
    let again = rig.crawl().await;
    assert_eq!(again.unreachable, ["down"], "it is tried again in the next run, however soon");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_article_gets_a_second_version() {
    let mut rig = Rig::new().await;
    rig.sources = vec![Source {
        sitemaps: vec![Url::parse("http://kreisbote-nordufer.test/sitemaps/news.xml").unwrap()],
        ..source("kreisbote-nordufer.test")
    }];
    let first = rig.crawl().await;
    assert_eq!(first.total.new, 3, "{first:#?}");

    let host = "kreisbote-nordufer.test";
    let (cinema, wind) = ("/kultur/kino-ohne-vorhang-10641", "/wirtschaft/windrad-mit-dorfnamen-10720");
    let read = |path: &str| {
        std::fs::read_to_string(format!("{}/fixtures/site/{host}{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let page = read(&format!("{cinema}.html"));
    let changed = page.replacen("sagte er.", "sagte er. Inzwischen wurde der Vorhang im Keller gefunden.", 1);
    assert_ne!(page, changed);
    rig.site.replace(host, cinema, changed);
    // Announced as changed, and not: other markup, the same words.
    rig.site.replace(host, wind, format!("{}<!-- rebuilt -->", read(&format!("{wind}.html"))));
    let sitemap = |date: &str| {
        let entry = |path| format!("<url><loc>http://{host}{path}</loc><lastmod>{date}</lastmod></url>");
        format!("<urlset>{}{}</urlset>", entry(cinema), entry(wind))
    };
    rig.site.replace(host, "/sitemaps/news.xml", sitemap("2099-01-01"));
    let second = rig.crawl().await;
    assert_eq!((second.total.updated, second.total.unchanged, second.total.new), (1, 1, 0), "{second:#?}");
    let versions: Vec<_> = records(&rig.archive())
        .into_iter()
        .filter(|(_, article)| article.url.as_deref().unwrap().ends_with(cinema))
        .map(|(_, article)| (article.version, article.text.contains("Keller gefunden")))
        .collect();
    assert_eq!(versions, [(1, false), (2, true)]);
    assert_eq!(markdown(&rig.archive()).len(), 3, "the file of the first version gave way");
    let seqs: BTreeSet<u64> = records(&rig.archive()).iter().map(|(_, article)| article.seq).collect();
    assert_eq!(seqs, (1..=4).collect());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scope_and_max_pages_bound_a_source() {
    let mut rig = Rig::new().await;
    let scope = |include: &[&str], exclude: &[&str]| {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        copydesk::discover::Scope::new(&owned(include), &owned(exclude), None).unwrap()
    };
    rig.sources = vec![
        Source { max_pages: Some(4), ..source("two-rivers-wire.test") },
        Source { scope: scope(&["/2026/11/"], &["seal"]), ..source("harbour-ledger.test") },
    ];
    let summary = rig.crawl().await;
    let wire = &summary.sources["two-rivers-wire"];
    assert_eq!((wire.fetched, wire.new), (4, 4), "{summary:#?}");
    assert_eq!(wire.skipped.get("max_pages"), Some(&5), "{summary:#?}");
    let ledger = &summary.sources["harbour-ledger"];
    assert!(ledger.skipped["not_included"] > 0 && ledger.skipped["excluded"] == 1, "{ledger:#?}");
    assert!(records(&rig.archive()).iter().all(|(source, article)| {
        source != "harbour-ledger" || article.url.as_deref().unwrap().contains("/2026/11/")
    }));
    let rest = rig.crawl().await;
    assert_eq!(rest.sources["two-rivers-wire"].new, 4, "the next run goes on where this one stopped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_stories_are_never_asked_for() {
    let mut rig = Rig::new().await;
    let age = jiff::Timestamp::now().duration_since("2026-11-01T00:00:00Z".parse().unwrap());
    let scope = copydesk::discover::Scope::new(&[], &[], Some(Duration::try_from(age).unwrap())).unwrap();
    rig.sources = vec![Source { scope, ..source("harbour-ledger.test") }];
    let summary = rig.crawl().await;
    assert!(summary.total.skipped["too_old"] >= 5, "{summary:#?}");
    assert!(rig.site.requests().iter().all(|served| !served.path.starts_with("/2026/10/")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_that_cannot_be_written_ends_the_run_and_loses_nothing() {
    let rig = Rig::new().await;
    // A file where the records' folder should be.
    std::fs::create_dir_all(rig.archive()).unwrap();
    std::fs::write(rig.archive().join("jsonl"), "in the way").unwrap();
    let error = rig.crawl_with(Arc::new(Silent), CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, CrawlError::Archive(_)), "{error:?}");
    let message = error.to_string();
    assert!(message.contains("jsonl") && message.contains("--archive"), "{message}");
    std::fs::remove_file(rig.archive().join("jsonl")).unwrap();
    rig.crawl().await;
    rig.check_archive();
}

/// Takes so many records, then finds the disk full.
struct SmallDisk {
    inner: JsonlSink,
    room: usize,
}

impl Sink for SmallDisk {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        if self.room == 0 {
            let source = std::io::ErrorKind::StorageFull.into();
            return Err(ArchiveError::DiskFull { path: "jsonl/x.jsonl".into(), source });
        }
        self.room -= 1;
        self.inner.write(record)
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        self.inner.flush()
    }

    fn committed(&mut self) -> Result<(), ArchiveError> {
        self.inner.committed()
    }

    fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        self.inner.recover(committed)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_ends_the_run_and_loses_nothing() {
    let rig = Rig::new().await;
    let mut parts = rig.parts(rig.frontier());
    let disk = SmallDisk { inner: JsonlSink::new(&rig.archive()), room: 7 };
    parts.archive = Archive::with_sinks(rig.archive(), vec![Box::new(disk)]);
    let error = run(parts, &CrawlOptions::default(), Arc::new(Silent), CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, CrawlError::Archive(ArchiveError::DiskFull { .. })), "{error:?}");
    assert!(error.to_string().contains("the disk is full"), "{error}");
    // The Markdown of the first seven was never asked for; so only the records are compared.
    rig.crawl().await;
    let mut urls: Vec<String> = records(&rig.archive()).into_iter().map(|(_, article)| article.id).collect();
    let all = urls.len();
    urls.sort();
    urls.dedup();
    assert_eq!((all, urls.len()), (expected().len(), expected().len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_without_an_article_are_skipped_and_a_feed_fills_what_a_page_lacks() {
    let mut rig = Rig::new().await;
    let host = "harbour-ledger.test";
    rig.sources = vec![Source { feeds: vec![Url::parse(&format!("http://{host}/own.xml")).unwrap()], ..source(host) }];
    let item = |path: &str, title: &str| {
        format!(
            "<item><title>{title}</title><link>{path}</link><pubDate>Sat, 21 Nov 2026 18:40:00 +0100</pubDate></item>"
        )
    };
    rig.site.replace(
        host,
        "/own.xml",
        format!(
            "<rss version=\"2.0\"><channel><title>x</title>{}{}{}{}</channel></rss>",
            item("/bare", "Bread & butter"),
            item("/form", "A form"),
            item("/empty", "Nothing"),
            item("/harbour/", "A section"),
        ),
    );
    let sentence =
        "The ferry left the quay at noon with forty sheep, two vans and the mayor on board, and nobody waved. ";
    rig.site.replace(host, "/bare", format!("<body><p>{}</p><p>{}</p></body>", sentence.repeat(3), sentence.repeat(4)));
    rig.site.replace(host, "/form", "<body><form><label>Name <input></label><button>Send</button></form></body>");
    rig.site.replace(host, "/empty", "  ");
    let summary = rig.crawl().await;
    assert_eq!(summary.total.skipped.get("no_article"), Some(&3), "{summary:#?}");
    let records = records(&rig.archive());
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].1.title.as_deref(), Some("Bread & butter"));
    assert_eq!(records[0].1.published.unwrap().to_string(), "2026-11-21T18:40:00+01:00");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_feeds_and_sitemaps_are_named() {
    let mut rig = Rig::new().await;
    let at = |path: &str| Url::parse(&format!("http://two-rivers-wire.test{path}")).unwrap();
    rig.sources = vec![Source {
        feeds: vec![at("/about.htm")],
        sitemaps: vec![at("/contact.htm"), at("/none.xml")],
        ..source("two-rivers-wire.test")
    }];
    let summary = rig.crawl().await;
    let failed: Vec<&str> = summary.total.failed.keys().map(String::as_str).collect();
    assert_eq!(failed, ["http_404", "not_a_feed", "not_a_sitemap"], "{summary:#?}");
    assert_eq!(summary.sources.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_is_what_is_counted() {
    #[derive(Default)]
    struct Tally {
        articles: AtomicUsize,
        skipped: AtomicUsize,
        failed: AtomicUsize,
    }
    impl Observer for Tally {
        fn event(&self, event: Event<'_>) {
            let counter = match event {
                Event::Article { kept: Kept::New, .. } => &self.articles,
                Event::Skipped { .. } => &self.skipped,
                Event::Failed { .. } => &self.failed,
                _ => return,
            };
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }
    let rig = Rig::new().await;
    let tally = Arc::new(Tally::default());
    let summary = rig.crawl_with(Arc::clone(&tally) as Arc<dyn Observer>, CancellationToken::new()).await.unwrap();
    assert_eq!(tally.articles.load(Ordering::SeqCst) as u64, summary.total.new);
    assert_eq!(tally.failed.load(Ordering::SeqCst) as u64, summary.total.failed_in_all());
    assert!(tally.skipped.load(Ordering::SeqCst) as u64 <= summary.total.skipped_in_all());
    assert_eq!(summary.total.skipped["robots"], 1, "{summary:#?}");
}
