//! What becomes of a story that is not simply one page: one that only its feed has, one in several parts, one with other
//! forms beside it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::crawl::CrawlOptions;
use std::fmt::Write as _;
use support::crawled::crawl;
use support::{FaultServer, Reply, Seen};

/// So many words of its own for each seed, in sentences and paragraphs.
fn prose(seed: u64, words: usize) -> Vec<String> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut sentences: Vec<String> = Vec::new();
    for at in 0..words {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let word = format!("word{}", (state >> 40) % 4000);
        if at % 12 == 0 {
            sentences.push(format!("The {word}"));
        } else {
            let _ = write!(sentences.last_mut().unwrap(), " {word}{}", if at % 12 == 11 { "." } else { "" });
        }
    }
    sentences.chunks(4).map(|paragraph| paragraph.join(" ")).collect()
}

fn html(paragraphs: &[String]) -> String {
    paragraphs.iter().flat_map(|paragraph| ["<p>", paragraph, "</p>"]).collect()
}

fn page(head: &str, title: &str, paragraphs: &[String], foot: &str) -> Reply {
    Reply::html(&format!(
        "<html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{}{foot}</article></body></html>",
        html(paragraphs)
    ))
}

fn feed(seen: &Seen, entries: &[(&str, String)]) -> Reply {
    let host = seen.header("host").unwrap();
    let mut items = String::new();
    for (path, text) in entries {
        write!(
            items,
            "<item><title>A story of {path}</title><link>http://{host}{path}</link><pubDate>Sat, 21 Nov 2026 18:40:00 +0100</pubDate>\
             <content:encoded><![CDATA[{text}]]></content:encoded></item>"
        )
        .unwrap();
    }
    let space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'";
    let text = format!("<rss version='2.0' {space}><channel><title>Ledger</title>{items}</channel></rss>");
    Reply::new(200, "application/rss+xml", text).header("ETag", "\"same\"")
}

#[tokio::test]
async fn a_story_whose_page_cannot_be_had_is_taken_from_its_feed() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::new(200, "text/plain", "User-agent: *\nDisallow: /2026/11/03/\n"),
        "/feed.xml" => feed(
            seen,
            &[
                ("/2026/11/01/gone-story/", html(&prose(1, 240))),
                ("/2026/11/02/story-behind-a-wall/", html(&prose(2, 240))),
                ("/2026/11/03/story-not-for-robots/", html(&prose(3, 240))),
                ("/2026/11/04/teaser-of-a-story/", html(&prose(4, 60)) + &" ".repeat(600)),
                ("/2026/11/05/story-with-a-page/", html(&prose(5, 240))),
            ],
        ),
        "/2026/11/01/gone-story/" | "/2026/11/04/teaser-of-a-story/" => Reply::status(404),
        "/2026/11/02/story-behind-a-wall/" => Reply::html("<title>Agree</title><form><button>I agree</button></form>"),
        _ => page("", "The page's own", &prose(6, 240), ""),
    })
    .await;
    let crawled = crawl(&server, CrawlOptions::default(), |_| {}).await;
    assert_eq!(
        crawled.paths(),
        ["/2026/11/01/gone-story/", "/2026/11/02/story-behind-a-wall/", "/2026/11/05/story-with-a-page/"],
        "{:#?}",
        crawled.summary
    );
    let gone = &crawled.articles["/2026/11/01/gone-story/"];
    assert_eq!(gone.text, prose(1, 240).join("\n\n"));
    assert_eq!(gone.title.as_deref(), Some("A story of /2026/11/01/gone-story/"));
    assert_eq!(gone.published.unwrap().to_string(), "2026-11-21T17:40:00Z");
    let own = &crawled.articles["/2026/11/05/story-with-a-page/"];
    assert_eq!(
        (own.title.as_deref(), own.text.as_str()),
        (Some("The page's own"), prose(6, 240).join("\n\n").as_str())
    );
    assert_eq!(server.count("/2026/11/03/story-not-for-robots/"), 0);
}
