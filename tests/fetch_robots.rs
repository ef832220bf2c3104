//! How a site's robots.txt is got, what its absence means, and how long it is kept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::fetch::{Accept, FetchError, FetchOptions, Fetcher, HostMemory, Request};
use copydesk::model::{HostKey, Page, SiteFile};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{FaultServer, Reply, Seen};
use url::Url;

/// A memory that outlives the fetchers of a test.
#[derive(Default)]
struct Memory(Mutex<HashMap<Url, SiteFile>>);

impl Memory {
    fn only(&self) -> SiteFile {
        self.0.lock().unwrap().values().next().unwrap().clone()
    }

    /// Makes everything older, or younger.
    fn shift(&self, by: SignedDuration) {
        for copy in self.0.lock().unwrap().values_mut() {
            copy.fetched = copy.fetched.checked_sub(by).unwrap();
        }
    }
}

impl HostMemory for Memory {
    fn site_file(&self, url: &Url) -> Option<SiteFile> {
        self.0.lock().unwrap().get(url).cloned()
    }

    fn keep_site_file(&self, file: &SiteFile) {
        self.0.lock().unwrap().insert(file.url.clone(), file.clone());
    }

    fn keep_rest(&self, _: &HostKey, _: Timestamp) {}
}

/// A site of which only the robots.txt matters.
async fn site(robots: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> FaultServer {
    FaultServer::start(move |seen| if seen.path == "/robots.txt" { robots(seen) } else { Reply::html("<p>Page.</p>") })
        .await
}

fn text(body: &str) -> Reply {
    Reply::new(200, "text/plain", body)
}

fn fetcher(server: &FaultServer, memory: &Arc<Memory>) -> Fetcher {
    let options = FetchOptions {
        delay: Duration::ZERO,
        backoff: Duration::from_millis(1),
        retries: 0,
        throttle_retries: 0,
        allow_hosts: vec![server.address.to_string().parse().unwrap()],
        ..FetchOptions::default()
    };
    let fetcher = Fetcher::new(options).unwrap();
    fetcher.remember_in(Arc::clone(memory) as Arc<dyn HostMemory>);
    fetcher
}

async fn get(fetcher: &Fetcher, server: &FaultServer, path: &str) -> Result<Page, FetchError> {
    fetcher.fetch(&Request::new(server.url(path), Accept::Page)).await
}

#[tokio::test]
async fn another_run_asks_no_more_within_a_day() {
    let memory = Arc::default();
    let server = site(|_| text("User-agent: *\nDisallow: /x\nSitemap: /map.xml\n")).await;
    for _ in 0..3 {
        let fetcher = fetcher(&server, &memory);
        assert_eq!(get(&fetcher, &server, "/x").await.unwrap_err().kind(), "robots");
        assert!(get(&fetcher, &server, "/y").await.is_ok());
        assert_eq!(fetcher.sitemaps(&server.url("/")).await.unwrap(), [server.url("/map.xml")]);
    }
    assert_eq!(server.count("/robots.txt"), 1);
    assert_eq!((memory.only().status, memory.only().url), (200, server.url("/robots.txt")));
}

#[tokio::test]
async fn after_a_day_it_is_asked_for_again() {
    let memory = Arc::default();
    let server = site(|seen| text(if seen.before == 0 { "" } else { "User-agent: *\nDisallow: /\n" })).await;
    assert!(get(&fetcher(&server, &memory), &server, "/x").await.is_ok());
    memory.shift(SignedDuration::from_mins(24 * 60 - 1));
    assert!(get(&fetcher(&server, &memory), &server, "/x").await.is_ok());
    assert_eq!(server.count("/robots.txt"), 1);
    memory.shift(SignedDuration::from_mins(1));
    assert_eq!(get(&fetcher(&server, &memory), &server, "/x").await.unwrap_err().kind(), "robots");
    assert_eq!(server.count("/robots.txt"), 2);
}

#[tokio::test]
async fn a_copy_from_the_future_is_not_trusted() {
    let memory = Arc::default();
    let server = site(|_| text("")).await;
    assert!(get(&fetcher(&server, &memory), &server, "/x").await.is_ok());
    memory.shift(SignedDuration::from_hours(-48));
    assert!(get(&fetcher(&server, &memory), &server, "/x").await.is_ok());
    assert_eq!(server.count("/robots.txt"), 2);
    assert!(memory.only().fetched <= Timestamp::now());
}

#[tokio::test]
async fn an_old_copy_does_not_open_a_site_whose_file_cannot_be_had() {
    for broken in [Reply::status(500), Reply::status(503), Reply::status(429), Reply::bare(200).reset()] {
        let memory = Arc::default();
        let server =
            site(move |seen| if seen.before == 0 { text("User-agent: *\nAllow: /\n") } else { broken.clone() }).await;
        assert!(get(&fetcher(&server, &memory), &server, "/x").await.is_ok());
        memory.shift(SignedDuration::from_hours(25));
        let second = fetcher(&server, &memory);
        assert_eq!(get(&second, &server, "/x").await.unwrap_err().kind(), "robots_unavailable");
        assert_eq!(server.count("/x"), 1);
    }
}

#[tokio::test]
async fn a_failure_that_a_server_reported_stands_for_a_while_in_the_next_run_too() {
    let memory = Arc::default();
    let server = site(|seen| if seen.before == 0 { Reply::status(503) } else { text("") }).await;
    for _ in 0..2 {
        let error = get(&fetcher(&server, &memory), &server, "/x").await.unwrap_err();
        assert_eq!(error.kind(), "robots_unavailable");
        assert!(error.to_string().contains("503 Service Unavailable"), "{error}");
        assert!(error.is_transient());
    }
    assert_eq!(server.count("/robots.txt"), 1);
    memory.shift(SignedDuration::from_mins(10));
    assert!(get(&fetcher(&server, &memory), &server, "/x").await.is_ok());
}

#[tokio::test]
async fn a_failure_of_the_network_is_forgotten_with_the_run() {
    let memory = Arc::default();
    let server = site(|seen| if seen.before == 0 { Reply::bare(200).reset() } else { text("") }).await;
    let first = fetcher(&server, &memory);
    assert_eq!(get(&first, &server, "/x").await.unwrap_err().kind(), "robots_unavailable");
    assert_eq!(get(&first, &server, "/x").await.unwrap_err().kind(), "robots_unavailable");
    assert_eq!(server.count("/robots.txt"), 1);
    assert!(get(&fetcher(&server, &memory), &server, "/x").await.is_ok());
}

#[tokio::test]
async fn what_each_status_means() {
    for (status, allowed) in [
        (200, true),
        (204, true),
        (300, false),
        (304, false),
        (400, true),
        (401, true),
        (403, true),
        (404, true),
        (410, true),
        (418, true),
        (429, false),
        (451, true),
        (499, true),
        (500, false),
        (503, false),
        (599, false),
    ] {
        let memory = Arc::default();
        let server = site(move |_| Reply::new(status, "text/plain", "")).await;
        for _ in 0..2 {
            let result = get(&fetcher(&server, &memory), &server, "/x").await;
            assert_eq!(result.is_ok(), allowed, "{status}: {result:?}");
        }
        assert_eq!(server.count("/robots.txt"), 1, "{status}");
        assert_eq!(server.count("/x"), if allowed { 2 } else { 0 }, "{status}");
    }
}

#[tokio::test]
async fn five_redirects_are_followed_and_a_sixth_is_not() {
    for (hops, allowed) in [(5, false), (6, true)] {
        let server = FaultServer::start(move |seen| match seen.path.strip_prefix("/r") {
            Some("obots.txt") => Reply::redirect(301, "/r1"),
            Some(number) if number.parse::<u32>().unwrap() < hops => {
                Reply::redirect(302, &format!("/r{}", number.parse::<u32>().unwrap() + 1))
            }
            Some(_) => text("User-agent: *\nDisallow: /\n"),
            None => Reply::html("<p>Page.</p>"),
        })
        .await;
        let result = get(&fetcher(&server, &Arc::default()), &server, "/x").await;
        assert_eq!(result.is_ok(), allowed, "{hops}: {result:?}");
    }
}

#[tokio::test]
async fn a_redirect_of_the_file_into_the_inside_closes_the_site() {
    let inside = FaultServer::start(|_| text("")).await;
    let port = inside.address.port();
    let server = site(move |_| Reply::redirect(302, &format!("http://127.0.0.2:{port}/robots.txt"))).await;
    let error = get(&fetcher(&server, &Arc::default()), &server, "/x").await.unwrap_err();
    assert_eq!(error.kind(), "robots_unavailable", "{error}");
    assert!(error.to_string().contains("127.0.0.2 is a loopback address"), "{error}");
    assert_eq!((inside.connections(), server.count("/x")), (0, 0));
}

#[tokio::test]
async fn rules_of_a_redirected_file_are_those_of_the_site_that_was_asked() {
    let other = FaultServer::start(|_| text("User-agent: *\nDisallow: /x\nSitemap: /map.xml\n")).await;
    let target = other.url("/elsewhere.txt").to_string();
    let server = site(move |_| Reply::redirect(302, &target)).await;
    let options = FetchOptions {
        delay: Duration::ZERO,
        allow_hosts: [server.address, other.address].map(|address| address.to_string().parse().unwrap()).to_vec(),
        ..FetchOptions::default()
    };
    let fetcher = Fetcher::new(options).unwrap();
    assert_eq!(get(&fetcher, &server, "/x").await.unwrap_err().kind(), "robots");
    assert_eq!(fetcher.sitemaps(&server.url("/")).await.unwrap(), [server.url("/map.xml")]);
}

#[tokio::test]
async fn what_is_beyond_500_kib_is_ignored_and_the_line_that_is_cut() {
    let server = site(|_| {
        let mut body = "User-agent: *\nDisallow: /early\n".to_owned();
        body.push_str(&"#".repeat(500 * 1024 - body.len() - 12));
        // The limit falls behind the slash.
        body.push_str("\nDisallow: /late\nDisallow: /later\n");
        text(&body)
    })
    .await;
    let fetcher = fetcher(&server, &Arc::default());
    assert_eq!(get(&fetcher, &server, "/early").await.unwrap_err().kind(), "robots");
    assert!(get(&fetcher, &server, "/x").await.is_ok());
    assert!(get(&fetcher, &server, "/later").await.is_ok());
}

#[tokio::test]
async fn a_delay_holds_in_the_next_run_without_asking_again() {
    let memory = Arc::default();
    let server = site(|_| text("User-agent: *\nCrawl-delay: 0.2\n")).await;
    for _ in 0..2 {
        let fetcher = fetcher(&server, &memory);
        for path in ["/a", "/b"] {
            get(&fetcher, &server, path).await.unwrap();
        }
    }
    let log = server.log();
    assert_eq!(log.iter().map(|seen| seen.path.as_str()).collect::<Vec<_>>(), ["/robots.txt", "/a", "/b", "/a", "/b"]);
    for pair in [[0, 1], [1, 2], [3, 4]] {
        let gap = log[pair[1]].start - log[pair[0]].start;
        assert!(gap >= Duration::from_millis(200), "{pair:?}: {gap:?}");
    }
}
