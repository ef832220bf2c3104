//! What single sources need to be let in, where it goes and where it does not; budgets of addresses; redirects to hosts
//! that rest.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use assert_cmd::cargo::cargo_bin;
use copydesk::archive::{Archive, ArchiveOptions};
use copydesk::crawl::{CrawlOptions, Parts, Silent, Source, run};
use copydesk::extract;
use copydesk::fetch::{Accept, FetchOptions, Fetcher, Request};
use copydesk::frontier::{RevisitRule, SqliteFrontier};
use copydesk::model::HostKey;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use url::Url;

const STORY: &str = "/2026/11/01/the-bridge-opens-in-the-spring/";
const MOVED: &str = "/2026/11/02/the-bridge-moved-to-another-paper/";

/// "archive:open sesame"
const LOGIN: &str = "Basic YXJjaGl2ZTpvcGVuIHNlc2FtZQ==";

fn story() -> Reply {
    let text = "The harbour master said on Monday that the new bridge would open to traffic in the spring. ".repeat(8);
    Reply::html(&format!("<title>Bridge</title><article><h1>Bridge</h1><p>{text}</p></article>"))
}

fn feed(host: &str, paths: &[&str]) -> Reply {
    let item = |path: &&str| format!("<item><title>Bridge</title><link>http://{host}{path}</link></item>");
    let items = paths.iter().map(item).collect::<Vec<_>>().concat();
    Reply::new(200, "application/rss+xml", format!("<rss version='2.0'><channel>{items}</channel></rss>"))
}

/// Two papers on one server; a story of the first has moved to the second.
fn papers(seen: &Seen) -> Reply {
    let host = seen.header("host").unwrap();
    match seen.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/feed.xml" => feed(host, &[STORY, MOVED]).header("Set-Cookie", "seen=yes; Path=/"),
        MOVED if host.starts_with("ledger.") => {
            Reply::redirect(302, &format!("http://{}{MOVED}", host.replace("ledger.", "other.")))
        }
        _ => story(),
    }
}

fn crawl(folder: &Path, address: &str, source: &str, variables: &[(&str, &str)]) -> Output {
    let config = format!(
        "[fetch]\ndelay = \"0s\"\nallow_hosts = [\"ledger.localhost\", \"other.localhost\"]\n[[source]]\nname = \"ledger\"\n\
         url = \"http://ledger.{address}/\"\nfeeds = [\"/feed.xml\"]\n{source}"
    );
    std::fs::write(folder.join("config.toml"), config).unwrap();
    let mut command = Command::new(cargo_bin("copydesk"));
    command.args(["crawl", "-vv"]).current_dir(folder).env("RUST_LOG", "trace").envs(variables.iter().copied());
    command.output().unwrap()
}

async fn crawled(
    folder: &TempDir,
    address: String,
    source: &'static str,
    variables: &'static [(&str, &str)],
) -> Output {
    let folder = folder.path().to_owned();
    tokio::task::spawn_blocking(move || crawl(&folder, &address, source, variables)).await.unwrap()
}

fn sent<'a>(log: &'a [Seen], host: &str, name: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let of_host = log.iter().filter(|seen| seen.host() == host);
    of_host.map(|seen| (seen.path.as_str(), seen.header(name))).collect()
}

/// Every byte of every file below a folder.
fn bytes_of(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() { bytes_of(&path) } else { std::fs::read(path).unwrap() });
    }
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_and_login_go_to_their_host_alone_and_are_never_told() {
    let server = FaultServer::start(papers).await;
    let folder = TempDir::new().unwrap();
    let output = crawled(
        &folder,
        format!("localhost:{}", server.address.port()),
        "headers = { \"X-Reader\" = \"yes\", \"X-Key\" = { env = \"LEDGER_KEY\" } }\n\
         login = { user = \"archive\", password_env = \"LEDGER_PASSWORD\" }\n",
        &[("LEDGER_KEY", "k-8812-secret"), ("LEDGER_PASSWORD", "open sesame")],
    )
    .await;
    assert!(output.status.success(), "{output:?}");
    let log = server.log();
    for (name, value) in [("x-reader", "yes"), ("x-key", "k-8812-secret"), ("authorization", LOGIN)] {
        let own = sent(&log, "ledger.localhost", name);
        assert!(own.len() == 4 && own.iter().all(|(_, sent)| *sent == Some(value)), "{name}: {own:?}");
        let other = sent(&log, "other.localhost", name);
        assert!(other.len() == 2 && other.iter().all(|(_, sent)| sent.is_none()), "{name}: {other:?}");
    }
    let told = [output.stdout, output.stderr, bytes_of(&folder.path().join("archive"))].concat();
    for secret in ["k-8812-secret", "open sesame", LOGIN.trim_start_matches("Basic ")] {
        assert!(!holds(&told, secret), "{secret} was told");
    }
    assert!(server.log().iter().all(|seen| seen.header("cookie").is_none()), "nobody asked for cookies");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_not_there_is_named_before_anything_is_asked() {
    let server = FaultServer::start(papers).await;
    let folder = TempDir::new().unwrap();
    let source = "login = { user = \"archive\", password_env = \"NO_SUCH_PASSWORD\" }\n";
    let output = crawled(&folder, format!("localhost:{}", server.address.port()), source, &[]).await;
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("NO_SUCH_PASSWORD is not set") && message.contains("source ledger"), "{message}");
    assert!(server.log().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_go_back_to_where_they_came_from_if_asked() {
    let server = FaultServer::start(papers).await;
    let folder = TempDir::new().unwrap();
    let output = crawled(&folder, format!("localhost:{}", server.address.port()), "cookies = true\n", &[]).await;
    assert!(output.status.success(), "{output:?}");
    let log = server.log();
    for (path, cookie) in sent(&log, "ledger.localhost", "cookie") {
        let expected = (path == STORY || path == MOVED).then_some("seen=yes");
        assert_eq!(cookie, expected, "{path}");
    }
    assert!(sent(&log, "other.localhost", "cookie").iter().all(|(_, cookie)| cookie.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_s_own_http_proxy_gets_its_requests_and_no_others() {
    let proxy = FaultServer::start(|seen: &Seen| {
        let path = Url::parse(&seen.path).unwrap().path().to_owned();
        papers(&Seen { path, ..seen.clone() })
    })
    .await;
    let direct = FaultServer::start(papers).await;
    let folder = TempDir::new().unwrap();
    let port = direct.address.port();
    let address: &'static str = Box::leak(format!("http://user:hush-hush@{}", proxy.address).into_boxed_str());
    let variables: &'static [(&str, &str)] = Box::leak(Box::new([("LEDGER_PROXY", address)]));
    let second: &'static str = Box::leak(
        format!(
            "proxy = {{ env = \"LEDGER_PROXY\" }}\n[[source]]\nname = \"other\"\nurl = \"http://other.localhost:{port}/\"\n\
             feeds = [\"/feed.xml\"]\n"
        )
        .into_boxed_str(),
    );
    let output = crawled(&folder, format!("localhost:{port}"), second, variables).await;
    assert!(output.status.success(), "{output:?}");
    let ledger = format!("http://ledger.localhost:{port}");
    assert_eq!(proxy.count(&format!("{ledger}/robots.txt")), 1);
    assert_eq!(proxy.count(&format!("{ledger}{STORY}")), 1);
    assert!(proxy.log().iter().all(|seen| seen.header("proxy-authorization").is_some()));
    assert!(direct.log().iter().all(|seen| seen.host() == "other.localhost"), "{:?}", direct.log());
    assert_eq!(direct.count(STORY), 1);
    let told = [output.stdout, output.stderr, bytes_of(&folder.path().join("archive"))].concat();
    assert!(!holds(&told, "hush-hush"));
}

/// A SOCKS5 proxy without a login (RFC 1928) that takes every name for this machine.
async fn socks(listener: TcpListener) {
    while let Ok((mut client, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut head = [0; 2];
            client.read_exact(&mut head).await.unwrap();
            let mut methods = vec![0; usize::from(head[1])];
            client.read_exact(&mut methods).await.unwrap();
            client.write_all(&[5, 0]).await.unwrap();
            let mut request = [0; 5];
            client.read_exact(&mut request).await.unwrap();
            let length = match request[3] {
                3 => usize::from(request[4]),
                1 => 3,
                _ => 15,
            };
            let mut rest = vec![0; length + 2];
            client.read_exact(&mut rest).await.unwrap();
            let port = u16::from_be_bytes([rest[length], rest[length + 1]]);
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socks_proxy_resolves_the_names() {
    let server = FaultServer::start(|_: &Seen| story()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = Url::parse(&format!("socks5h://{}", listener.local_addr().unwrap())).unwrap();
    let task = tokio::spawn(socks(listener));
    let options = FetchOptions { proxy: Some(proxy), obey_robots: false, ..FetchOptions::default() };
    // A name that no name service knows.
    let url = format!("http://no-such-name.invalid:{}{STORY}", server.address.port());
    let request = Request::new(Url::parse(&url).unwrap(), Accept::Page);
    let page = Fetcher::new(options).unwrap().fetch(&request).await.unwrap();
    assert_eq!((page.status, server.count(STORY)), (200, 1));
    task.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_that_share_an_address_share_a_budget() {
    for per_address in [2, 0] {
        let server = FaultServer::start(|_: &Seen| {
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\n<p>Hi";
            Reply::silent().wait(Duration::from_millis(500)).send(answer)
        })
        .await;
        let port = server.address.port();
        let hosts: Vec<String> = (0..6).map(|number| format!("host{number}.localhost:{port}")).collect();
        let options = FetchOptions {
            delay: Duration::ZERO,
            obey_robots: false,
            per_address,
            allow_hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(),
            ..FetchOptions::default()
        };
        let fetcher = Fetcher::new(options).unwrap();
        let ask = |host: &String| {
            let request = Request::new(Url::parse(&format!("http://{host}{STORY}")).unwrap(), Accept::Page);
            let fetcher = fetcher.clone();
            async move { fetcher.fetch(&request).await.unwrap() }
        };
        futures_util::future::join_all(hosts.iter().map(ask)).await;
        let log = server.log();
        let at_once =
            |seen: &Seen| log.iter().filter(|other| other.start <= seen.start && seen.start < other.end).count();
        assert_eq!(log.len(), 6);
        let most = log.iter().map(at_once).max().unwrap();
        assert!(if per_address == 2 { most <= 2 } else { most > 2 }, "{most} at once of {per_address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_budget_of_one_an_address_is_asked_like_one_host() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/feed.xml" => feed(seen.header("host").unwrap(), &[STORY, "/2026/11/03/another-story-of-the-bridge/"]),
        _ => story(),
    })
    .await;
    let port = server.address.port();
    let folder = TempDir::new().unwrap();
    let delay = Duration::from_millis(100);
    let home = |number: usize| Url::parse(&format!("http://host{number}.localhost:{port}/")).unwrap();
    let fetcher = Fetcher::new(FetchOptions {
        delay,
        per_address: 1,
        allow_hosts: (0..3).map(|number| format!("host{number}.localhost:{port}").parse().unwrap()).collect(),
        ..FetchOptions::default()
    })
    .unwrap();
    let source = |number: usize| {
        let feeds = vec![home(number).join("/feed.xml").unwrap()];
        Source { feeds, ..Source::new(format!("host{number}"), home(number)) }
    };
    let archive = ArchiveOptions { path: folder.path().to_owned(), ..ArchiveOptions::default() };
    let parts = Parts {
        fetcher,
        frontier: Arc::new(SqliteFrontier::in_memory(RevisitRule::default()).unwrap()),
        archive: Archive::open(&archive).unwrap(),
        clean: extract::Options::default(),
        sources: (0..3).map(source).collect(),
    };
    let options = CrawlOptions { concurrency: 4, ..CrawlOptions::default() };
    let summary = run(parts, &options, Arc::new(Silent), CancellationToken::new()).await.unwrap();
    assert_eq!((summary.total.fetched, summary.total.failed_in_all()), (6, 0), "{summary:#?}");
    let log = server.log();
    assert_eq!(log.len(), 3 * 4);
    for pair in log.windows(2) {
        let gap = pair[1].start.saturating_duration_since(pair[0].end);
        assert!(gap + Duration::from_millis(20) >= delay, "{gap:?} between {} and {}", pair[0].path, pair[1].path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_a_host_that_rests_holds_nobody_up() {
    let stories: Vec<String> =
        (0..12).map(|number| format!("/2026/11/0{}/a-story-of-bridges-{number}/", number % 9 + 1)).collect();
    let paths = stories.clone();
    let server = FaultServer::start(move |seen: &Seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/robots.txt" => Reply::status(404),
            "/feed.xml" => feed(host, &paths.iter().map(String::as_str).chain([MOVED]).collect::<Vec<_>>()),
            _ => papers(seen),
        }
    })
    .await;
    let port = server.address.port();
    let folder = TempDir::new().unwrap();
    let host = |name: &str| format!("{name}.localhost:{port}");
    let fetcher = Fetcher::new(FetchOptions {
        delay: Duration::from_millis(10),
        allow_hosts: vec![host("ledger").parse().unwrap(), host("other").parse().unwrap()],
        ..FetchOptions::default()
    })
    .unwrap();
    let rests = SignedDuration::from_secs(3);
    let until = Timestamp::now().checked_add(rests).unwrap();
    let other = HostKey::of(&Url::parse(&format!("http://{}/", host("other"))).unwrap());
    fetcher.hold_host(&other, until);
    let home = Url::parse(&format!("http://{}/", host("ledger"))).unwrap();
    let source = Source { feeds: vec![home.join("/feed.xml").unwrap()], ..Source::new("ledger", home) };
    let archive = ArchiveOptions { path: folder.path().to_owned(), ..ArchiveOptions::default() };
    let parts = Parts {
        fetcher,
        frontier: Arc::new(SqliteFrontier::in_memory(RevisitRule::default()).unwrap()),
        archive: Archive::open(&archive).unwrap(),
        clean: extract::Options::default(),
        sources: vec![source],
    };
    let options = CrawlOptions { concurrency: 1, ..CrawlOptions::default() };
    let summary = run(parts, &options, Arc::new(Silent), CancellationToken::new()).await.unwrap();
    assert_eq!(summary.total.new, 13, "{summary:#?}");
    let log = server.log();
    let first = log.iter().find(|seen| seen.host() == "other.localhost").unwrap();
    let before = log.iter().filter(|seen| seen.host() == "ledger.localhost" && seen.end <= first.start).count();
    assert_eq!(before, 2 + 13, "all of the ledger, before the other paper is asked");
    let asked: Vec<&str> =
        log.iter().filter(|seen| seen.host() == "other.localhost").map(|seen| seen.path.as_str()).collect();
    assert_eq!(asked, ["/robots.txt", MOVED]);
}
