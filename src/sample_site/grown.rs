//! The outlets that a grown site has beside the bundled ones: as many articles as are wanted, made up on demand, always
//! the same.
//!
//! Beside its articles each outlet has what real ones have: addresses that lead to an article by a redirect, notices that
//! hold none, pages that robots.txt disallows, and pages that are gone but still in the sitemap.

use super::ExpectedArticle;
use std::fmt::Write;

/// Outlets among which the articles are divided: several, so that hosts take turns, and few, so that each has many.
const OUTLETS: usize = 4;

/// Stories in a feed and on a home page.
const NEWEST: usize = 20;

/// Of so many articles one has something beside it that is no article.
const ODD_ONE_IN: usize = 20;

/// Days over which the articles are spread.
const DAYS: usize = 22;

const PLACES: [&str; 8] =
    ["Alderby", "Brackwater", "Cinderford", "Dunmere", "Eastholm", "Fenwick", "Gullhaven", "Hollins"];
const ACTORS: [&str; 7] =
    ["council", "harbour board", "choir", "ferry company", "school", "allotment society", "museum"];
const DEEDS: [&str; 9] =
    ["counts", "repairs", "auctions", "repaints", "measures", "borrows", "moves", "photographs", "catalogues"];
const THINGS: [&str; 5] = ["lanterns", "rowing boats", "weather vanes", "milk churns", "signal flags"];

/// What a grown site has beside the bundled outlets, so that a test can say what has to become of each address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// What a full crawl has to write.
    pub articles: Vec<ExpectedArticle>,
    /// Addresses that lead to one of the articles by a redirect.
    pub redirects: Vec<String>,
    /// Pages that hold no article.
    pub notices: Vec<String>,
    /// Pages that robots.txt disallows.
    pub disallowed: Vec<String>,
    /// Pages that are gone (410).
    pub gone: Vec<String>,
}

/// The generated outlets.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Grown {
    pub(super) articles: usize,
}

/// What is at a generated address.
pub(super) enum Found {
    Content(String),
    Redirect(String),
    Gone,
}

impl Grown {
    pub(super) fn hosts(self) -> Vec<String> {
        (0..OUTLETS.min(self.articles)).map(host).collect()
    }

    pub(super) fn truth(self) -> Truth {
        let mut truth = Truth::default();
        for n in 0..self.articles {
            let url = |path: String| format!("http://{}{path}", host(n % OUTLETS));
            let source = source(n % OUTLETS);
            truth.articles.push(ExpectedArticle { url: url(path("", n)), title: title(n), source });
            if is_odd(n) {
                truth.redirects.push(url(path("moved-", n)));
                truth.notices.push(url(path("notice-", n)));
                truth.disallowed.push(url(format!("/private{}", path("", n))));
                truth.gone.push(url(path("withdrawn-", n)));
            }
        }
        truth
    }

    pub(super) fn find(self, host_name: &str, asked: &str) -> Option<Found> {
        let outlet = (0..OUTLETS).find(|outlet| host(*outlet) == host_name)?;
        let own = || (0..self.articles).filter(move |n| n % OUTLETS == outlet);
        let content = match asked {
            "/robots.txt" => "User-agent: *\nDisallow: /private/\n".to_owned(),
            "/" => home(outlet, &own().rev().take(NEWEST).collect::<Vec<_>>()),
            "/feed.xml" => feed(outlet, &own().rev().take(NEWEST).collect::<Vec<_>>()),
            "/sitemap.xml" => sitemap(outlet, own()),
            _ => {
                let n: usize = asked.trim_end_matches('/').rsplit_once('-')?.1.parse().ok()?;
                if n >= self.articles || n % OUTLETS != outlet {
                    return None;
                }
                return match asked {
                    _ if asked == path("", n) => Some(Found::Content(article(n))),
                    _ if !is_odd(n) => None,
                    _ if asked == path("moved-", n) => Some(Found::Redirect(path("", n))),
                    _ if asked == path("notice-", n) => Some(Found::Content(notice())),
                    _ if asked == path("withdrawn-", n) => Some(Found::Gone),
                    _ if asked.strip_prefix("/private") == Some(&path("", n)) => Some(Found::Content(article(n))),
                    _ => None,
                };
            }
        };
        Some(Found::Content(content))
    }
}

fn source(outlet: usize) -> String {
    format!("district-{}", outlet + 1)
}

fn host(outlet: usize) -> String {
    format!("{}.test", source(outlet))
}

fn is_odd(n: usize) -> bool {
    n % ODD_ONE_IN < OUTLETS
}

fn day(n: usize) -> usize {
    1 + n % DAYS
}

fn path(prefix: &str, n: usize) -> String {
    format!("/2026/11/{:02}/{prefix}{}-{n}/", day(n), THINGS[n % THINGS.len()].replace(' ', "-"))
}

fn title(n: usize) -> String {
    let (place, actor) = (PLACES[n % PLACES.len()], ACTORS[n % ACTORS.len()]);
    format!("{place} {actor} {} {} {}", DEEDS[n % DEEDS.len()], n + 2, THINGS[n % THINGS.len()])
}

fn date(n: usize) -> String {
    format!("2026-11-{:02}T{:02}:{:02}:00Z", day(n), n % 24, n % 60)
}

fn article(n: usize) -> String {
    let (title, url, date) = (title(n), format!("http://{}{}", host(n % OUTLETS), path("", n)), date(n));
    let mut body = String::new();
    for sentence in 0..6 {
        let at = |step: usize| n * 7 + sentence * step;
        let _ = write!(
            body,
            "<p>In {} the {} {} its {} once more, said a spokeswoman for the {}, and this time nobody from {} had to wait \
             longer than {} minutes for the result, which was read out beside the old pump at number {}.</p>",
            PLACES[at(3) % PLACES.len()],
            ACTORS[at(5) % ACTORS.len()],
            DEEDS[at(2) % DEEDS.len()],
            THINGS[at(1) % THINGS.len()],
            ACTORS[at(1) % ACTORS.len()],
            PLACES[at(5) % PLACES.len()],
            5 + at(11) % 50,
            1 + at(13),
        );
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"canonical\" href=\"{url}\"><meta property=\"og:type\" content=\"article\">\
         <meta property=\"article:published_time\" content=\"{date}\"></head><body><nav><a href=\"/\">Home</a></nav>\
         <main><article><h1>{title}</h1><time datetime=\"{date}\">{date}</time>{body}</article></main>\
         <footer>District papers</footer></body></html>"
    )
}

fn notice() -> String {
    "<!doctype html><html lang=\"en\"><head><title>Notice</title></head><body><form><label>Name <input></label>\
     <button>Send</button></form></body></html>"
        .to_owned()
}

fn home(outlet: usize, newest: &[usize]) -> String {
    let mut list = String::new();
    for n in newest {
        let _ = write!(list, "<li><h2><a href=\"{}\">{}</a></h2></li>", path("", *n), title(*n));
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><title>District {}</title>\
         <link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head>\
         <body><main><ul>{list}</ul></main></body></html>",
        outlet + 1
    )
}

fn feed(outlet: usize, newest: &[usize]) -> String {
    let mut items = String::new();
    for n in newest {
        let _ = write!(
            items,
            "<entry><title>{}</title><id>{n}</id><link href=\"http://{}{}?utm_source=feed\"/><updated>{date}</updated>\
             <published>{date}</published></entry>",
            title(*n),
            host(outlet),
            path("", *n),
            date = date(*n),
        );
    }
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>District {}</title><id>d</id><updated>{}</updated>{items}</feed>",
        outlet + 1,
        date(0)
    )
}

fn sitemap(outlet: usize, own: impl Iterator<Item = usize>) -> String {
    let mut entries = String::new();
    for n in own {
        let paths = [path("", n)].into_iter().chain(is_odd(n).then_some(n).into_iter().flat_map(|n| {
            [path("moved-", n), path("notice-", n), format!("/private{}", path("", n)), path("withdrawn-", n)]
        }));
        for path in paths {
            let _ =
                write!(entries, "<url><loc>http://{}{path}</loc><lastmod>{}</lastmod></url>", host(outlet), date(n));
        }
    }
    format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{entries}</urlset>")
}
