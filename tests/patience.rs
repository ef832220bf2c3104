//! Hosts that are slower than their schedule, that want to be left alone, that go by two names, or that do not answer while
//! somebody wants to stop. Real runs of the program, by the server's log and by what is in the archive.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use std::fmt::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;

/// What the clock of the test may be off: an answer is written down as ended after its last byte was handed over.
const TOLERANCE: Duration = Duration::from_millis(20);

/// No run here takes so long unless it waits for what it is not to wait for.
const TOO_LONG: Duration = Duration::from_secs(40);

/// A server, and an archive for it.
struct Rig {
    server: FaultServer,
    folder: TempDir,
}

impl Rig {
    /// `fetch` and `source` are lines of the configuration; `{address}` stands for the server's.
    async fn new(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static, fetch: &str, source: &str) -> Self {
        let server = FaultServer::start(answer).await;
        let folder = TempDir::new().unwrap();
        let (address, port) = (server.address, server.address.port());
        let config = format!(
            "[fetch]\nuser_agent = \"Patience/1\"\n\
             allow_hosts = [\"{address}\", \"ledger.test:{port}\", \"www.ledger.test:{port}\"]\n{fetch}\n\
             [fetch.resolve]\n\"ledger.test\" = \"{address}\"\n\"www.ledger.test\" = \"{address}\"\n\
             [[source]]\nname = \"ledger\"\nurl = \"http://{{address}}/\"\n{source}\n"
        );
        std::fs::write(folder.path().join("config.toml"), config.replace("{address}", &address.to_string())).unwrap();
        Self { server, folder }
    }

    fn start(&self) -> Child {
        let mut command = Command::new(cargo_bin("copydesk"));
        command.args(["crawl", "--quiet"]).current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// One run; its exit code and its summary.
    async fn crawl(&self) -> (Option<i32>, Value) {
        let mut child = self.start();
        let begun = Instant::now();
        let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
        assert!(begun.elapsed() < TOO_LONG, "the run took {:?}", begun.elapsed());
        let latest = std::fs::read_to_string(self.folder.path().join("archive/runs/latest.json")).unwrap();
        (status.code(), serde_json::from_str(&latest).unwrap())
    }

    fn change(&self, statement: &str) {
        let store = rusqlite::Connection::open(self.folder.path().join("archive/copydesk.db")).unwrap();
        store.execute(statement, []).unwrap();
    }

    /// Has go by what hosts asked for, and what else waits.
    fn let_time_pass(&self) {
        self.change("UPDATE host SET not_before = 1, down_until = 1");
        self.change("UPDATE url SET due = 1 WHERE due IS NOT NULL");
        self.change("UPDATE url SET fetched = 1 WHERE kind <> 'ARTICLE'");
    }

    /// The paths of the stories that were archived, in order.
    fn paths(&self) -> Vec<String> {
        let folder = self.folder.path().join("archive/jsonl/ledger");
        let mut paths = Vec::new();
        for file in std::fs::read_dir(folder).into_iter().flatten() {
            for line in std::fs::read_to_string(file.unwrap().path()).unwrap().lines() {
                let record: Value = serde_json::from_str(line).unwrap();
                paths.push(url::Url::parse(record["url"].as_str().unwrap()).unwrap().path().to_owned());
            }
        }
        paths.sort();
        paths
    }

    /// Requests for stories.
    fn stories(&self) -> Vec<Seen> {
        self.server.log().into_iter().filter(|seen| seen.path.starts_with("/2026/")).collect()
    }
}

/// Story number `number`.
fn path(number: usize) -> String {
    format!("/2026/11/0{}/what-the-harbour-said-{number}/", number % 9 + 1)
}

fn paths(count: usize) -> Vec<String> {
    let mut paths: Vec<String> = (0..count).map(path).collect();
    paths.sort();
    paths
}

fn story(seen: &Seen) -> Reply {
    let name = seen.path.trim_matches('/').replace(['/', '-'], " ");
    let text = format!("Of {name} the harbour master spoke on Monday, and of nothing else for an hour. ").repeat(12);
    Reply::html(&format!("<html lang=en><title>On {name}</title><article><h1>On {name}</h1><p>{text}</p></article>"))
}

fn no_rules() -> Reply {
    Reply::new(200, "text/plain", "")
}

fn feed(host: &str, numbers: impl Iterator<Item = usize>) -> Reply {
    let mut items = String::new();
    for number in numbers {
        write!(items, "<item><title>Story</title><link>http://{host}{}</link></item>", path(number)).unwrap();
    }
    let feed = format!("<rss version='2.0'><channel><title>Ledger</title>{items}</channel></rss>");
    Reply::new(200, "application/rss+xml", feed)
}

/// A site with a feed of so many stories.
fn site(seen: &Seen, count: usize) -> Reply {
    match seen.path.as_str() {
        "/robots.txt" => no_rules(),
        "/feed.xml" => feed(seen.header("host").unwrap(), 0..count),
        path if path.starts_with("/2026/") => story(seen),
        _ => Reply::status(404),
    }
}

const FEED: &str = "feeds = [\"/feed.xml\"]";

#[tokio::test(flavor = "multi_thread")]
async fn stories_come_in_the_run_that_found_them_however_long_the_search_takes() {
    let answer = |seen: &Seen| {
        let host = seen.header("host").unwrap();
        let map = |root: &str, items: String| {
            Reply::new(
                200,
                "application/xml",
                format!("<{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{items}</{root}>"),
            )
        };
        match seen.path.as_str() {
            "/index.xml" => {
                let child = |n: usize| format!("<sitemap><loc>http://{host}/child-{n}.xml</loc></sitemap>");
                map("sitemapindex", (0..30).map(child).collect())
            }
            "/child-7.xml" => {
                let entry = |n: usize| format!("<url><loc>http://{host}{}</loc></url>", path(n));
                map("urlset", (0..3).map(entry).collect())
            }
            child if child.starts_with("/child-") => map("urlset", String::new()),
            _ => site(seen, 0),
        }
    };
    let rig = Rig::new(answer, "delay = \"60ms\"", "sitemaps = [\"/index.xml\"]\nevery = \"1s\"").await;
    rig.crawl().await;
    assert_eq!(rig.paths(), paths(3));
    let twice = rig.server.log().into_iter().find(|seen| seen.before > 0);
    assert!(twice.is_none(), "each once in a run: {twice:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_was_not_fetched_yet_is_not_counted_as_known() {
    let rig = Rig::new(|seen| site(seen, 5), "delay = \"10ms\"", &format!("{FEED}\nmax_pages = 2")).await;
    for expected in [0, 2, 4, 5] {
        let (_, summary) = rig.crawl().await;
        assert_eq!(summary["total"]["known"], expected, "{summary:#}");
        rig.change("UPDATE url SET fetched = 1 WHERE kind = 'FEED'");
    }
    assert_eq!(rig.paths(), paths(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_a_long_rest_gets_it_and_the_run_ends() {
    for (status, asked) in [(429, "86400"), (503, "3600"), (429, "999999999999999999999999")] {
        let answer = move |seen: &Seen| match seen.path.as_str() {
            path if path.starts_with("/2026/") && seen.before == 0 => {
                Reply::status(status).header("Retry-After", asked)
            }
            _ => site(seen, 5),
        };
        let rig = Rig::new(answer, "delay = \"10ms\"", FEED).await;
        let (code, summary) = rig.crawl().await;
        assert_eq!((code, rig.stories().len()), (Some(0), 1));
        assert_eq!(summary["total"]["skipped"]["host_rests"], 4, "{summary:#}");
        let asked = rig.server.log().len();
        rig.crawl().await;
        assert_eq!(rig.server.log().len(), asked, "nothing is asked before the time");
        // Each story says it once; nothing is lost by it.
        for _ in 0..6 {
            rig.let_time_pass();
            rig.crawl().await;
        }
        assert_eq!(rig.paths(), paths(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_or_a_robots_file_that_asks_for_a_long_rest_is_left_for_another_run() {
    for (first, source) in [("/feed.xml", FEED), ("/robots.txt", FEED), ("/robots.txt", "")] {
        let answer = move |seen: &Seen| match seen.path.as_str() {
            path if path == first && seen.before == 0 => Reply::status(429).header("Retry-After", "3600"),
            "/" => {
                let link =
                    |n: usize| format!("<h2><a href='{}'>What the harbour said of it on day {n}</a></h2>", path(n));
                Reply::html(&(0..3).map(link).collect::<String>())
            }
            _ => site(seen, 3),
        };
        let rig = Rig::new(answer, "delay = \"10ms\"", source).await;
        for _ in 0..2 {
            rig.crawl().await;
            assert_eq!(rig.server.count(first), 1, "{first} {source}");
            assert_eq!(rig.server.log().last().unwrap().path, first);
        }
        rig.let_time_pass();
        rig.crawl().await;
        assert_eq!(rig.paths(), paths(3), "{first} {source}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_answers_nothing_but_429_is_given_up_after_a_few() {
    let answer = |seen: &Seen| match seen.path.as_str() {
        path if path.starts_with("/2026/") => Reply::status(429),
        _ => site(seen, 12),
    };
    let rig = Rig::new(answer, "delay = \"10ms\"\nmax_retry_wait = \"3s\"", FEED).await;
    rig.crawl().await;
    let asked = rig.stories().len();
    assert!((9..=14).contains(&asked), "{asked}");
    rig.crawl().await;
    assert_eq!(rig.stories().len(), asked, "the next run does not begin anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robots_file_that_is_refused_again_and_again_is_asked_for_three_times() {
    let answer = |seen: &Seen| if seen.path == "/robots.txt" { Reply::status(429) } else { site(seen, 3) };
    let rig = Rig::new(answer, "delay = \"10ms\"\nmax_retry_wait = \"2s\"", FEED).await;
    for _ in 0..2 {
        rig.crawl().await;
        assert_eq!((rig.server.count("/robots.txt"), rig.server.log().len()), (3, 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_with_www_and_without_has_one_pace() {
    let both = |seen: &Seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/feed.xml" => {
                let item = |number| {
                    let host = if number < 3 { host.to_owned() } else { format!("www.{host}") };
                    format!("<item><title>Story</title><link>http://{host}{}</link></item>", path(number))
                };
                let items = (0..6).map(item).collect::<Vec<_>>().concat();
                Reply::new(
                    200,
                    "application/rss+xml",
                    format!("<rss version='2.0'><channel><title>L</title>{items}</channel></rss>"),
                )
            }
            _ => site(seen, 0),
        }
    };
    let moved = |seen: &Seen| {
        let host = seen.header("host").unwrap();
        if seen.path.starts_with("/2026/") && !host.starts_with("www.") {
            return Reply::redirect(301, &format!("http://www.{host}{}", seen.path));
        }
        site(seen, 4)
    };
    // A pause that is waited for on the spot, and one that is not.
    for (pause, is_moved) in [(300, false), (300, true), (1200, true)] {
        let answer = move |seen: &Seen| if is_moved { moved(seen) } else { both(seen) };
        let rig = Rig::new(answer, &format!("delay = \"{pause}ms\""), FEED).await;
        let file = rig.folder.path().join("config.toml");
        let by_number = format!("url = \"http://{}/\"", rig.server.address);
        let by_name = format!("url = \"http://ledger.test:{}/\"", rig.server.address.port());
        std::fs::write(&file, std::fs::read_to_string(&file).unwrap().replace(&by_number, &by_name)).unwrap();
        rig.crawl().await;
        assert_eq!(rig.paths(), paths(if is_moved { 4 } else { 6 }));
        let log = rig.server.log();
        for pair in log.windows(2) {
            let gap = pair[1].start.saturating_duration_since(pair[0].end);
            assert!(gap + TOLERANCE >= Duration::from_millis(pause), "{gap:?}: {pair:#?}");
        }
        assert_eq!(rig.server.count("/robots.txt"), 2, "each name has its own");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_the_program_does_not_wait_for_a_server_that_stalls() {
    let answer = |seen: &Seen| match seen.path.as_str() {
        stalled if stalled == path(1) && seen.before == 0 => Reply::silent().wait(Duration::from_mins(1)),
        _ => site(seen, 3),
    };
    let rig = Rig::new(answer, "delay = \"10ms\"\ntimeout = \"50s\"", FEED).await;
    let mut child = rig.start();
    while rig.server.count(&path(1)) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert_eq!(status.code(), Some(130));
    assert!(asked.elapsed() < Duration::from_secs(9), "{:?}", asked.elapsed());
    rig.crawl().await;
    assert_eq!(rig.paths(), paths(3), "what was under way is fetched in the next run");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_story_that_nobody_asked_for_is_not_kept() {
    let answer = |seen: &Seen| {
        let is_half = seen.path == path(0) || seen.path == path(1) && seen.before == 0;
        if is_half {
            let half = "<title>On half</title><article><h1>On half</h1><p>It was said that the one half of it is ";
            return Reply::new(206, "text/html", half.repeat(4)).header("Content-Range", "bytes 0-399/4000");
        }
        site(seen, 3)
    };
    let rig = Rig::new(answer, "delay = \"10ms\"", FEED).await;
    let (_, summary) = rig.crawl().await;
    assert_eq!(rig.paths(), paths(3)[1..]);
    assert_eq!(summary["total"]["failed"]["http_206"]["count"], 1, "{summary:#}");
}
