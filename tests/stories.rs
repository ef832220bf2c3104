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

#[tokio::test]
async fn a_story_over_several_pages_is_one_record() {
    let server = FaultServer::start(|seen: &Seen| {
        let link = |href: &str| format!("<p><a rel=next href='{href}'>Next page</a></p>");
        match seen.path.as_str() {
            "/robots.txt" => Reply::status(404),
            "/feed.xml" => feed(
                seen,
                &[
                    ("/2026/11/01/long-story-of-a-bridge/", String::new()),
                    ("/2026/11/02/story-with-comments/", String::new()),
                    ("/2026/11/03/story-with-a-lost-end.html", String::new()),
                    ("/2026/11/04/story-before-another/", String::new()),
                ],
            ),
            "/2026/11/01/long-story-of-a-bridge/" => page("", "Long", &prose(1, 120), &link("?page=2")),
            "/2026/11/01/long-story-of-a-bridge/?page=2" if seen.before == 0 => Reply::status(503),
            "/2026/11/01/long-story-of-a-bridge/?page=2" => {
                page("<meta property=og:title content=Else>", "Long, page 2", &prose(2, 120), &link("?page=3"))
            }
            "/2026/11/01/long-story-of-a-bridge/?page=3" => page("", "Long, page 3", &prose(3, 120), &link("?page=2")),
            path if path.starts_with("/2026/11/02/") => {
                page("", "Commented", &prose(4, 120), "<a href='/2026/11/02/story-with-comments/?page=2'>2</a>")
            }
            "/2026/11/03/story-with-a-lost-end.html" => {
                page("", "Lost", &prose(5, 120), &link("/2026/11/03/story-with-a-lost-end-2.html"))
            }
            "/2026/11/03/story-with-a-lost-end-2.html" => Reply::status(404),
            "/2026/11/04/story-before-another/" => {
                page("", "One", &prose(6, 120), &link("/2026/11/05/another-story-altogether/"))
            }
            _ => page("", "Another", &prose(7, 120), ""),
        }
    })
    .await;
    let crawled = crawl(&server, CrawlOptions::default(), |_| {}).await;
    assert_eq!(crawled.articles.len(), 4, "{:#?}", crawled.summary);
    let long = &crawled.articles["/2026/11/01/long-story-of-a-bridge/"];
    assert_eq!(long.text, [prose(1, 120), prose(2, 120), prose(3, 120)].concat().join("\n\n"));
    assert_eq!(long.title.as_deref(), Some("Long"));
    assert!(
        long.word_count > 360 && long.markdown.contains(&prose(3, 120)[0]) && long.html.contains(&prose(2, 120)[0])
    );
    let text = |path: &str| crawled.articles[path].text.clone();
    assert_eq!(text("/2026/11/02/story-with-comments/"), prose(4, 120).join("\n\n"));
    assert_eq!(text("/2026/11/03/story-with-a-lost-end.html"), prose(5, 120).join("\n\n"));
    assert_eq!(text("/2026/11/04/story-before-another/"), prose(6, 120).join("\n\n"));
    assert_eq!(server.count("/2026/11/05/another-story-altogether/"), 0);
}

#[tokio::test]
async fn forms_of_one_story_are_one_record() {
    let server = FaultServer::start(|seen: &Seen| {
        let path = seen.path.as_str();
        let canonical = "<link rel=canonical href='/2026/11/01/story-in-several-forms/'>";
        match path {
            "/robots.txt" => Reply::status(404),
            "/feed.xml" => feed(
                seen,
                &[
                    ("/2026/11/01/story-in-several-forms/amp/", String::new()),
                    ("/amp/2026/11/01/story-in-several-forms/", String::new()),
                    ("/2026/11/01/story-in-several-forms/?outputType=amp", String::new()),
                    ("/2026/11/01/story-in-several-forms/?print=1", String::new()),
                    ("/2026/11/01/story-in-several-forms/", String::new()),
                ],
            ),
            path if path.contains("amp/") => page(canonical, "Forms", &prose(1, 130), ""),
            _ => page("", "Forms", &prose(1, 130), ""),
        }
    })
    .await;
    let crawled = crawl(&server, CrawlOptions::default(), |_| {}).await;
    assert_eq!(crawled.articles.len(), 1, "{:#?}", crawled.summary);
    assert_eq!(crawled.summary.total.new, 1);
    // Three addresses by their shape are one, and two more say so themselves.
    assert_eq!(crawled.summary.total.fetched, 3);
}

#[tokio::test]
async fn a_site_without_feed_and_sitemap_is_covered_whatever_its_addresses_look_like() {
    let server = FaultServer::start(|seen: &Seen| {
        let list = |from: u64| {
            let item = |number: u64| format!("<li><a href='/a/k{number}z'>{}</a></li>", prose(number, 8).concat());
            format!("<ul class=news>{}</ul>", (from..from + 6).map(item).collect::<Vec<_>>().concat())
        };
        let menu = "<nav><a href='/'>Home</a> <a href='/town'>Town</a> <a href='/sea'>Sea</a> <a href='/about'>About us</a></nav>";
        match seen.path.as_str() {
            "/" => Reply::html(&format!("<body>{menu}{}", list(10))),
            "/town" => Reply::html(&format!("<body>{menu}{}", list(20))),
            "/sea" => Reply::html(&format!("<body>{menu}{}", list(30))),
            path => match path.strip_prefix("/a/k").and_then(|rest| rest.strip_suffix('z')) {
                Some(number) => page("", "Story", &prose(number.parse().unwrap(), 150), ""),
                None => Reply::status(404),
            },
        }
    })
    .await;
    let crawled = crawl(&server, CrawlOptions::default(), |source| source.feeds = vec![]).await;
    let expected: Vec<String> =
        [10, 20, 30].iter().flat_map(|from| *from..from + 6).map(|n| format!("/a/k{n}z")).collect();
    assert_eq!(crawled.paths(), expected, "{:#?}", crawled.summary);
}

#[tokio::test]
async fn a_story_with_a_short_address_and_a_short_headline_is_no_section() {
    let server = FaultServer::start(|seen: &Seen| {
        let own = format!("http://{}{}", seen.header("host").unwrap(), seen.path);
        let says = format!(r#"<script type="application/ld+json">{{"@type": "BlogPosting", "url": "{own}"}}</script>"#);
        match seen.path.as_str() {
            "/" => Reply::html(
                "<link rel=alternate type=application/rss+xml href=/feed.xml>
                 <h2><a href='/foldcut'>Fold and cut</a></h2><h2><a href='/ferry/'>The ferry</a></h2>
                 <h2><a href='/town'>Town</a></h2>",
            ),
            "/town" => Reply::html("<h2><a href='/2026/11/05/a-quiet-day-at-sea/'>A quiet day at sea</a></h2>"),
            "/feed.xml" => feed(seen, &[("/foldcut", String::new())]),
            "/foldcut" => page("", "Fold and cut", &prose(1, 200), ""),
            "/ferry/" => {
                page(&says, "The ferry", &prose(2, 200), "<a href='/2020/01/01/an-old-story-of-ours/'>Old</a>")
            }
            "/2026/11/05/a-quiet-day-at-sea/" => page("", "A quiet day at sea", &prose(3, 200), ""),
            _ => Reply::status(404),
        }
    })
    .await;
    let crawled = crawl(&server, CrawlOptions::default(), |source| source.feeds = vec![]).await;
    let expected = ["/2026/11/05/a-quiet-day-at-sea/", "/ferry/", "/foldcut"];
    assert_eq!(crawled.paths(), expected, "{:#?}", crawled.summary);
}

#[tokio::test]
async fn addresses_without_end_are_bounded() {
    let server = FaultServer::start(|seen: &Seen| match seen.path.as_str() {
        "/robots.txt" => Reply::status(404),
        "/town/" => {
            let mut links = String::new();
            // More for each visit, and never the same ones.
            for number in 0..700 {
                write!(links, "<li><a href='/show?id=1234&v={}x{number}'>A story of the town, again</a></li>", seen.before).unwrap();
            }
            Reply::html(&format!(
                "<ul>{links}</ul><h2><a href='/town/town/town/the-old-bridge-was-painted-blue'>The old bridge was painted blue</a></h2>\
                 <h2><a href='/town/the-new-bridge-was-painted-red'>The new bridge was painted red</a></h2>"
            ))
        }
        "/town/the-new-bridge-was-painted-red" => page("", "Red", &prose(1, 130), ""),
        _ => page("<link rel=canonical href='/show?id=1234'>", "Show", &prose(2, 130), ""),
    })
    .await;
    let section = |source: &mut copydesk::crawl::Source| {
        (source.feeds, source.sections) = (vec![], vec![source.url.join("/town/").unwrap()]);
    };
    let crawled = crawl(&server, CrawlOptions::default(), section).await;
    assert_eq!(crawled.summary.total.new, 2, "{:#?}", crawled.summary);
    assert!(crawled.articles.contains_key("/town/the-new-bridge-was-painted-red"));
    assert_eq!(crawled.summary.total.skipped["trap"], 201);
    assert_eq!(server.count("/town/town/town/the-old-bridge-was-painted-blue"), 0);
    assert_eq!(server.log().iter().filter(|seen| seen.path.starts_with("/show")).count(), 500);
}

#[tokio::test]
async fn what_a_sitemap_says_counts_before_the_fetch_and_fills_the_record() {
    let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let yesterday = yesterday.strftime("%Y-%m-%dT10:00:00+02:00").to_string();
    let told = yesterday.clone();
    let server = FaultServer::start(move |seen: &Seen| {
        let host = seen.header("host").unwrap();
        let entry = |path: &str, day: &str, title: &str| {
            format!(
                "<url><loc>http://{host}{path}</loc><lastmod>2026-11-24</lastmod><image:image><image:loc>http://{host}/a.jpg</image:loc>\
                 </image:image><news:news><news:publication_date>{day}</news:publication_date><news:title>{title}</news:title></news:news></url>"
            )
        };
        match seen.path.as_str() {
            "/robots.txt" => Reply::status(404),
            "/news.xml" => {
                let entries = entry("/town/a-story-of-an-old-bridge/", "2019-05-01T10:00:00+02:00", "Old")
                    + &entry("/town/a-story-of-a-new-bridge/", &told, "Bread &amp; butter");
                let spaces = "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'";
                Reply::new(200, "application/xml", format!("<urlset {spaces}>{entries}</urlset>"))
            }
            // Neither title nor date.
            _ => Reply::html(&format!("<body><article>{}</article>", html(&prose(9, 150)))),
        }
    })
    .await;
    let sitemap = |source: &mut copydesk::crawl::Source| {
        (source.feeds, source.sitemaps) = (vec![], vec![source.url.join("/news.xml").unwrap()]);
        let year = std::time::Duration::from_hours(365 * 24);
        source.scope = copydesk::discover::Scope::new(&[], &[], Some(year)).unwrap();
    };
    let crawled = crawl(&server, CrawlOptions::default(), sitemap).await;
    assert_eq!(crawled.paths(), ["/town/a-story-of-a-new-bridge/"], "{:#?}", crawled.summary);
    assert_eq!((server.count("/town/a-story-of-an-old-bridge/"), crawled.summary.total.skipped["too_old"]), (0, 1));
    assert_eq!(server.count("/a.jpg"), 0);
    let story = &crawled.articles["/town/a-story-of-a-new-bridge/"];
    assert_eq!(story.title.as_deref(), Some("Bread & butter"));
    assert_eq!(story.published.unwrap().to_string(), yesterday);
}
