//! Entries out of a feed that is not well-formed: found by their tags, without a parser's demands, or one by one in JSON.
//!
//! A real feed reader gives up a feed for one raw `&`. What is wanted of it is little and stands in plain sight.

use super::feed::{absolute, plain_title};
use super::{date, json_feed};
use crate::markup;
use crate::model::{Link, Provenance};
use std::borrow::Cow;
use url::Url;

/// Entries taken at the most. The longest feeds seen have a few thousand.
const MAX_ENTRIES: usize = 20_000;

/// The entries that can be made out; `None` where nothing says that the document is a feed.
pub(super) fn entries(bytes: &[u8], base: &Url) -> Option<Vec<Link>> {
    let decoded = markup::decode(bytes, declared_charset(bytes).as_deref());
    let text = decoded.text.as_ref();
    if let Some(links) = json_feed::entries(text, base, MAX_ENTRIES) {
        return Some(links);
    }
    let is_feed = ["<rss", "<feed", "<rdf:RDF", "<channel"].iter().any(|tag| text.contains(tag));
    if !is_feed {
        return None;
    }
    Some(pieces(text).filter_map(|entry| link(entry, base)).take(MAX_ENTRIES).collect())
}

/// The charset that an XML declaration names.
pub(super) fn declared_charset(bytes: &[u8]) -> Option<String> {
    /// An XML declaration is shorter; in bytes.
    const DECLARATION: usize = 200;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]);
    let declaration = head.split_once("<?xml")?.1.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split(quote).next()?.to_owned())
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
    text.strip_prefix(name).is_some_and(|rest| rest.starts_with(['>', '/', ' ', '\t', '\r', '\n']))
}

fn link(entry: &str, base: &Url) -> Option<Link> {
    let address = content(entry, "link")
        .and_then(|href| absolute(&unescape(href), base))
        .or_else(|| atom_link(entry, base))
        .or_else(|| content(entry, "guid").and_then(|guid| Url::parse(&unescape(guid)).ok()))
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let dated = |names: &[&str]| names.iter().find_map(|name| date::read(&unescape(content(entry, name)?)));
    Some(Link {
        title: content(entry, "title").and_then(|title| plain_title(&unescape(title))),
        published: dated(&["pubDate", "published", "dc:date", "issued"]),
        modified: dated(&["updated", "modified", "atom:updated"]),
        content: ["content:encoded", "content"].iter().find_map(|name| Some(whole(entry, name)?.into_owned())),
        ..Link::new(address, Provenance::Feed)
    })
}

/// The `href` of the first `<link>` that leads to the page itself.
fn atom_link(entry: &str, base: &Url) -> Option<Url> {
    let mut rest = entry;
    while let Some(at) = find_tag(rest, "link") {
        let tag = &rest[at..];
        let end = tag.find('>').unwrap_or(tag.len());
        let (tag, behind) = tag.split_at(end);
        if matches!(attribute(tag, "rel"), None | Some("alternate")) {
            return absolute(&unescape(attribute(tag, "href")?), base);
        }
        rest = behind;
    }
    None
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
    let end = inside.find(&format!("</{name}")).or_else(|| inside.find('<')).unwrap_or(inside.len());
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
    let text = inside[..inside.find(&format!("</{name}")).unwrap_or(inside.len())].trim();
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
