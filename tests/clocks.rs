//! The clocks of hosts over a restart, by the log of the server itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use assert_cmd::cargo::cargo_bin;
use std::fmt::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;

/// What the clock of the test may be off: an answer is written down as ended after its last byte was handed over.
const TOLERANCE: Duration = Duration::from_millis(20);

fn story(number: usize) -> Reply {
    let text = "The harbour master said on Monday that the new bridge would open to traffic in the spring. ".repeat(8);
    Reply::html(&format!("<title>Story {number}</title><article><h1>Story {number}</h1><p>{text}</p></article>"))
}

fn feed(seen: &Seen) -> Reply {
    let host = seen.header("host").unwrap();
    let mut items = String::new();
    for number in 0..40 {
        write!(items, "<item><title>Story</title><link>http://{host}/2026/11/01/story-number-{number}/</link></item>")
            .unwrap();
    }
    Reply::new(
        200,
        "application/rss+xml",
        format!("<rss version='2.0'><channel><title>L</title>{items}</channel></rss>"),
    )
}

fn crawl(folder: &Path) -> Child {
    Command::new(cargo_bin("copydesk"))
        .args(["crawl", "--quiet"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn configure(folder: &Path, server: &FaultServer, fetch: &str, source: &str) {
    let address = server.address;
    let text = format!(
        "[fetch]\nuser_agent = \"ClockTest/1\"\nallow_hosts = [\"{address}\"]\n{fetch}\n\
         [[source]]\nname = \"ledger\"\nurl = \"http://{address}/\"\nfeeds = [\"/feed.xml\"]\n{source}\n"
    );
    std::fs::write(folder.join("config.toml"), text).unwrap();
}

/// Waits until the server has seen so many requests, or for as long as no test should take.
async fn seen(server: &FaultServer, count: usize) {
    for _ in 0..2000 {
        if server.log().len() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("only {:?}", server.log());
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The pauses between the end of each answer and the beginning of the next request.
fn gaps(server: &FaultServer) -> Vec<Duration> {
    server.log().windows(2).map(|pair| pair[1].start.saturating_duration_since(pair[0].end)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_comes_before_its_time_also_after_kills() {
    for (robots, fetch, least) in
        [("", "delay = \"400ms\"", 400), ("User-agent: *\nCrawl-delay: 0.6\n", "delay = \"100ms\"", 600)]
    {
        let server = FaultServer::start(move |seen: &Seen| match seen.path.as_str() {
            "/robots.txt" => Reply::new(200, "text/plain", robots),
            "/feed.xml" => feed(seen),
            _ => story(seen.before),
        })
        .await;
        let folder = TempDir::new().unwrap();
        configure(folder.path(), &server, fetch, "");
        let mut count = 0;
        for more in [3, 1, 2, 4] {
            let child = crawl(folder.path());
            count += more;
            seen(&server, count).await;
            // Right behind a request, which is when a restart would come too early.
            kill(child);
            count = server.log().len();
        }
        let least = Duration::from_millis(least);
        let gaps = gaps(&server);
        assert!(gaps.len() >= 9 && gaps.iter().all(|gap| *gap + TOLERANCE >= least), "{least:?}: {gaps:?}");
        assert_eq!(server.count("/robots.txt"), 1, "it is kept over a kill");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rest_that_the_server_asked_for_outlives_a_kill() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", ""),
        "/feed.xml" if seen.before == 0 => Reply::new(429, "text/plain", "").header("Retry-After", "2"),
        "/feed.xml" => feed(seen),
        _ => story(seen.before),
    })
    .await;
    let folder = TempDir::new().unwrap();
    configure(folder.path(), &server, "delay = \"10ms\"", "");
    let child = crawl(folder.path());
    seen(&server, 2).await;
    // Long enough for the answer to arrive and be kept, much shorter than the rest.
    tokio::time::sleep(Duration::from_millis(500)).await;
    kill(child);
    let child = crawl(folder.path());
    seen(&server, 4).await;
    kill(child);
    let gap = gaps(&server)[1];
    assert!(gap + TOLERANCE >= Duration::from_secs(2), "{gap:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_rest_holds_no_place_and_costs_no_retry() {
    let patient = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", ""),
        // More often than there are retries, of which there are none.
        "/feed.xml" if seen.before < 2 => Reply::new(429, "text/plain", "").header("Retry-After", "5"),
        "/feed.xml" => feed(seen),
        _ => story(seen.before),
    })
    .await;
    let other = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", ""),
        "/feed.xml" => feed(seen),
        _ => story(seen.before),
    })
    .await;
    let folder = TempDir::new().unwrap();
    let (one, two) = (patient.address, other.address);
    let text = format!(
        "[fetch]\nallow_hosts = [\"{one}\", \"{two}\"]\ndelay = \"20ms\"\nconcurrency = 1\nretries = 0\n\
         [[source]]\nname = \"patient\"\nurl = \"http://{one}/\"\nfeeds = [\"/feed.xml\"]\nmax_pages = 3\n\
         [[source]]\nname = \"other\"\nurl = \"http://{two}/\"\nfeeds = [\"/feed.xml\"]\n"
    );
    std::fs::write(folder.path().join("config.toml"), text).unwrap();
    let mut child = crawl(folder.path());
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert!(status.success());
    let log = patient.log();
    let feeds: Vec<&Seen> = log.iter().filter(|seen| seen.path == "/feed.xml").collect();
    assert_eq!((feeds.len(), log.len()), (3, 1 + 3 + 3));
    for pair in feeds.windows(2) {
        assert!(pair[1].start - pair[0].end + TOLERANCE >= Duration::from_secs(5));
    }
    // All 40 stories of the other site, in one place, while this one rested.
    let meanwhile = other.log().iter().filter(|seen| seen.start < feeds[1].start).count();
    assert_eq!(meanwhile, 2 + 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_gets_a_longer_pause() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", ""),
        "/feed.xml" => feed(seen),
        _ => Reply::bare(200)
            .header("Content-Type", "text/html")
            .header("Connection", "close")
            .wait(Duration::from_millis(200))
            .send("<p>Short.</p>")
            .close(),
    })
    .await;
    let folder = TempDir::new().unwrap();
    configure(folder.path(), &server, "delay = \"10ms\"\ndelay_factor = 2", "max_pages = 3");
    let mut child = crawl(folder.path());
    tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    let gaps = gaps(&server);
    assert_eq!(gaps.len(), 4);
    assert!(gaps[2..].iter().all(|gap| *gap + TOLERANCE >= Duration::from_millis(400)), "{gaps:?}");
    assert!(gaps[..2].iter().all(|gap| *gap < Duration::from_millis(300)), "{gaps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_down_stays_given_up_in_the_next_run() {
    // Bound and closed again: nobody listens there now.
    let dead = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = FaultServer::start(move |seen: &Seen| {
        let item = |n: usize| {
            format!(
                "<item><title>Story</title><link>http://{dead}/2026/11/0{}/story-number-{n}/</link></item>",
                seen.before + 1
            )
        };
        let items = (0..5).map(item).collect::<Vec<_>>().concat();
        Reply::new(
            200,
            "application/rss+xml",
            format!("<rss version='2.0'><channel><title>L</title>{items}</channel></rss>"),
        )
    })
    .await;
    let folder = TempDir::new().unwrap();
    let fetch = "delay = \"0s\"\nretries = 0\nobey_robots = false";
    configure(folder.path(), &server, fetch, "");
    let config = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
    let both = format!("allow_hosts = [\"{dead}\", ");
    std::fs::write(folder.path().join("config.toml"), config.replace("allow_hosts = [", &both)).unwrap();
    for expected in [[3, 2], [0, 5]] {
        let mut child = crawl(folder.path());
        tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
        let latest = std::fs::read_to_string(folder.path().join("archive/runs/latest.json")).unwrap();
        let summary: serde_json::Value = serde_json::from_str(&latest).unwrap();
        let count = |reason: &str| summary["total"]["failed"][reason]["count"].as_u64().unwrap_or_default();
        assert_eq!([count("connect"), count("host_down")], expected, "{latest}");
        // A feed that was looked at within the minute is not looked at again.
        rusqlite::Connection::open(folder.path().join("archive/copydesk.db"))
            .and_then(|store| store.execute("UPDATE url SET fetched = 0 WHERE kind = 'FEED'", []))
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robots_file_that_wants_patience_holds_no_place_and_is_no_permission() {
    let patient = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" if seen.before < 2 => Reply::new(429, "text/plain", "").header("Retry-After", "2"),
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /sitemap.xml\nSitemap: /map.xml\n"),
        "/map.xml" => {
            let story = format!("http://{}/2026/11/01/story-number-1/", seen.header("host").unwrap());
            let map = format!(
                "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{story}</loc></url></urlset>"
            );
            Reply::new(200, "application/xml", map)
        }
        _ => story(seen.before),
    })
    .await;
    let other = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", ""),
        "/feed.xml" => feed(seen),
        _ => story(seen.before),
    })
    .await;
    let folder = TempDir::new().unwrap();
    let (one, two) = (patient.address, other.address);
    let text = format!(
        "[fetch]\nallow_hosts = [\"{one}\", \"{two}\"]\ndelay = \"20ms\"\nconcurrency = 1\nretries = 0\n\
         [[source]]\nname = \"patient\"\nurl = \"http://{one}/\"\n\
         [[source]]\nname = \"other\"\nurl = \"http://{two}/\"\nfeeds = [\"/feed.xml\"]\n"
    );
    std::fs::write(folder.path().join("config.toml"), text).unwrap();
    let mut child = crawl(folder.path());
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert!(status.success());
    let log = patient.log();
    assert!(log[..3].iter().all(|seen| seen.path == "/robots.txt") && patient.count("/robots.txt") == 3, "{log:?}");
    for pair in log[..3].windows(2) {
        assert!(pair[1].start - pair[0].end + TOLERANCE >= Duration::from_secs(2));
    }
    assert_eq!((patient.count("/map.xml"), patient.count("/2026/11/01/story-number-1/")), (1, 1), "{log:?}");
    let meanwhile = other.log().iter().filter(|seen| seen.start < log[1].start).count();
    assert_eq!(meanwhile, 2 + 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pause_after_robots_txt_holds_no_place() {
    let patient = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nCrawl-delay: 3\n"),
        "/feed.xml" => feed(seen),
        _ => story(seen.before),
    })
    .await;
    let other = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", ""),
        "/feed.xml" => feed(seen),
        _ => story(seen.before),
    })
    .await;
    let folder = TempDir::new().unwrap();
    let (one, two) = (patient.address, other.address);
    let text = format!(
        "[fetch]\nallow_hosts = [\"{one}\", \"{two}\"]\ndelay = \"20ms\"\nconcurrency = 1\n\
         [[source]]\nname = \"patient\"\nurl = \"http://{one}/\"\nfeeds = [\"/feed.xml\"]\nmax_pages = 1\n\
         [[source]]\nname = \"other\"\nurl = \"http://{two}/\"\nfeeds = [\"/feed.xml\"]\n"
    );
    std::fs::write(folder.path().join("config.toml"), text).unwrap();
    let mut child = crawl(folder.path());
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert!(status.success());
    let log = patient.log();
    let paths: Vec<&str> = log.iter().map(|seen| seen.path.as_str()).take(2).collect();
    assert_eq!((paths, log.len()), (vec!["/robots.txt", "/feed.xml"], 3));
    for pair in log.windows(2) {
        assert!(pair[1].start - pair[0].end + TOLERANCE >= Duration::from_secs(3));
    }
    let meanwhile = other.log().iter().filter(|seen| seen.start < log[1].start).count();
    assert_eq!(meanwhile, 2 + 40, "all of the other site, in the one place");
}
