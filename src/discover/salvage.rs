//! Entries out of a feed that is not well-formed: found by their tags, without a parser's demands.
//!
//! A real feed reader gives up a feed for one raw `&`. What is wanted of it is little and stands in plain sight.

use super::date;
use super::feed::{address, is_web, plain_title};
use crate::markup;
use crate::model::{Link, Provenance};
use std::borrow::Cow;
use url::Url;

/// Elements that feeds have at their root, or right below it.
const ROOTS: &[&str] = &["rss", "feed", "rdf:rdf", "channel"];

/// The entries that can be made out, up to `limit`; `None` where nothing says that the document is a feed.
pub(super) fn entries(text: &str, base: &Url, limit: usize) -> Option<Vec<Link>> {
    ROOTS.iter().find(|root| find_tag(text, root).is_some())?;
    Some(pieces(text).filter_map(|entry| link(entry, base)).take(limit).collect())
}

/// The text of each entry: from behind its start tag to its end tag, the next entry or the end. One pass, whatever is
/// missing.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut tags = text.match_indices('<').map(|(at, _)| at);
    let mut begun: Option<usize> = None;
    let mut is_over = false;
    std::iter::from_fn(move || {
        while !is_over {
            let Some(at) = tags.next() else {
                is_over = true;
                return begun.take().map(|from| &text[from..]);
            };
            let inside = &text[at + 1..];
            let is_end = inside.strip_prefix('/').is_some_and(starts_entry);
            if !is_end && !starts_entry(inside) {
                continue;
            }
            let before = begun.take().map(|from| &text[from..at]);
            if !is_end {
                // A start tag that is not closed before the next one is none.
                let close = inside.find(['>', '<']).filter(|close| inside[*close..].starts_with('>'));
                begun = close.map(|close| at + 1 + close + 1);
            }
            if before.is_some() {
                return before;
            }
        }
        None
    })
}

/// Whether the name of an entry stands here.
fn starts_entry(text: &str) -> bool {
    ["item", "entry"].iter().any(|name| is_name(text, name))
}

/// Where a start tag of this name begins.
fn find_tag(text: &str, name: &str) -> Option<usize> {
    text.match_indices('<').map(|(at, _)| at).find(|at| is_name(&text[at + 1..], name))
}

/// Whether a text begins with this name, and not with a longer one.
fn is_name(text: &str, name: &str) -> bool {
    begins_with(text, name) && text[name.len()..].starts_with(['>', '/', ' ', '\t', '\r', '\n'])
}

/// Whether a text begins with these ASCII characters, in whichever case.
fn begins_with(text: &str, name: &str) -> bool {
    text.as_bytes().get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

/// Where the end tag of this name begins.
fn find_end(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| begins_with(&text[at + 2..], name))
}

/// An entry without the first element of this name, which has a title and a link of its own.
fn without<'a>(entry: Cow<'a, str>, name: &str) -> Cow<'a, str> {
    let Some(from) = find_tag(&entry, name) else { return entry };
    let Some(length) = find_end(&entry[from..], name) else { return entry };
    Cow::Owned([&entry[..from], &entry[from + length..]].concat())
}

fn link(entry: &str, base: &Url) -> Option<Link> {
    let entry = ["image", "source"].iter().fold(Cow::Borrowed(entry), |entry, name| without(entry, name));
    let entry = entry.as_ref();
    let told = |name: &str| content(entry, name).and_then(|href| address(&unescape(href), base));
    let target = told("feedburner:origLink")
        .or_else(|| told("link"))
        .or_else(|| atom_link(entry, base))
        .or_else(|| guid(entry))?;
    let dated = |names: &[&str]| names.iter().find_map(|name| date::read(&unescape(content(entry, name)?)));
    Some(Link {
        title: content(entry, "title").and_then(|title| plain_title(&unescape(title))),
        published: dated(&["pubDate", "published", "dc:date", "issued"]),
        modified: dated(&["updated", "modified", "atom:updated"]),
        content: ["content:encoded", "content"].iter().find_map(|name| Some(whole(entry, name)?.into_owned())),
        ..Link::new(target, Provenance::Feed)
    })
}

/// The address of an RSS guid that is a permanent link.
fn guid(entry: &str) -> Option<Url> {
    let tag = &entry[find_tag(entry, "guid")?..];
    let (tag, _) = tag.split_once('>')?;
    if attribute(tag, "isPermaLink").is_some_and(|value| value.eq_ignore_ascii_case("false")) {
        return None;
    }
    Url::parse(&unescape(content(entry, "guid")?)).ok().filter(is_web)
}

/// The `href` of the `<link>` that leads to the story itself: the first to a page or, without one, to another form.
fn atom_link(entry: &str, base: &Url) -> Option<Url> {
    let mut rest = entry;
    let mut other = None;
    while let Some(at) = find_tag(rest, "link") {
        let tag = &rest[at..];
        let end = tag.find('>').unwrap_or(tag.len());
        let (tag, behind) = tag.split_at(end);
        rest = behind;
        if !matches!(attribute(tag, "rel"), None | Some("alternate")) {
            continue;
        }
        let Some(url) = attribute(tag, "href").and_then(|href| address(&unescape(href), base)) else { continue };
        if matches!(attribute(tag, "type"), None | Some("text/html" | "application/xhtml+xml")) {
            return Some(url);
        }
        other = other.or(Some(url));
    }
    other
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!("{name}="))?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// What stands in the first element of a name, up to its end tag or, without one, to the next tag.
fn content<'a>(entry: &'a str, name: &str) -> Option<&'a str> {
    let tag = &entry[find_tag(entry, name)?..];
    let open = tag.find('>')?;
    if tag[..open].ends_with('/') {
        return None;
    }
    let inside = &tag[open + 1..];
    if let Some(data) = inside.trim_start().strip_prefix("<![CDATA[") {
        return Some(data.split("]]>").next().unwrap_or(data).trim());
    }
    let end = find_end(inside, name).or_else(|| inside.find('<')).unwrap_or(inside.len());
    let text = inside[..end].trim();
    (!text.is_empty()).then_some(text)
}

/// The HTML of an element that holds escaped or quoted markup, or the markup itself.
fn whole<'a>(entry: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let tag = &entry[find_tag(entry, name)?..];
    let open = tag.find('>')?;
    let inside = &tag[open + 1..];
    if inside.trim_start().starts_with("<![CDATA[") {
        return content(entry, name).map(Cow::Borrowed);
    }
    let text = inside[..find_end(inside, name).unwrap_or(inside.len())].trim();
    let is_markup = text.contains('<');
    (!text.is_empty()).then(|| if is_markup { Cow::Borrowed(text) } else { Cow::Owned(unescape(text)) })
}

/// Character references undone once; a raw `&` stays what it is.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let document = markup::parse(&text.replace('<', "&lt;"));
    document.text_content(markup::NodeId::ROOT)
}
