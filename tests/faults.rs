//! A whole crawl of sites that misbehave in every way there is, judged by the server's own log and by what is in the
//! archive at the end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::archive::{Archive, ArchiveOptions};
use copydesk::crawl::{CrawlOptions, Parts, RunSummary, Silent, Source, run};
use copydesk::extract;
use copydesk::fetch::{FetchOptions, Fetcher};
use copydesk::frontier::{RevisitRule, SqliteFrontier};
use copydesk::model::Article;
use flate2::write::GzEncoder;
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The pause between two requests to a host.
const DELAY: Duration = Duration::from_millis(100);

/// The pause that the robots.txt of one of the hosts asks for.
const CRAWL_DELAY: Duration = Duration::from_millis(250);

/// What the clocks may differ by.
const TOLERANCE: Duration = Duration::from_millis(30);

/// The same where the client hung up, which a busy machine's server notes only some time after.
const HUNG_UP: Duration = Duration::from_millis(80);

/// How long a host is left alone after a 429 of it.
const REST: Duration = Duration::from_secs(2);

/// Longer than a request may take here.
const TOO_LONG: Duration = Duration::from_mins(1);

/// The largest body that is read.
const MAX_BODY: u64 = 1 << 20;

/// What a host does with its stories, by their names.
type Stories = fn(&Seen, &str) -> Option<Reply>;

struct Host {
    name: &'static str,
    /// Stories that can be had, with patience.
    good: &'static [&'static str],
    /// Stories that cannot, whatever one does.
    bad: &'static [&'static str],
    /// What else it does than to serve a story.
    stories: Stories,
}

/// The hosts, each with one kind of fault.
const HOSTS: &[Host] = &[
    Host {
        name: "reset",
        good: &["before-the-answer", "in-the-body", "every-other-time"],
        bad: &["always-reset"],
        stories: |seen, story| match (story, seen.before) {
            ("before-the-answer", 0 | 1) | ("always-reset", _) => Some(Reply::silent().reset()),
            ("in-the-body", 0) => Some(Reply::bare(200).header("Content-Length", "9000").send("<p>It be").reset()),
            ("every-other-time", before) if before % 2 == 0 => Some(Reply::silent().close()),
            _ => None,
        },
    },
    Host {
        name: "stall",
        good: &["silent-at-first", "stuck-in-the-body"],
        bad: &["silent-for-ever"],
        stories: |seen, story| match (story, seen.before) {
            ("silent-at-first", 0) | ("silent-for-ever", _) => Some(Reply::silent().wait(TOO_LONG)),
            ("stuck-in-the-body", 0) => {
                Some(Reply::bare(200).header("Content-Length", "9000").send("<p>It be").wait(TOO_LONG))
            }
            _ => None,
        },
    },
    Host {
        name: "drip",
        good: &["drips-at-first"],
        bad: &["drips-for-ever"],
        stories: |seen, story| match (story, seen.before) {
            ("drips-at-first", 0) | ("drips-for-ever", _) => {
                let drip = Reply::bare(200).header("Content-Type", "text/html").header("Content-Length", "90000");
                Some((0..900).fold(drip, |reply, _| reply.send("x").wait(Duration::from_millis(20))))
            }
            _ => None,
        },
    },
    Host {
        name: "truncated",
        good: &["cut-once", "chunk-cut-once", "gzip-cut-once"],
        bad: &["always-cut"],
        stories: |seen, story| match (story, seen.before) {
            ("cut-once", 0) | ("always-cut", _) => {
                Some(Reply::bare(200).header("Content-Length", "9000").send("<p>It began so").close())
            }
            ("chunk-cut-once", 0) => {
                Some(Reply::bare(200).header("Transfer-Encoding", "chunked").send("ff\r\n<p>It began so").close())
            }
            ("gzip-cut-once", 0) => {
                let mut cut = gzip(b"<p>It began so");
                cut.truncate(12);
                let length = (cut.len() + 100).to_string();
                let reply = Reply::bare(200).header("Content-Encoding", "gzip").header("Content-Length", &length);
                Some(reply.send(cut).close())
            }
            _ => None,
        },
    },
    Host {
        name: "length",
        good: &["no-number-once", "two-lengths-once", "more-than-said"],
        bad: &["never-a-number"],
        stories: |seen, story| match (story, seen.before) {
            ("no-number-once", 0) | ("never-a-number", _) => {
                Some(Reply::bare(200).header("Content-Length", "many").send("<p>It").close())
            }
            ("two-lengths-once", 0) => {
                let reply = Reply::bare(200).header("Content-Length", "5").header("Content-Length", "9");
                Some(reply.send("<p>It began").close())
            }
            // What comes behind the body must not be taken for the next answer.
            ("more-than-said", _) => {
                let page = page(seen.host(), story);
                let rest = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake";
                Some(Reply::new(200, "text/html", page).send(rest))
            }
            _ => None,
        },
    },
    Host {
        name: "bomb",
        good: &["beside-the-bombs"],
        bad: &["gzip-bomb", "bomb-in-a-bomb", "endless", "endless-header"],
        stories: |_, story| match story {
            "gzip-bomb" => Some(Reply::new(200, "text/html", bomb()).header("Content-Encoding", "gzip")),
            "bomb-in-a-bomb" => {
                Some(Reply::new(200, "text/html", gzip(&bomb())).header("Content-Encoding", "gzip, gzip"))
            }
            "endless" => Some(Reply::bare(200).header("Content-Type", "text/html").forever(vec![b'x'; 8192])),
            "endless-header" => Some(Reply::silent().send("HTTP/1.1 200 OK\r\nX: ").forever(vec![b'x'; 8192])),
            _ => None,
        },
    },
    Host {
        name: "storm",
        good: &["one", "two", "three", "four"],
        bad: &["always-busy"],
        stories: |seen, story| match (story, seen.before) {
            ("always-busy", _) | (_, 0) => Some(Reply::status(503)),
            ("two", 1..=4) => Some(Reply::status(502)),
            ("three", 1) => Some(Reply::status(503).header("Retry-After", "1")),
            _ => None,
        },
    },
    Host {
        name: "patience",
        good: &["in-seconds", "by-date", "without-a-word"],
        bad: &[],
        stories: |seen, story| match (story, seen.before) {
            ("in-seconds", 0) => Some(Reply::status(429).header("Retry-After", "2")),
            ("by-date", 0 | 1) => {
                // A date has no fractions, so that up to a second of it is lost.
                let at = httpdate::fmt_http_date(SystemTime::now() + REST + Duration::from_secs(1));
                Some(Reply::status(429).header("Retry-After", &at))
            }
            ("without-a-word", 0..=2) => Some(Reply::status(429)),
            _ => None,
        },
    },
    Host {
        name: "circle",
        good: &["moved", "to-another-host"],
        bad: &["round", "round-and-round", "farther-and-farther", "inside", "forbidden", "nowhere", "no-web"],
        stories: |seen, story| {
            let (name, step) = story.split_once('!').unwrap_or((story, "0"));
            let to = |target: &str| Some(Reply::redirect(302, target));
            match (name, step) {
                ("moved", "0") => to(&path("moved!1")),
                ("moved", _) => Some(Reply::html(&page(seen.host(), "moved"))),
                ("to-another-host", _) => {
                    let port = seen.header("host").unwrap().rsplit(':').next().unwrap();
                    to(&format!("http://drip.localhost:{port}{}", path("from-the-circle")))
                }
                ("round", _) => to(&path("round")),
                ("round-and-round", _) => to(&path(if step == "0" { "round-and-round!1" } else { "round-and-round" })),
                ("farther-and-farther", _) => to(&path(&format!("{name}!{}", step.parse::<u32>().unwrap() + 1))),
                ("inside", _) => to("http://169.254.169.254/latest/meta-data/"),
                ("forbidden", _) => to("/private/story"),
                ("nowhere", _) => to("http://"),
                ("no-web", _) => to("file:///etc/passwd"),
                _ => None,
            }
        },
    },
    Host { name: "closed", good: &[], bad: &["one", "two"], stories: |_, _| None },
    Host { name: "reopened", good: &["one", "two"], bad: &[], stories: |_, _| None },
    Host {
        name: "changing",
        good: &["one", "two"],
        bad: &["other-every-time"],
        stories: |seen, story| match story {
            // Long, and never twice the same; but no article.
            "other-every-time" => {
                let now = format!("{:?}", Instant::now());
                Some(Reply::html(&format!("<nav><a href='/{now}'>{now}</a></nav><form><input value='{now}'></form>")))
            }
            _ => Some(Reply::html(&format!("{}<!-- {:?} -->", page(seen.host(), story), Instant::now()))),
        },
    },
    Host {
        name: "types",
        good: &["no-type", "octets"],
        bad: &["a-film", "a-document"],
        stories: |seen, story| {
            let page = page(seen.host(), story);
            match story {
                "no-type" => Some(Reply::new(200, "", page)),
                "octets" => Some(Reply::new(200, "application/octet-stream", page)),
                "a-film" => Some(Reply::bare(200).header("Content-Type", "video/mp4").forever(vec![0; 8192])),
                "a-document" => Some(Reply::new(200, "", "%PDF-1.7 and so on")),
                _ => None,
            }
        },
    },
];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bomb() -> Vec<u8> {
    gzip(&vec![b' '; 8 * MAX_BODY as usize])
}

fn path(story: &str) -> String {
    format!("/2026/11/05/story-{story}/")
}

/// A story in words of its own.
fn page(host: &str, story: &str) -> String {
    let mut state =
        host.bytes().chain(story.bytes()).fold(7_u64, |state, byte| state.wrapping_mul(31) ^ u64::from(byte));
    let mut text = String::new();
    for at in 1..=120 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let word = (state >> 40) % 5000;
        let _ = write!(
            text,
            "{}word{word}{} ",
            if at % 12 == 1 { "The " } else { "" },
            if at % 12 == 0 { "." } else { "" }
        );
    }
    format!(
        "<!doctype html><html lang=en><title>{story} of {host}</title><article><h1>{story} of {host}</h1><p>{text}</p></article>"
    )
}

/// Answers for all hosts.
fn answer(seen: &Seen) -> Reply {
    let name = seen.host().strip_suffix(".localhost").unwrap_or_default().to_owned();
    let host = HOSTS.iter().find(|host| host.name == name).unwrap();
    let story = seen.path.strip_prefix("/2026/11/05/story-").and_then(|rest| rest.strip_suffix('/'));
    match (seen.path.as_str(), story) {
        ("/robots.txt", _) => match name.as_str() {
            "closed" => Reply::status(503),
            "reopened" if seen.before < 2 => Reply::status(500),
            "drip" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /private/\nCrawl-delay: 0.25\n"),
            _ => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /private/\n"),
        },
        ("/feed.xml", _) if seen.before == 0 && name == "storm" => Reply::status(503),
        ("/feed.xml", _) if seen.before == 0 && name == "reset" => Reply::silent().reset(),
        ("/feed.xml", _) => feed(host, seen),
        (_, Some(story)) => (host.stories)(seen, story).unwrap_or_else(|| Reply::html(&page(seen.host(), story))),
        _ => Reply::status(404),
    }
}

/// The host's stories, one that may not be asked for, and one that is not there.
fn feed(host: &Host, seen: &Seen) -> Reply {
    let address = seen.header("host").unwrap();
    let mut items = String::new();
    let mut item = |path: &str| {
        write!(items, "<item><title>A story</title><link>http://{address}{path}</link></item>").unwrap();
    };
    host.good.iter().chain(host.bad).for_each(|story| item(&path(story)));
    item("/private/2026/11/05/not-for-robots/");
    item("/2026/11/05/there-is-no-such-story/");
    Reply::new(200, "application/rss+xml", format!("<rss version='2.0'><channel>{items}</channel></rss>"))
}

struct Rig {
    server: FaultServer,
    folder: TempDir,
}

impl Rig {
    async fn new() -> Self {
        Self { server: FaultServer::start(answer).await, folder: TempDir::new().unwrap() }
    }

    fn address(host: &str, port: u16) -> String {
        format!("{host}.localhost:{port}")
    }

    /// One crawl; it has to end by itself.
    async fn crawl(&self) -> RunSummary {
        let port = self.server.address.port();
        let fetch = FetchOptions {
            delay: DELAY,
            backoff: Duration::from_millis(50),
            timeout: Duration::from_millis(1500),
            first_byte_timeout: Duration::from_millis(700),
            max_body: MAX_BODY,
            allow_hosts: HOSTS.iter().map(|host| Self::address(host.name, port).parse().unwrap()).collect(),
            ..FetchOptions::default()
        };
        let archive = ArchiveOptions { path: self.folder.path().join("archive"), ..ArchiveOptions::default() };
        let rule = RevisitRule { hub_pause: SignedDuration::ZERO, ..RevisitRule::default() };
        let source = |host: &Host| {
            let home = Url::parse(&format!("http://{}/", Self::address(host.name, port))).unwrap();
            Source { feeds: vec![home.join("/feed.xml").unwrap()], ..Source::new(host.name, home) }
        };
        let parts = Parts {
            fetcher: Fetcher::new(fetch).unwrap(),
            frontier: Arc::new(SqliteFrontier::open(&self.store(), rule).unwrap()),
            archive: Archive::open(&archive).unwrap(),
            clean: extract::Options::default(),
            sources: HOSTS.iter().map(source).collect(),
        };
        let options = CrawlOptions::default();
        let crawl = run(parts, &options, Arc::new(Silent), CancellationToken::new());
        tokio::time::timeout(Duration::from_mins(3), crawl).await.expect("the run does not end by itself").unwrap()
    }

    fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("store.db")
    }

    /// Has a day go by for what was put off, the files of sites, and hosts that were given up.
    fn age(&self) {
        let day = 24 * 60 * 60 * 1000;
        let store = rusqlite::Connection::open(self.store()).unwrap();
        for change in [
            "UPDATE url SET due = due - ?1 WHERE state = 'RETRY'",
            "UPDATE site_file SET fetched = fetched - ?1",
            "UPDATE host SET down_until = down_until - ?1",
        ] {
            store.execute(change, [day]).unwrap();
        }
    }

    /// The stories in the archive, as `host/story`, with how often each is there.
    fn kept(&self) -> BTreeMap<String, usize> {
        let mut kept = BTreeMap::new();
        for text in read_all(&self.folder.path().join("archive/jsonl")) {
            for line in text.lines() {
                let article: Article = serde_json::from_str(line).unwrap();
                let url = Url::parse(&article.url.unwrap()).unwrap();
                let host = url.host_str().unwrap().trim_end_matches(".localhost").to_owned();
                let story = url.path().trim_start_matches("/2026/11/05/story-").trim_end_matches('/');
                assert_eq!(article.word_count, 130, "{url} is not whole: {}", article.text);
                *kept.entry(format!("{host}/{story}")).or_default() += 1;
            }
        }
        kept
    }

    /// Requests of each host, in order.
    fn by_host(&self) -> BTreeMap<String, Vec<Seen>> {
        let mut hosts: BTreeMap<String, Vec<Seen>> = BTreeMap::new();
        for seen in self.server.log() {
            hosts.entry(seen.host().to_owned()).or_default().push(seen);
        }
        hosts
    }
}

fn read_all(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { texts.extend(read_all(&path)) } else { texts.push(std::fs::read_to_string(path).unwrap()) }
    }
    texts
}

/// What can be had of all hosts: their good stories; two of them lie elsewhere than the feed says.
fn can_be_had() -> BTreeSet<String> {
    let stories = HOSTS.iter().flat_map(|host| host.good.iter().map(move |story| format!("{}/{story}", host.name)));
    stories
        .map(|story| match story.as_str() {
            "circle/moved" => "circle/moved!1".to_owned(),
            "circle/to-another-host" => "drip/from-the-circle".to_owned(),
            _ => story,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sites_that_misbehave_lose_nothing_that_can_be_had_and_get_no_more_than_they_allow() {
    let rig = Rig::new().await;
    let first = rig.crawl().await;
    assert!(!first.interrupted);
    assert!(first.unreachable.contains(&"closed".to_owned()), "{:?}", first.unreachable);
    let runs = 3;
    for _ in 1..runs {
        rig.age();
        rig.crawl().await;
    }

    let kept = rig.kept();
    let found: BTreeSet<String> = kept.keys().cloned().collect();
    assert_eq!(found, can_be_had(), "{first:#?}");
    assert!(kept.values().all(|count| *count == 1), "{kept:?}");

    let opened = rig.server.opened();
    for (host, seen) in rig.by_host() {
        let asked: Vec<&str> = seen.iter().map(|seen| seen.path.as_str()).collect();
        assert!(asked.iter().all(|path| !path.starts_with("/private/")), "{host}: {asked:?}");
        if host == "closed.localhost" {
            assert!(asked.iter().all(|path| *path == "/robots.txt"), "{host}: {asked:?}");
        }
        assert_eq!(asked[0], "/robots.txt", "{host}");
        let delay = if host == "drip.localhost" { CRAWL_DELAY } else { DELAY };
        for pair in seen.windows(2) {
            let (one, next) = (&pair[0], &pair[1]);
            assert!(next.start >= one.end, "{host}: {} and {} at the same time", one.path, next.path);
            let gap = next.start - one.end;
            let tolerance = if one.given_up { HUNG_UP } else { TOLERANCE };
            assert!(gap + tolerance >= delay, "{host}: {gap:?} between {} and {}", one.path, next.path);
            if host == "patience.localhost" && !one.path.contains("without") && is_refused(one) {
                assert!(gap + TOLERANCE >= REST, "{host}: {gap:?} after the 429 of {}", one.path);
            }
        }
        // An old connection may be closing while a new one opens, but no third one is there.
        let spans: BTreeSet<usize> = seen.iter().map(|seen| seen.connection).collect();
        let spans: Vec<_> = spans.into_iter().map(|number| opened[number]).collect();
        for (at, span) in spans.iter().enumerate() {
            let open = spans[..at].iter().filter(|other| other.1.is_none_or(|end| end > span.0 + TOLERANCE)).count();
            assert_eq!(open, 0, "{host}: a second connection while one is open");
        }
    }
}

/// Whether the answer was a 429, by the rule of its host.
fn is_refused(seen: &Seen) -> bool {
    seen.path == path("in-seconds") && seen.before == 0 || seen.path == path("by-date") && seen.before < 2
}
