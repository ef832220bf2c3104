//! Feeds, sitemaps and pages of links made to break their readers: each is read without a panic, and without work out of
//! proportion to its length (one that is quadratic would keep the suite from ending).

use copydesk::discover::{Bounds, feed, is_trap, next_part, page_links, sitemap, url_kind};
use proptest::prelude::*;
use url::Url;

/// How often each pattern is repeated: a quadratic step shows at this size in any build.
const TIMES: usize = 20_000;

fn base() -> Url {
    Url::parse("https://news.test/2026/11/05/a-story-of-bridges/").expect("a valid address")
}

/// Reads a document as everything that it could be.
fn read(bytes: &[u8]) {
    let base = base();
    let links = feed(bytes, &base).unwrap_or_default();
    let map = sitemap(bytes, &base).unwrap_or_default();
    let page = page_links(bytes, None, &base);
    let mut bounds = Bounds::default();
    for link in links.iter().chain(&map.links).chain(&page.articles) {
        let _ = (url_kind(&link.url), is_trap(&link.url), bounds.admit(&link.url));
    }
    for number in [2, 3] {
        let _ = next_part(bytes, None, &base, number);
    }
}

#[test]
fn each_is_read_in_time() {
    let numbered = |form: &dyn Fn(usize) -> String| (0..TIMES).map(form).collect::<Vec<_>>().concat();
    let json_ld = |body: String| format!("<script type=application/ld+json>{body}</script>");
    let documents = [
        ("links", numbered(&|n| format!("<li><a href='/a/{n}x'>A story of bridge number {n}</a>"))),
        ("links to one page", "<a href='?page=2'>next</a>".repeat(TIMES)),
        ("links, nested", "<div class=x><a href='/a/b'>".repeat(TIMES)),
        ("classes", numbered(&|n| format!("<p class='c{n} d{n}'><a href='/a/{n}' class='{n}'>word</a></p>"))),
        ("long addresses", format!("<a href='/{}'>A long address of a story</a>", "town/".repeat(TIMES)).repeat(20)),
        ("parameters", format!("<a href='?{}'>A story with many parameters</a>", numbered(&|n| format!("p{n}=1&")))),
        ("lists of lists", json_ld(format!("{}{}", "[".repeat(TIMES), "]".repeat(TIMES)))),
        (
            "a long list",
            json_ld(format!(
                "{{\"@type\":\"ItemList\",\"itemListElement\":[{}\"/x\"]}}",
                numbered(&|n| format!("{{\"@type\":\"ListItem\",\"url\":\"/a/{n}\"}},"))
            )),
        ),
        ("scripts", json_ld("{\"@type\":\"NewsArticle\",\"url\":\"/a\"}".to_owned()).repeat(TIMES)),
        ("JSON entries", format!("{{\"items\":[{}", "{\"url\":\"/a\",\"content_text\":\"x\"},".repeat(TIMES))),
        ("JSON keys", "{\"items\":".repeat(TIMES)),
        ("JSON brackets", format!("{{\"items\":[{}", "[".repeat(TIMES))),
        ("JSON numbers", format!("{{\"items\":[{}", "1,".repeat(TIMES))),
        ("entries without end", format!("<rss><channel>{}", "<item><link>/a</link><content:encoded>x".repeat(TIMES))),
        ("entries with half of a quote", format!("<rss>{}", "<item><content:encoded><![CDATA[<item>".repeat(TIMES))),
        ("addresses", format!("<urlset>{}", numbered(&|n| format!("<url><loc>/{}</loc>", "a/".repeat(n % 40))))),
    ];
    for (name, document) in documents {
        println!("{name}");
        read(document.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn pieces_in_any_order_are_read(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        read(pieces.into_iter().map(|piece| PIECES[piece]).collect::<String>().as_bytes());
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read(&bytes);
    }
}

/// What feeds, sitemaps and pages are made of.
const PIECES: [&str; 40] = [
    "<rss>",
    "<channel>",
    "<item>",
    "</item>",
    "<link>",
    "</link>",
    "/a?b=1&c",
    "<content:encoded>",
    "<![CDATA[",
    "]]>",
    "<feed>",
    "<entry>",
    "<content type='html'>",
    "&lt;p&gt;",
    "{",
    "\"items\"",
    ":",
    "[",
    "{\"url\":\"/x\"}",
    ",",
    "]",
    "}",
    "\"content_html\":\"<p>\"",
    "<urlset>",
    "<url>",
    "<loc>",
    "</loc>",
    "<a href='",
    "?page=2",
    "'>",
    "</a>",
    "<script type='application/ld+json'>",
    "</script>",
    "{\"@type\":\"ItemList\",\"itemListElement\":[",
    "\"/y\"",
    "é",
    "<base href='//other.test/'>",
    "\u{feff}",
    "</",
    "<h2>",
];
