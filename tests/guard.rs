//! Forbidden addresses, in every spelling and from every place that an address can come from. What a name service may
//! answer is tested beside the guard itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::archive::{Archive, ArchiveOptions};
use copydesk::crawl::{CrawlOptions, Parts, Silent, Source, run};
use copydesk::extract;
use copydesk::fetch::{Accept, FetchOptions, Fetcher, Request};
use copydesk::frontier::{RevisitRule, SqliteFrontier};
use std::sync::Arc;
use std::time::Duration;
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Ways to write an address that nobody may be led to.
const SPELLINGS: [&str; 76] = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://127.255.255.254/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.b.localhost/",
    "http://user@127.0.0.1/",
    "http://news.example@127.0.0.1/",
    "http:\\\\127.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://10.0.0.1/",
    "http://012.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://192.168.257/",
    "http://3232235777/",
    "http://100.64.0.1/",
    "http://100.127.255.255/",
    "http://169.254.0.1/",
    "http://169.254.169.254/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fdff::1]/",
    "http://224.0.0.1/",
    "http://239.255.255.255/",
    "http://[ff02::1]/",
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://198.18.0.1/",
    "http://[2001:db8::1]/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.0.192/",
    "http://[100::1]/",
    "http://[4000::1]/",
    "http://0300.0250.0.1/",
    "http://0xC0.0xA8.0x0.0x1/",
    "http://127.1./",
    "http://1０.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://0251.0376.0251.0376/",
    "http://169.254.43518/",
    "http://[0000:0000:0000:0000:0000:ffff:a9fe:a9fe]/",
    "http://[::FFFF:10.1.2.3]/",
    "http://4294967295/",
    "http://00000000177.0.0.1/",
];

/// Ways to write one that are no address to a browser, and that a laxer reader might take for one.
const NO_ADDRESSES: [&str; 5] = [
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::ffff:127.1]/",
    "http://256.256.256.256/",
    "http://127.0.0.0x100/",
];

fn options(server: &FaultServer) -> FetchOptions {
    FetchOptions {
        delay: Duration::ZERO,
        allow_hosts: vec![server.address.to_string().parse().unwrap()],
        ..FetchOptions::default()
    }
}

#[tokio::test]
async fn forbidden_addresses_in_every_spelling() {
    let fetcher = Fetcher::new(FetchOptions { delay: Duration::ZERO, ..FetchOptions::default() }).unwrap();
    for text in SPELLINGS {
        let error = fetcher.fetch(&Request::new(Url::parse(text).unwrap(), Accept::Page)).await.unwrap_err();
        assert_eq!(error.kind(), "refused_address", "{text}: {error}");
    }
    for text in NO_ADDRESSES {
        assert!(Url::parse(text).is_err(), "{text}");
    }
}

#[tokio::test]
async fn redirects_to_forbidden_addresses_in_every_spelling() {
    let all: Vec<&str> = SPELLINGS.into_iter().chain(NO_ADDRESSES).collect();
    let server = FaultServer::start(|seen: &Seen| match seen.path.strip_prefix("/to/") {
        Some(number) => {
            let all: Vec<&str> = SPELLINGS.into_iter().chain(NO_ADDRESSES).collect();
            Reply::redirect(302, all[number.parse::<usize>().unwrap()])
        }
        None => Reply::status(404),
    })
    .await;
    let fetcher = Fetcher::new(options(&server)).unwrap();
    for (number, text) in all.iter().enumerate() {
        let url = server.url(&format!("/to/{number}"));
        let error = fetcher.fetch(&Request::new(url, Accept::Page)).await.unwrap_err();
        let expected = if number < SPELLINGS.len() { "refused_address" } else { "bad_redirect" };
        assert_eq!(error.kind(), expected, "{text}: {error}");
    }
}

#[tokio::test]
async fn feeds_sitemaps_and_robots_files_that_lead_inside() {
    // What must not be reached, by any of its names.
    let trap = FaultServer::start(|_| Reply::html("<p>Secret.</p>")).await;
    let port = trap.address.port();
    let inside = [
        format!("http://127.0.0.1:{port}"),
        format!("http://127.1:{port}"),
        format!("http://2130706433:{port}"),
        format!("http://0x7f.0.0.1:{port}"),
        format!("http://0177.0.0.1:{port}"),
        format!("http://１２７.0.0.1:{port}"),
        format!("http://[::ffff:127.0.0.1]:{port}"),
        format!("http://[64:ff9b::7f00:1]:{port}"),
        format!("http://localhost:{port}"),
        format!("http://inside.test:{port}"),
    ];
    let links = inside.clone();
    let server = FaultServer::start(move |seen: &Seen| {
        let story = |number: usize| format!("{}/2026/11/01/story-number-{number}/", links[number]);
        match seen.path.as_str() {
            "/robots.txt" => Reply::new(
                200,
                "text/plain",
                format!("User-agent: *\nSitemap: {}/map.xml\nSitemap: /map.xml\nSitemap: /moved.xml\n", links[0]),
            ),
            "/moved.xml" => Reply::redirect(301, &format!("{}/map.xml", links[1])),
            "/" => Reply::html("<link rel=alternate type=application/rss+xml href=/feed.xml><p>Front page.</p>"),
            "/feed.xml" => {
                let items =
                    (0..links.len()).map(|n| format!("<item><title>Story</title><link>{}</link></item>", story(n)));
                let items = items.collect::<Vec<_>>().concat();
                let feed = format!("<rss version='2.0'><channel><title>Ledger</title>{items}</channel></rss>");
                Reply::new(200, "application/rss+xml", feed)
            }
            "/map.xml" => {
                let urls = (0..links.len()).map(|n| format!("<url><loc>{}?map</loc></url>", story(n)));
                let urls = urls.collect::<Vec<_>>().concat();
                let map = format!("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>");
                Reply::new(200, "application/xml", map)
            }
            _ => Reply::status(404),
        }
    })
    .await;
    let folder = TempDir::new().unwrap();
    let archive = ArchiveOptions { path: folder.path().to_owned(), ..ArchiveOptions::default() };
    let resolve = [("inside.test".to_owned(), trap.address)].into();
    let parts = Parts {
        fetcher: Fetcher::new(FetchOptions { resolve, ..options(&server) }).unwrap(),
        frontier: Arc::new(SqliteFrontier::in_memory(RevisitRule::default()).unwrap()),
        archive: Archive::open(&archive).unwrap(),
        clean: extract::Options::default(),
        sources: vec![Source::new("ledger", server.url("/"))],
    };
    let summary = run(parts, &CrawlOptions::default(), Arc::new(Silent), CancellationToken::new()).await.unwrap();
    assert_eq!((trap.connections(), summary.total.articles), (0, 0));
    let refused = &summary.total.failed["refused_address"];
    assert!(refused.count >= 6, "{:?}", summary.total);
    assert!(server.count("/feed.xml") == 1 && server.count("/map.xml") == 1 && server.count("/moved.xml") == 1);
}
