//! Addresses that a site makes without end: paths that grow, calendars, sessions, combinations of filters.

use super::url_kind::segments;
use std::collections::HashMap;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// Characters of an address. Sitemaps allow 2,048, and browsers send no more.
const MAX_LENGTH: usize = 2048;

/// Segments of a path. Addresses of news, with date and sections, have up to ten.
const MAX_DEPTH: usize = 16;

/// How often one segment may stand in a path. A relative link on a page that answers under any path adds it once more each
/// time: `/town/town/town/`.
const MAX_REPEATS: usize = 2;

/// Parameters of a query. Those that name a story are at most a handful; filters come in dozens.
const MAX_PARAMETERS: usize = 10;

/// Queries that are followed of one path of one host in a run, as pages of links name them.
const MAX_QUERIES: usize = 500;

/// Stories that are followed of one host in a run, as pages of links name them. A large paper publishes some hundreds a day.
const MAX_STORIES: usize = 5000;

/// Whether an address by itself looks made without end.
#[must_use]
pub fn is_trap(url: &Url) -> bool {
    if url.as_str().len() > MAX_LENGTH || url.query_pairs().count() > MAX_PARAMETERS {
        return true;
    }
    let segments = segments(url);
    let repeats = |segment: &String| {
        let is_number = segment.bytes().all(|byte| byte.is_ascii_digit());
        !is_number && segments.iter().filter(|other| *other == segment).count() > MAX_REPEATS
    };
    segments.len() > MAX_DEPTH || segments.iter().any(repeats)
}

/// How many addresses of each host and path were followed: what bounds a trap that no single address shows.
#[derive(Debug, Default)]
pub struct Bounds {
    hosts: HashMap<String, usize>,
    /// By a hash of host and path.
    paths: HashMap<u64, usize>,
}

impl Bounds {
    /// Counts an address that was found on a page of links; whether it is within the bounds of its host and path.
    pub fn admit(&mut self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        if url.query().is_some() {
            let queries = self.paths.entry(xxh3_64(format!("{host}{}", url.path()).as_bytes())).or_default();
            if *queries >= MAX_QUERIES {
                return false;
            }
            *queries += 1;
        }
        let stories = self.hosts.entry(host.to_owned()).or_default();
        *stories += 1;
        *stories <= MAX_STORIES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse("https://news.test/").unwrap().join(text).unwrap()
    }

    #[test]
    fn paths_that_grow_and_queries_without_end() {
        for fine in
            ["/2026/11/11/11/story", "/news/2026/11/05/town/harbour/quay/the-story", "/a/b/a/b/", "/?a=1&b=2&c=3"]
        {
            assert!(!is_trap(&url(fine)), "{fine}");
        }
        let many = (0..11).map(|number| format!("f{number}=1")).collect::<Vec<_>>().join("&");
        let deep = "/x1/x2/x3/x4/x5/x6/x7/x8/x9/xa/xb/xc/xd/xe/xf/xg/xh".to_owned();
        for trap in
            ["/town/town/town/".to_owned(), "/a/b/a/b/a/b/".to_owned(), deep, format!("/?{many}"), "/x".repeat(1200)]
        {
            assert!(is_trap(&url(&trap)), "{trap}");
        }
    }

    #[test]
    fn a_path_and_a_host_have_bounds() {
        let mut bounds = Bounds::default();
        let admitted = (0..2000).filter(|number| bounds.admit(&url(&format!("/day?d={number}")))).count();
        assert_eq!(admitted, MAX_QUERIES);
        assert!(bounds.admit(&url("/other?d=1")) && bounds.admit(&Url::parse("https://two.test/day?d=1").unwrap()));
        let admitted = (0..9000).filter(|number| bounds.admit(&url(&format!("/story-{number}")))).count();
        assert_eq!(admitted, MAX_STORIES - MAX_QUERIES - 1);
    }
}
