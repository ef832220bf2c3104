//! A look at a site that is to be crawled: which feeds, sitemaps and sections it has. Writes nothing.

use crate::discover::{self, UrlKind};
use crate::fetch::{Accept, FetchError, Fetcher, Request};
use crate::model::{ArticleDate, CanonicalUrl, Link, registrable_domain};
use std::collections::HashSet;
use url::Url;

/// Feeds that are looked at.
const MAX_FEEDS: usize = 5;

/// Sitemaps that are looked at; children of indexes are not.
const MAX_SITEMAPS: usize = 10;

/// Sections that are looked at.
const MAX_SECTIONS: usize = 8;

/// Stories that a section leads to at the least.
const SECTION_STORIES: usize = 3;

/// Where feeds lie by custom, for a home page that names none.
const FEED_PATHS: [&str; 5] = ["/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/rss/"];

/// Where sitemaps lie by custom, for a robots.txt that names none.
const SITEMAP_PATHS: [&str; 2] = ["/sitemap.xml", "/sitemap_index.xml"];

/// What a site has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its home page, redirects followed.
    pub home: Url,
    /// Stories that the home page leads to.
    pub stories: usize,
    /// Feeds with entries.
    pub feeds: Vec<Found>,
    /// Sitemaps with entries.
    pub sitemaps: Vec<Found>,
    /// Pages that list stories.
    pub sections: Vec<Found>,
    /// What was looked at in vain, each in a sentence.
    pub problems: Vec<String>,
}

/// One feed, sitemap or section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub url: Url,
    /// What it holds, in a few words.
    pub holds: String,
}

impl Proposal {
    /// Whether there is anything to crawl.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stories == 0 && self.feeds.is_empty() && self.sitemaps.is_empty() && self.sections.is_empty()
    }

    /// A name for it that is not taken, made of the host's: `https://www.harbour-ledger.example/` gives `harbour-ledger`.
    #[must_use]
    pub fn name(&self, taken: &[&str]) -> String {
        name_for(&self.home, taken)
    }
}

impl Found {
    /// The address as short as it can be read.
    #[must_use]
    pub fn relative_to(&self, home: &Url) -> String {
        if self.url.origin() == home.origin() {
            self.url[url::Position::BeforePath..].to_owned()
        } else {
            self.url.to_string()
        }
    }
}

fn name_for(home: &Url, taken: &[&str]) -> String {
    let host = home.host_str().unwrap_or_default();
    let domain = registrable_domain(host);
    let is_address = host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[');
    let label = if is_address { host } else { domain.split('.').next().unwrap_or(domain) };
    let plain: String = label.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    let name = if plain.is_empty() { "source".to_owned() } else { plain.to_owned() };
    let is_free = |name: &str| !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    if is_free(&name) {
        return name;
    }
    // Among one more than are taken, one is free.
    (2..taken.len() + 3).map(|number| format!("{name}-{number}")).find(|name| is_free(name)).unwrap_or(name)
}

/// Looks at a site, politely: at most some two dozen requests, robots.txt obeyed as the fetcher is set to.
///
/// # Errors
/// Why the home page cannot be had.
pub async fn explore(fetcher: &Fetcher, home: &Url) -> Result<Proposal, FetchError> {
    let page = fetcher.fetch(&Request::new(home.clone(), Accept::Page)).await?;
    let links = discover::page_links(&page.body, page.content_type.as_deref(), &page.url);
    let mut proposal = Proposal {
        home: page.url.clone(),
        stories: links.articles.len(),
        feeds: Vec::new(),
        sitemaps: Vec::new(),
        sections: Vec::new(),
        problems: Vec::new(),
    };
    let is_home = |url: &Url| CanonicalUrl::new(url) == CanonicalUrl::new(&page.url);
    let advertised: Vec<Url> = links.feeds.into_iter().filter(|feed| !feed.path().contains("comment")).collect();
    let (feeds, guessed) = or_guess(advertised, &FEED_PATHS, &page.url);
    for url in feeds.into_iter().take(MAX_FEEDS) {
        let look = look_at(fetcher, &url, Accept::Feed, |bytes, url| {
            let links = discover::feed(bytes, url).map_err(|error| error.to_string())?;
            if links.is_empty() { Err(format!("{url} is a feed without entries")) } else { Ok(entries(&links)) }
        });
        // One feed under several addresses is looked for no further.
        if keep(look.await, guessed, &mut proposal.feeds, &mut proposal.problems) && guessed {
            break;
        }
    }
    let named = fetcher.sitemaps(&page.url).await.unwrap_or_default();
    let (sitemaps, guessed) = or_guess(named, &SITEMAP_PATHS, &page.url);
    for url in sitemaps.into_iter().take(MAX_SITEMAPS) {
        let look = look_at(fetcher, &url, Accept::Sitemap, |bytes, url| {
            let sitemap = discover::sitemap(bytes, url).map_err(|error| error.to_string())?;
            match (sitemap.links.is_empty(), sitemap.children.len()) {
                (true, 0) => Err(format!("{url} is a sitemap without entries")),
                (true, children) => Ok(format!("an index of {children}")),
                (false, _) => Ok(entries(&sitemap.links)),
            }
        });
        if keep(look.await, guessed, &mut proposal.sitemaps, &mut proposal.problems) && guessed {
            break;
        }
    }
    let mut seen = HashSet::new();
    let sections = links.sections.into_iter().filter(|url| !is_home(url) && seen.insert(CanonicalUrl::new(url)));
    for url in sections.take(MAX_SECTIONS).collect::<Vec<_>>() {
        let look = look_at(fetcher, &url, Accept::Page, |bytes, url| {
            let stories = discover::page_links(bytes, None, url).articles;
            let stories = stories.iter().filter(|link| discover::url_kind(&link.url) != UrlKind::Hub).count();
            if stories < SECTION_STORIES { Err(String::new()) } else { Ok(format!("{stories} stories")) }
        });
        keep(look.await, true, &mut proposal.sections, &mut proposal.problems);
    }
    Ok(proposal)
}

/// What was named, or else what is there by custom, and whether that is only a guess.
fn or_guess(named: Vec<Url>, paths: &[&str], home: &Url) -> (Vec<Url>, bool) {
    if named.is_empty() {
        (paths.iter().filter_map(|path| home.join(path).ok()).collect(), true)
    } else {
        (named, false)
    }
}

/// Keeps what was found; what is wrong with it is told where it was more than a guess.
fn keep(look: Result<Found, String>, guessed: bool, found: &mut Vec<Found>, problems: &mut Vec<String>) -> bool {
    match look {
        Ok(one) => {
            found.push(one);
            true
        }
        Err(problem) => {
            if !guessed {
                problems.push(problem);
            }
            false
        }
    }
}

async fn look_at(
    fetcher: &Fetcher,
    url: &Url,
    accept: Accept,
    read: impl Fn(&[u8], &Url) -> Result<String, String>,
) -> Result<Found, String> {
    let page = fetcher.fetch(&Request::new(url.clone(), accept)).await.map_err(|error| error.to_string())?;
    Ok(Found { holds: read(&page.body, &page.url)?, url: url.clone() })
}

fn entries(links: &[Link]) -> String {
    let newest = links.iter().filter_map(|link| link.published.or(link.modified)).max_by_key(ArticleDate::instant);
    let newest = newest.map(|date| date.instant().strftime("%Y-%m-%d").to_string());
    match newest {
        Some(day) => format!("{} entries, the newest of {day}", links.len()),
        None => format!("{} entries", links.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_hosts_and_are_free() {
        for (url, taken, expected) in [
            ("https://www.harbour-ledger.example/", &[][..], "harbour-ledger"),
            ("https://news.example.co.uk/", &[], "example"),
            ("https://news.example.co.uk/", &["Example", "example-2"], "example-3"),
            ("http://127.0.0.1:8900/", &[], "127-0-0-1"),
            ("http://[::1]/", &[], "1"),
        ] {
            assert_eq!(name_for(&Url::parse(url).unwrap(), taken), expected, "{url}");
        }
    }
}
