//! The next part of a story that is told over several pages.

use super::feed::absolute;
use crate::markup::{self, NodeId, Tag};
use aho_corasick::packed::Searcher;
use url::Url;

/// Query parameters that number the parts of a story.
const PART_PARAMETERS: &[&str] = &["page", "p", "pg", "seite", "pagina", "pagenum", "part"];

/// The address of part `number` (from 2) of the story at `first`, if the page at hand links to it.
///
/// Only an address that is the story's own with this number counts: `?page=2`, `/2`, `/page/2`, `-2.html` and their like.
/// "Next" alone often leads to another story.
#[must_use]
pub fn next_part(bytes: &[u8], content_type: Option<&str>, first: &Url, number: usize) -> Option<Url> {
    let written = Written::of(first, number);
    // Most pages have none, and need no second parse to tell.
    if written.tails().is_some_and(|tails| !has_tail(bytes, &tails)) {
        return None;
    }
    let forms = written.forms(first);
    let decoded = markup::decode(bytes, content_type.and_then(markup::charset_of));
    let document = markup::parse(&decoded.text);
    let declared = document.descendants(NodeId::ROOT).find(|node| document.tag(*node) == Some(Tag::Base));
    let base = declared.and_then(|node| absolute(document.attribute(node, "href")?, first));
    let base = base.as_ref().unwrap_or(first);
    let links = document
        .descendants(NodeId::ROOT)
        .filter(|node| matches!(document.tag(*node), Some(Tag::A | Tag::Link)))
        .filter_map(|node| absolute(document.attribute(node, "href")?, base));
    for mut link in links {
        link.set_fragment(None);
        if forms.contains(&link) {
            return Some(link);
        }
    }
    None
}

/// What part of a story's address says which part it is, in every form that is known.
struct Written {
    /// A parameter that is added to the story's own.
    parameters: Vec<String>,
    /// A path in the place of the story's own.
    paths: Vec<String>,
}

impl Written {
    /// The forms of part `number` of the story at `first`.
    fn of(first: &Url, number: usize) -> Self {
        // A story that is named by such a parameter has no parts by it.
        let is_free = |name: &&str| !first.query_pairs().any(|(known, _)| known == *name);
        let parameters = PART_PARAMETERS.iter().copied().filter(is_free).map(|name| format!("{name}={number}"));
        Self { parameters: parameters.collect(), paths: paths(first.path(), number) }
    }

    /// Finds the ends of the addresses.
    fn tails(&self) -> Option<Searcher> {
        Searcher::new(self.parameters.iter().map(String::as_str).chain(self.paths.iter().map(|path| tail(path))))
    }

    /// The whole addresses.
    fn forms(&self, first: &Url) -> Vec<Url> {
        let mut first = first.clone();
        first.set_fragment(None);
        let by_parameter = self.parameters.iter().map(|parameter| {
            let mut form = first.clone();
            let own = first.query().filter(|own| !own.is_empty());
            form.set_query(Some(&own.map_or_else(|| parameter.clone(), |own| format!("{own}&{parameter}"))));
            form
        });
        let by_path = self.paths.iter().map(|path| {
            let mut form = first.clone();
            form.set_path(path);
            form
        });
        by_parameter.chain(by_path).collect()
    }
}

/// The paths of part `number` of the story at a path.
fn paths(first: &str, number: usize) -> Vec<String> {
    let bare = first.trim_end_matches('/');
    if bare.is_empty() {
        return Vec::new();
    }
    let last = bare.rsplit('/').next().unwrap_or_default();
    if let Some((_, extension)) = last.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        let stem = &bare[..bare.len() - extension.len() - 1];
        let separators = ["-", "_", ",", "/", "-page", "-seite-", "-p"];
        separators.map(|separator| format!("{stem}{separator}{number}.{extension}")).into()
    } else {
        let middles = ["", "page/", "seite/", "page-"];
        ["", "/"].into_iter().flat_map(|end| middles.map(|middle| format!("{bare}/{middle}{number}{end}"))).collect()
    }
}

/// Whether one of the tails stands in a page as the end of an address may: `p=2` and not the start of `p=2417`.
fn has_tail(bytes: &[u8], tails: &Searcher) -> bool {
    let mut from = 0;
    while let Some(found) = tails.find_in(bytes, (from..bytes.len()).into()) {
        let is_part_of = |neighbour: Option<&u8>| neighbour.is_some_and(u8::is_ascii_alphanumeric);
        let before = found.start().checked_sub(1).and_then(|at| bytes.get(at));
        if !is_part_of(before) && !is_part_of(bytes.get(found.end())) {
            return true;
        }
        from = found.start() + 1;
    }
    false
}

/// The end of a path that an `href` holds however short it is written.
fn tail(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let mut ends = path.rmatch_indices('/').map(|(at, _)| at + 1);
    let last = ends.next().unwrap_or_default();
    // A number alone is on every page.
    let from = if path[last..].starts_with(|c: char| c.is_ascii_digit()) { ends.next().unwrap_or(last) } else { last };
    &path[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses_are_worth_a_second_look() {
        let first = Url::parse("https://a.example/story/the-ferry").expect("an address");
        let tails = Written::of(&first, 2).tails().expect("there are few");
        for page in ["?p=24", "<a href='/x?xp=2'>", "/the-ferry/21", "/homepage/2", "the-ferry", ""] {
            assert!(!has_tail(page.as_bytes(), &tails), "{page}");
            assert_eq!(next_part(page.as_bytes(), None, &first, 2), None);
        }
        for page in
            ["?p=2", "?a=b&amp;page=2#top", "?p=24 ?p=2", "/the-ferry/2/", "the-ferry/page/2'", "the-ferry/page-2"]
        {
            assert!(has_tail(page.as_bytes(), &tails), "{page}");
        }
        let page = "<a href='?p=24'>24</a> <a href='/story/the-ferry?p=2'>2</a>";
        let next = next_part(page.as_bytes(), None, &first, 2).map(String::from);
        assert_eq!(next.as_deref(), Some("https://a.example/story/the-ferry?p=2"));
    }
}
