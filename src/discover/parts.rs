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
    let forms = forms(first, number);
    // Most pages have none, and need no second parse to tell.
    let tails = Searcher::new(forms.iter().map(tail));
    if tails.is_some_and(|tails| !has_tail(bytes, &tails)) {
        return None;
    }
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

/// What part `number` of a story may be called.
fn forms(first: &Url, number: usize) -> Vec<Url> {
    let mut first = first.clone();
    first.set_fragment(None);
    let mut forms = Vec::new();
    for name in PART_PARAMETERS {
        let mut form = first.clone();
        // A story that is named by such a parameter has no parts by it.
        if !form.query_pairs().any(|(known, _)| known == *name) {
            form.query_pairs_mut().append_pair(name, &number.to_string());
            forms.push(form);
        }
    }
    let path = first.path().to_owned();
    let mut add = |path: String| {
        let mut form = first.clone();
        form.set_path(&path);
        forms.push(form);
    };
    let bare = path.trim_end_matches('/');
    if bare.is_empty() {
        return forms;
    }
    let last = bare.rsplit('/').next().unwrap_or_default();
    if let Some((_, extension)) = last.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        let stem = &bare[..bare.len() - extension.len() - 1];
        for separator in ["-", "_", ",", "/", "-page", "-seite-", "-p"] {
            add(format!("{stem}{separator}{number}.{extension}"));
        }
    } else {
        for ending in ["", "/"] {
            for middle in ["", "page/", "seite/", "page-"] {
                add(format!("{bare}/{middle}{number}{ending}"));
            }
        }
    }
    forms
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

/// The end of an address that its `href` holds however short it is written.
fn tail(form: &Url) -> &str {
    if let Some(query) = form.query() {
        // `&` may be written as `&amp;`; the last parameter is written as it is.
        return query.rsplit('&').next().unwrap_or(query);
    }
    let path = form.path().trim_end_matches('/');
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
        let forms = forms(&first, 2);
        let tails = Searcher::new(forms.iter().map(tail)).expect("there are few");
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
