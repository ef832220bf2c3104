//! What repeats on a page of links: stories stand one below the other in the same markup, and their addresses are alike.

use super::url_kind::{segments, split_extension};
use scraper::ElementRef;
use std::collections::HashMap;
use std::fmt::Write as _;
use url::Url;

/// Links that are alike from which on they are a list.
const LIST: usize = 4;

/// Of a list of stories, the least share whose text is a headline. The others are short headlines and "more" links.
const HEADLINES: f32 = 0.6;

/// Elements above a link that make up its position. Four reach from the link over its heading to the card and its list.
const ABOVE: usize = 4;

/// Counts links by what they are alike in.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    groups: HashMap<String, Group>,
}

#[derive(Debug, Default)]
struct Group {
    links: usize,
    headlines: usize,
}

impl Repeated {
    /// Counts a link that is alike with others in `key`.
    pub(super) fn add(&mut self, key: &str, is_headline: bool) {
        let group = self.groups.entry(key.to_owned()).or_default();
        group.links += 1;
        group.headlines += usize::from(is_headline);
    }

    /// Whether the links that are alike in this are a list of headlines.
    pub(super) fn is_list_of_stories(&self, key: &str) -> bool {
        self.groups
            .get(key)
            .is_some_and(|group| group.links >= LIST && group.headlines as f32 >= HEADLINES * group.links as f32)
    }
}

/// Where a link stands: the elements above it with their first classes.
pub(super) fn position(anchor: ElementRef<'_>) -> String {
    let mut position = String::new();
    for element in std::iter::once(anchor).chain(anchor.ancestors().filter_map(ElementRef::wrap)).take(ABOVE + 1) {
        let class = element.value().classes().next().unwrap_or_default();
        let _ = write!(position, "{}.{}<", element.value().name(), without_digits(class));
    }
    position
}

/// What an address is like: how many segments, the first of several as it is, and what the last is made of.
pub(super) fn shape(url: &Url) -> String {
    let segments = segments(url);
    let Some(last) = segments.last() else { return query_names(url) };
    let (stem, extension) = split_extension(last);
    let digits = stem.bytes().filter(u8::is_ascii_digit).count();
    let made_of = match (digits, stem.contains(['-', '_'])) {
        (0, true) => "words",
        (0, false) => "word",
        (_, true) => "words and digits",
        (digits, false) if digits == stem.len() => "digits",
        _ => "letters and digits",
    };
    let first = if segments.len() > 1 { segments[0].as_str() } else { "" };
    format!("{first}/{}/{made_of}.{extension}?{}", segments.len(), query_names(url))
}

fn query_names(url: &Url) -> String {
    url.query_pairs().map(|(name, _)| name.into_owned()).collect::<Vec<_>>().join("&")
}

/// `post-1234` and `post-1235` are one class.
fn without_digits(class: &str) -> String {
    class.chars().filter(|c| !c.is_ascii_digit()).collect()
}
