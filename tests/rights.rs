//! What publishers say of the use of their pages, from the wire to the record, and what becomes of a page when it is
//! obeyed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::crawl::{CrawlOptions, Source};
use std::collections::BTreeMap;
use support::crawled::crawl;
use support::{FaultServer, Reply, Seen};

const BODY: &str = "<p>The harbour master said on Monday that the new bridge would open to traffic in the spring, after two \
    years of work and a long dispute about its height.</p><p>Fishermen had asked for a higher span, because their masts \
    would not pass below it at spring tide. The council followed them in the end, and paid for four more metres of \
    steel. The first lorry is to cross on the first of May, and the old ferry will then be sold to an island in the \
    north, where a crew is already being trained for it.</p>";

/// A story whose head holds something.
fn story(head: &str) -> Reply {
    Reply::html(&format!(
        "<html lang=en><head><title>Bridge to open</title><meta property=og:type content=article>{head}</head>\
         <body><article><h1>Bridge to open</h1>{BODY}</article></body></html>"
    ))
}

/// A site whose feed names its stories; each path is answered by `stories`.
async fn site(robots: &'static str, stories: &'static [&'static str], answer: fn(&str) -> Reply) -> FaultServer {
    FaultServer::start(move |seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", robots),
        "/feed.xml" => {
            let host = seen.header("host").unwrap();
            let item = |path: &&str| format!("<item><title>Bridge</title><link>http://{host}{path}</link></item>");
            let items = stories.iter().map(item).collect::<Vec<_>>().concat();
            let feed = format!("<rss version=\"2.0\"><channel><title>Ledger</title>{items}</channel></rss>");
            Reply::new(200, "application/rss+xml", feed)
        }
        path => answer(path),
    })
    .await
}

fn respecting(words: &[&str]) -> CrawlOptions {
    let respect = words.iter().map(|word| word.parse().unwrap()).collect();
    CrawlOptions { respect, ..CrawlOptions::default() }
}

const PLAIN: &str = "/2026/11/01/plain-story-of-a-bridge/";
const HEADER: &str = "/2026/11/02/header-story-of-a-bridge/";
const TAG: &str = "/2026/11/03/tag-story-of-a-bridge/";
const OTHERS: &str = "/2026/11/04/others-story-of-a-bridge/";
const OURS: &str = "/2026/11/05/ours-story-of-a-bridge/";
const OLD: &str = "/2026/11/06/old-story-of-a-bridge/";
const ALL: &[&str] = &[PLAIN, HEADER, TAG, OTHERS, OURS, OLD];

fn directives(path: &str) -> Reply {
    match path {
        PLAIN => story(""),
        HEADER => story("").header("X-Robots-Tag", "noarchive, noindex"),
        TAG => story("<meta name=ROBOTS content='NoAI, NoImageAI, nofollow'>"),
        OTHERS => story("<meta name=googlebot content=noarchive>").header("X-Robots-Tag", "otherbot: noindex, noai"),
        OURS => {
            story("<meta name=copydesk content=noarchive>").header("X-Robots-Tag", "otherbot: none, copydesk: noai")
        }
        OLD => story("").header("X-Robots-Tag", "unavailable_after: Friday, 25-Jun-10 15:00:00 GMT"),
        _ => Reply::status(404),
    }
}

#[tokio::test]
async fn directives_are_in_the_record_and_keep_nothing_out_by_themselves() {
    let server = site("", ALL, directives).await;
    let crawled = crawl(&server, CrawlOptions::default(), |_| {}).await;
    let robots = |path: &str| crawled.articles[path].usage.robots.clone();
    assert!(robots(PLAIN).is_empty());
    assert_eq!(robots(HEADER), ["noarchive", "noindex"]);
    assert_eq!(robots(TAG), ["noai", "noimageai", "nofollow"]);
    assert_eq!(robots(OTHERS), ["otherbot: noindex", "otherbot: noai", "googlebot: noarchive"]);
    assert_eq!(robots(OURS), ["otherbot: none", "noai", "noarchive"]);
    assert_eq!(robots(OLD), ["unavailable_after: Friday, 25-Jun-10 15:00:00 GMT"]);
    assert!(crawled.skipped.is_empty());
}

#[tokio::test]
async fn directives_to_us_or_to_all_are_obeyed_where_that_is_set() {
    for (words, reason, refused) in [
        ("noarchive", "noarchive", &[HEADER, OURS][..]),
        ("noindex", "noindex", &[HEADER]),
        ("noai", "noai", &[TAG, OURS]),
        ("unavailable_after", "unavailable_after", &[OLD]),
    ] {
        let server = site("", ALL, directives).await;
        let crawled = crawl(&server, respecting(&[words]), |_| {}).await;
        let expected: Vec<_> = refused.iter().map(|path| ((*path).to_owned(), reason)).collect();
        assert_eq!(crawled.reasons(), expected, "{words}");
        assert!(refused.iter().all(|path| !crawled.articles.contains_key(*path)), "{words}");
        assert_eq!(crawled.articles.len(), ALL.len() - refused.len(), "{words}");
        assert_eq!(crawled.summary.total.skipped[reason], refused.len() as u64);
    }
}

#[tokio::test]
async fn a_source_can_say_otherwise() {
    let server = site("", ALL, directives).await;
    let crawled = crawl(&server, respecting(&["noarchive"]), |source| source.respect = Some(vec![])).await;
    assert_eq!(crawled.articles.len(), ALL.len());
    let ours = |source: &mut Source| source.respect = Some(vec!["noindex".parse().unwrap()]);
    let crawled = crawl(&server, CrawlOptions::default(), ours).await;
    assert_eq!(crawled.reasons(), [(HEADER.to_owned(), "noindex")]);
}

#[tokio::test]
async fn links_of_a_page_that_says_nofollow_are_not_followed() {
    for (tag, header) in
        [("<meta name=robots content=nofollow>", ""), ("<meta name=copydesk content=none>", ""), ("", "nofollow")]
    {
        let server = FaultServer::start(move |seen: &Seen| match seen.path.as_str() {
            "/robots.txt" => Reply::status(404),
            "/news/" => Reply::html(&format!(
                "<head>{tag}</head><h2><a href='{PLAIN}'>The new bridge opens to traffic in the spring</a></h2>"
            ))
            .header("X-Robots-Tag", header),
            path => directives(path),
        })
        .await;
        let section =
            |source: &mut Source| (source.feeds, source.sections) = (vec![], vec![source.url.join("/news/").unwrap()]);
        let crawled = crawl(&server, respecting(&["nofollow"]), section).await;
        assert_eq!(crawled.reasons(), [("/news/".to_owned(), "nofollow")], "{tag}{header}");
        assert_eq!((server.count(PLAIN), crawled.summary.total.skipped["nofollow"]), (0, 1), "{tag}{header}");
        let crawled = crawl(&server, CrawlOptions::default(), section).await;
        assert_eq!(crawled.paths(), [PLAIN], "{tag}{header}");
    }
}

#[tokio::test]
async fn links_that_say_nofollow_themselves_are_not_followed() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/news/" => {
            let link = |path: &str, rel: &str| {
                format!("<h2><a {rel} href='{path}'>The new bridge opens to traffic now</a></h2>")
            };
            let links = [
                link(PLAIN, ""),
                link(HEADER, "rel='external NoFollow'"),
                link(TAG, "rel=nofollow"),
                link(TAG, "rel=bookmark"),
            ];
            Reply::html(&links.concat())
        }
        path => directives(path),
    })
    .await;
    let section =
        |source: &mut Source| (source.feeds, source.sections) = (vec![], vec![source.url.join("/news/").unwrap()]);
    let crawled = crawl(&server, respecting(&["nofollow"]), section).await;
    assert_eq!(crawled.paths(), [PLAIN, TAG]);
    assert_eq!((server.count(HEADER), crawled.summary.total.skipped["nofollow"]), (0, 1));
    let crawled = crawl(&server, CrawlOptions::default(), section).await;
    assert_eq!(crawled.paths(), [PLAIN, HEADER, TAG]);
}

fn reservations(path: &str) -> Reply {
    match path {
        "/.well-known/tdmrep.json" => Reply::new(
            200,
            "application/json",
            r#"[{"location": "/2026/11/", "tdm-reservation": 1, "tdm-policy": "https://ledger.test/policy"},
                {"location": "/2026/11/01*", "tdm-reservation": 0}]"#,
        ),
        PLAIN | OTHERS => story(""),
        HEADER => story("").header("tdm-reservation", "0"),
        TAG => story("<meta name=tdm-reservation content=1><meta name=tdm-policy content='https://ledger.test/own'>")
            .header("tdm-reservation", "0"),
        _ => Reply::status(404),
    }
}

#[tokio::test]
async fn a_reservation_is_taken_from_the_page_then_its_headers_then_the_file() {
    const STORIES: &[&str] = &[PLAIN, HEADER, TAG, OTHERS];
    let server = site("", STORIES, reservations).await;
    let options = CrawlOptions { tdm_file: true, ..CrawlOptions::default() };
    let crawled = crawl(&server, options, |_| {}).await;
    let said = |path: &str| {
        let usage = &crawled.articles[path].usage;
        (usage.tdm_reservation, usage.tdm_policy.as_deref())
    };
    assert_eq!(said(PLAIN), (Some(false), None));
    assert_eq!(said(HEADER), (Some(false), None));
    assert_eq!(said(TAG), (Some(true), Some("https://ledger.test/own")));
    assert_eq!(said(OTHERS), (Some(true), Some("https://ledger.test/policy")));
    assert_eq!(server.count("/.well-known/tdmrep.json"), 1);

    let crawled = crawl(&server, respecting(&["tdm"]), |_| {}).await;
    assert_eq!(crawled.reasons(), [(TAG.to_owned(), "tdm"), (OTHERS.to_owned(), "tdm")]);
    assert_eq!(crawled.paths(), [PLAIN, HEADER]);

    let crawled = crawl(&server, CrawlOptions::default(), |_| {}).await;
    assert_eq!(crawled.articles[OTHERS].usage.tdm_reservation, None);
    assert_eq!(server.count("/.well-known/tdmrep.json"), 2, "not asked for where nobody wants to know");
}

#[tokio::test]
async fn the_reservation_file_is_asked_for_only_where_robots_txt_allows() {
    let server = site("User-agent: *\nDisallow: /.well-known/\n", &[PLAIN], reservations).await;
    let crawled = crawl(&server, respecting(&["tdm"]), |_| {}).await;
    assert_eq!(crawled.paths(), [PLAIN]);
    assert_eq!(server.count("/.well-known/tdmrep.json"), 0);
}

#[tokio::test]
async fn content_signals_are_in_the_record_and_can_be_obeyed() {
    let robots = "User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n\nUser-agent: otherbot\nContent-Signal: search=no\n";
    let server = site(robots, &[PLAIN], |_| story("")).await;
    let crawled = crawl(&server, CrawlOptions::default(), |_| {}).await;
    let expected = BTreeMap::from([("ai-train".to_owned(), false), ("search".to_owned(), true)]);
    assert_eq!(crawled.articles[PLAIN].usage.content_signal, expected);
    for (word, kept) in [("content-signal", false), ("content-signal:ai-train", false), ("content-signal:search", true)]
    {
        let crawled = crawl(&server, respecting(&[word]), |_| {}).await;
        assert_eq!(crawled.articles.contains_key(PLAIN), kept, "{word}");
        let expected = if kept { vec![] } else { vec![(PLAIN.to_owned(), "content-signal")] };
        assert_eq!(crawled.reasons(), expected, "{word}");
    }
    // By the first crawl and the last: what robots.txt says is known before the page is asked for.
    assert_eq!(server.count(PLAIN), 2);
}

#[tokio::test]
async fn licences_wherever_they_stand() {
    const STORIES: &[&str] = &[PLAIN, HEADER, TAG, OTHERS, OURS];
    let server = site("", STORIES, |path| match path {
        PLAIN => story("<link rel=license href=https://creativecommons.org/licenses/by/4.0/>"),
        HEADER => story("").header("Link", "</style.css>; rel=preload, </terms>; title=x; rel=\"license nofollow\""),
        TAG => Reply::html(&format!(
            "<title>Bridge</title><article><h1>Bridge</h1>{BODY}<p>Under <a rel='nofollow license' href='/terms'>these terms</a>.</article>"
        )),
        OTHERS => story(
            "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"Bridge to open\",\
             \"license\":\"https://ledger.test/terms\"}</script>",
        ),
        _ => story(""),
    })
    .await;
    let crawled = crawl(&server, CrawlOptions::default(), |_| {}).await;
    let license = |path: &str| crawled.articles[path].usage.license.clone();
    assert_eq!(license(PLAIN).as_deref(), Some("https://creativecommons.org/licenses/by/4.0/"));
    assert_eq!(license(HEADER), Some(server.url("/terms").to_string()));
    assert_eq!(license(TAG), Some(server.url("/terms").to_string()));
    assert_eq!(license(OTHERS).as_deref(), Some("https://ledger.test/terms"));
    assert_eq!(license(OURS), None);
}
