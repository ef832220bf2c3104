//! `kill -9` at random moments, a hundred times over: afterwards every sink and the store hold the truth, and the server's
//! log shows a polite guest all along.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/archived.rs"]
mod archived;

use archived::{files_under, own_files, parquet_rows, rows, versions, warc_articles, warc_records};
use assert_cmd::cargo::cargo_bin;
use copydesk::model::{Article, CanonicalUrl};
use copydesk::sample_site::{ExpectedArticle, SampleSite, Served, Truth, expected};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// Articles of the whole site, the bundled ones among them.
const ARTICLES: usize = 500;

const KILLS: usize = 100;

/// The pause between two requests to a host.
const DELAY: Duration = Duration::from_millis(100);

/// What a clock's grain can take off a pause.
const GRAIN: Duration = Duration::from_millis(2);

/// A run is killed at any moment up to this: long enough to get somewhere, short enough that a hundred do not finish.
const LONGEST_LIFE: Duration = Duration::from_millis(600);

/// How long the last process may take before something is wrong.
const PATIENCE: Duration = Duration::from_mins(2);

struct Rig {
    site: SampleSite,
    folder: TempDir,
}

/// What was seen while killing.
#[derive(Debug, Default)]
struct Figures {
    kills: usize,
    /// Rounds in which the process died with some articles saved and others not.
    halfway: usize,
    killing: Duration,
}

impl Rig {
    /// Everything that can be written is; `archive` is what else stands in that table.
    async fn new(archive: &str) -> Self {
        let site = SampleSite::grown(ARTICLES - expected().len()).await.unwrap();
        let folder = TempDir::new().unwrap();
        let hosts: Vec<String> = SampleSite::hosts().into_iter().chain(site.grown_hosts()).collect();
        let delay = DELAY.as_millis();
        let mut config = format!(
            "[archive]\nformats = [\"jsonl\", \"markdown\", \"text\", \"csv\", \"parquet\", \"warc\", \"catalogue\"]\n{archive}\n[fetch]\ndelay = \"{delay}ms\"\n\
             max_crawl_delay = \"{delay}ms\"\nallow_hosts = {hosts:?}\n[fetch.resolve]\n"
        );
        for host in &hosts {
            writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
        }
        for host in &hosts {
            let name = host.strip_suffix(".test").unwrap();
            write!(config, "[[source]]\nname = {name:?}\nurl = \"http://{host}/\"\n").unwrap();
        }
        fs::write(folder.path().join("config.toml"), config).unwrap();
        Self { site, folder }
    }

    fn archive(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    fn start(&self, command: &str) -> Child {
        let log = fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        Command::new(cargo_bin("copydesk"))
            .args([command, "--log", "json"])
            .current_dir(self.folder.path())
            .env_remove("RUST_LOG")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Starts a process again and again and kills it at random moments.
    fn kill_often(&self, command: &str) -> Figures {
        let mut figures = Figures::default();
        let mut random = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
        println!("seed {random}");
        let began = Instant::now();
        while figures.kills < KILLS {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let life = LONGEST_LIFE.mul_f64((random >> 33) as f64 / f64::from(1_u32 << 31));
            let mut child = self.start(command);
            std::thread::sleep(life);
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended by itself, {ended:?}, after {figures:?}: {}", self.log());
            child.kill().unwrap();
            child.wait().unwrap();
            figures.kills += 1;
            let saved = saved(&self.archive());
            figures.halfway += usize::from(saved > 0 && saved < ARTICLES);
        }
        figures.killing = began.elapsed();
        figures
    }

    /// Compares every sink, the store and the server's log with the truth.
    fn check(&self, figures: &Figures) {
        let truth = self.site.truth();
        let bundled = expected();
        let all: Vec<&ExpectedArticle> = bundled.iter().chain(&truth.articles).collect();
        assert_eq!(all.len(), ARTICLES);

        let records = archived::records(&self.archive());
        let found = sorted(records.iter().map(|(source, article)| {
            let url = article.canonical_url.clone().or_else(|| article.url.clone()).unwrap();
            (source.clone(), canonical(&url), article.title.clone().unwrap_or_default())
        }));
        let wanted = sorted(all.iter().map(|one| (one.source.clone(), canonical(&one.url), one.title.clone())));
        assert_eq!(found, wanted, "the records");
        let seqs = sorted(records.iter().map(|(_, article)| article.seq));
        assert_eq!(seqs, (1..=ARTICLES as u64).collect::<Vec<_>>(), "the change feed's numbers");

        let ids = sorted(records.iter().map(|(_, article)| article.id.clone()));
        let markdown = own_files(&self.archive(), "markdown", ".md");
        assert_eq!(sorted(markdown.iter().map(|(_, text)| id_of(text))), ids, "the Markdown files");
        let texts: BTreeMap<String, String> = own_files(&self.archive(), "text", ".txt").into_iter().collect();
        let expected = records.iter().map(|(_, article)| {
            (article.id.clone(), format!("{}\n\n{}\n", article.title.as_deref().unwrap_or_default(), article.text))
        });
        assert_eq!(texts, expected.collect(), "the text files");
        let rows = rows(&self.archive());
        let in_rows = sorted(rows.iter().map(|(source, row)| (source.clone(), row["id"].clone(), row["seq"].clone())));
        let expected = records.iter().map(|(source, one)| (source.clone(), one.id.clone(), one.seq.to_string()));
        assert_eq!(in_rows, sorted(expected), "the rows");
        let columns = parquet_rows(&self.archive());
        let in_columns =
            columns.iter().map(|row| (row.source.clone(), row.id.clone(), row.seq.to_string(), row.text.clone()));
        let expected =
            records.iter().map(|(source, one)| (source.clone(), one.id.clone(), one.seq.to_string(), one.text.clone()));
        assert_eq!(sorted(in_columns), sorted(expected), "the columns");
        let column_files = files_under(&self.archive().join("parquet"));
        let is_left = |file: &&PathBuf| file.extension().is_none_or(|extension| extension != "parquet");
        assert_eq!(column_files.iter().find(is_left), None, "nothing is left to become columns");
        let lines = files_under(&self.archive().join("jsonl")).len();
        let versions = versions(&self.archive());
        let catalogued = versions.iter().map(|version| (version.source.clone(), version.article.id.clone()));
        let expected = records.iter().map(|(source, one)| (source.clone(), one.id.clone()));
        assert_eq!(sorted(catalogued), sorted(expected), "the catalogue");
        assert!(versions.iter().map(|version| version.article.seq).eq(1..=ARTICLES as u64), "the catalogue's order");

        let exchanges = self.exchanges(&truth, &records);
        let skipped = self.skipped(&truth);
        let states = self.states(&truth, &bundled);
        let requests = self.site.requests();
        let shortest = politeness(&requests);
        println!(
            "{} kills in {:.1} s, {} of them with a part of the articles saved; {} records in {lines} files, \
             {} rows, {} rows of columns in {} files, {} Markdown files, {} text files, {exchanges} exchanges, {skipped} pages left out, {states} addresses of known end; {} requests, the shortest pause {:.1} ms of {} ms",
            figures.kills,
            figures.killing.as_secs_f64(),
            figures.halfway,
            records.len(),
            rows.len(),
            columns.len(),
            column_files.len(),
            markdown.len(),
            texts.len(),
            requests.len(),
            shortest.as_secs_f64() * 1000.0,
            DELAY.as_millis(),
        );
    }

    /// Checks `warc/`: the articles as they are in the records, and of each address the exchanges that led to its outcome, once.
    fn exchanges(&self, truth: &Truth, records: &[(String, Article)]) -> usize {
        let by_seq =
            |articles: Vec<Article>| articles.into_iter().map(|one| (one.seq, one)).collect::<BTreeMap<_, _>>();
        let archived = warc_articles(&self.archive());
        assert_eq!(archived.len(), records.len(), "the articles among the exchanges");
        assert_eq!(by_seq(archived), by_seq(records.iter().map(|(_, article)| article.clone()).collect()));

        let all = warc_records(&self.archive());
        // By address and status; and of each address, the redirects that led there.
        let (mut answers, mut led_there) = (BTreeMap::new(), BTreeMap::new());
        for answer in all.iter().filter(|record| matches!(record.kind(), "response" | "revisit")) {
            let head = String::from_utf8_lossy(&answer.block);
            let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
            *answers.entry((canonical(answer.url()), status)).or_insert(0) += 1;
            if let Some(target) = head.lines().find_map(|line| line.strip_prefix("location: ")) {
                let target = url::Url::parse(answer.url()).unwrap().join(target).unwrap();
                *led_there.entry(canonical(target.as_str())).or_insert(0) += 1;
            }
        }
        let count = |url: &str, status| answers.get(&(canonical(url), status)).copied().unwrap_or(0);
        let once = truth.redirects.iter().map(|url| (url, 301)).chain(truth.gone.iter().map(|url| (url, 410)));
        for (url, status) in once.chain(truth.notices.iter().map(|url| (url, 200))) {
            assert_eq!(count(url, status), 1, "exchanges of {url}");
        }
        for (_, article) in records {
            let url = article.url.as_deref().unwrap();
            let most = 1 + led_there.get(&canonical(url)).copied().unwrap_or(0);
            assert!((1..=most).contains(&count(url, 200)), "{} exchanges of {url}, {most} expected", count(url, 200));
        }
        assert!(truth.disallowed.iter().all(|url| count(url, 200) == 0));
        let requests = all.iter().filter(|record| record.kind() == "request").count();
        assert_eq!(answers.values().sum::<usize>(), requests, "a request to each answer");
        requests
    }

    /// Checks `skipped.jsonl`: each page that is to be left out once, and no other of the generated outlets.
    fn skipped(&self, truth: &Truth) -> usize {
        let text = fs::read_to_string(self.archive().join("skipped.jsonl")).unwrap();
        assert!(text.ends_with('\n'));
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |line: &serde_json::Value| {
            let field = |name: &str| line[name].as_str().unwrap().to_owned();
            (field("url"), field("reason"))
        };
        let generated = |(url, _): &(String, String)| url.contains("//district-");
        let found = sorted(lines.iter().map(of).filter(generated));
        let notices = truth.notices.iter().map(|url| (url.clone(), "no_article".to_owned()));
        let wanted = sorted(notices.chain(truth.disallowed.iter().map(|url| (url.clone(), "robots".to_owned()))));
        assert_eq!(found, wanted, "the pages left out");
        found.len()
    }

    /// Addresses of stories that are not finished. One that is announced and not there is asked for again in an hour.
    fn open_addresses(&self) -> i64 {
        let store = rusqlite::Connection::open(self.archive().join("copydesk.db")).unwrap();
        let open = "SELECT count(*) FROM url WHERE state IN ('DISCOVERED', 'LEASED', 'RETRY') AND kind = 'ARTICLE'
                    AND reason IS NOT 'http_404'";
        store.query_row(open, [], |row| row.get(0)).unwrap()
    }

    /// Checks the store: no URL is forgotten or still open, and each is in the state that it has to end in.
    fn states(&self, truth: &Truth, bundled: &[ExpectedArticle]) -> usize {
        assert_eq!(self.open_addresses(), 0, "addresses that were never finished");
        let store = rusqlite::Connection::open(self.archive().join("copydesk.db")).unwrap();
        let state = |url: &str| -> String {
            store
                .query_row("SELECT state FROM url WHERE url = ?1", [canonical(url)], |row| row.get(0))
                .unwrap_or_else(|error| panic!("{url}: {error}"))
        };
        let articles = bundled.iter().chain(&truth.articles).map(|article| (&article.url, "FETCHED"));
        let ends = articles
            .chain(truth.redirects.iter().map(|url| (url, "REDIRECTED")))
            .chain(truth.notices.iter().chain(&truth.disallowed).map(|url| (url, "EXCLUDED")))
            .chain(truth.gone.iter().map(|url| (url, "GONE")));
        let mut count = 0;
        for (url, end) in ends {
            assert_eq!(state(url), end, "{url}");
            count += 1;
        }
        count
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_killed_a_hundred_times_loses_nothing_and_doubles_nothing() {
    let rig = Rig::new("").await;
    let figures = rig.kill_often("watch");
    let mut child = rig.start("watch");
    let began = Instant::now();
    while rig.open_addresses() > 0 || saved(&rig.archive()) < ARTICLES {
        assert!(began.elapsed() < PATIENCE && child.try_wait().unwrap().is_none(), "{figures:?} {}", rig.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130), "{}", rig.log());
    println!("the last process took {:.1} s", began.elapsed().as_secs_f64());
    rig.check(&figures);
}

/// Checks that each host got one request at a time, a pause after each, and none for what its robots.txt disallows; the
/// shortest pause.
fn politeness(requests: &[Served]) -> Duration {
    let mut hosts: BTreeMap<&str, Vec<&Served>> = BTreeMap::new();
    for request in requests {
        assert!(!request.path.starts_with("/private/") && !request.path.starts_with("/members/"), "{request:?}");
        hosts.entry(&request.host).or_default().push(request);
    }
    let mut shortest = Duration::MAX;
    for (host, mut served) in hosts {
        served.sort_by_key(|request| request.start);
        for pair in served.windows(2) {
            assert!(pair[1].start >= pair[0].end, "{host}: two at a time, {pair:?}");
            let pause = pair[1].start - pair[0].end;
            assert!(pause + GRAIN >= DELAY, "{host}: {pause:?} between {} and {}", pair[0].path, pair[1].path);
            shortest = shortest.min(pause);
        }
    }
    shortest
}

fn canonical(url: &str) -> String {
    CanonicalUrl::parse(url).unwrap().to_string()
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort();
    values
}

/// The id in the front matter of an article's own file.
fn id_of(markdown: &str) -> String {
    let line = markdown.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
    line.trim_matches('"').to_owned()
}

/// Articles that are there. A file of their own is whole whenever it is there, whereas what stands behind the committed
/// length of the others is cut back only by the next start.
fn saved(archive: &Path) -> usize {
    let files = files_under(&archive.join("markdown"));
    files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")).count()
}

async fn kill_crawls(archive: &str) {
    let rig = Rig::new(archive).await;
    let figures = rig.kill_often("crawl");
    let began = Instant::now();
    let ended = rig.start("crawl").wait().unwrap();
    assert!(ended.success(), "{ended:?} {}", rig.log());
    println!("the last run took {:.1} s", began.elapsed().as_secs_f64());
    rig.check(&figures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crawl_killed_a_hundred_times_loses_nothing_and_doubles_nothing() {
    kill_crawls("compression = \"gzip\"\nrotate_size = \"16kB\"").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packed_by_zstd_it_loses_nothing_and_doubles_nothing_either() {
    kill_crawls("compression = \"zstd\"").await;
}
