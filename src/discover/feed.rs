//! RSS, Atom and JSON Feed.

use super::unpack::unpack;
use super::{DiscoverError, salvage};
use crate::markup;
use crate::model::{ArticleDate, Link, Provenance};
use feed_rs::model::{Content, Entry};
use jiff::Timestamp;
use std::borrow::Cow;
use url::Url;

/// The entries of a feed, in its order, with the title, the dates and the text that it gives them.
///
/// `base` is where the feed came from; relative links are resolved against it. A feed that is broken (a raw `&`, a
/// wrong end tag, a cut end) gives the entries that can still be made out.
///
/// # Errors
/// [`DiscoverError::NotAFeed`] where nothing looks like a feed.
pub fn feed(bytes: &[u8], base: &Url) -> Result<Vec<Link>, DiscoverError> {
    let (unpacked, _) = unpack(bytes);
    let bytes = in_utf8(&unpacked);
    let parser = feed_rs::parser::Builder::new().base_uri(Some(base.as_str())).build();
    match parser.parse(&*bytes) {
        Ok(feed) => Ok(feed.entries.iter().filter_map(|entry| link(entry, base)).collect()),
        Err(source) => salvage::entries(&bytes, base)
            .ok_or_else(|| DiscoverError::NotAFeed { url: Box::new(base.clone()), source: Box::new(source) }),
    }
}

/// A feed in UTF-16 as UTF-8, without the declaration that says otherwise: the parser's own change of encoding panics where
/// a byte order mark and a declaration meet.
fn in_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let starts: [&[u8]; 4] = [b"\xFE\xFF", b"\xFF\xFE", b"\x00<\x00?", b"<\x00?\x00"];
    let Some(which) = starts.iter().position(|start| bytes.starts_with(start)) else { return Cow::Borrowed(bytes) };
    let decoded = markup::decode(bytes, Some(if which % 2 == 0 { "utf-16be" } else { "utf-16le" }));
    let text = decoded.text.trim_start();
    let text = text.strip_prefix("<?xml").and_then(|rest| Some(rest.split_once("?>")?.1)).unwrap_or(text);
    Cow::Owned(text.as_bytes().to_vec())
}

fn link(entry: &Entry, base: &Url) -> Option<Link> {
    let is_alternate = |rel: Option<&str>| matches!(rel, None | Some("alternate" | ""));
    let target = entry
        .links
        .iter()
        .find(|link| is_alternate(link.rel.as_deref()))
        .and_then(|link| absolute(&link.href, base))
        // An RSS guid is a permanent link unless it says otherwise, and some feeds have nothing else.
        .or_else(|| Url::parse(&entry.id).ok().filter(is_web))?;
    Some(Link {
        title: entry.title.as_ref().and_then(|title| plain_title(&title.content)),
        published: entry.published.and_then(|moment| date(moment.timestamp())),
        modified: entry.updated.and_then(|moment| date(moment.timestamp())),
        content: entry.content.as_ref().and_then(content),
        ..Link::new(target, Provenance::Feed)
    })
}

/// What an entry holds of its story, as HTML. Not a summary, and not what is only linked to.
fn content(content: &Content) -> Option<String> {
    let body = content.body.as_deref().filter(|body| !body.trim().is_empty())?;
    match content.content_type.essence().to_string().as_str() {
        "text/plain" => Some(text_as_html(body)),
        "text/html" | "application/xhtml+xml" => Some(body.to_owned()),
        _ => None,
    }
}

/// Plain text as HTML: what blank lines part are paragraphs.
pub(super) fn text_as_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace("\r\n", "\n");
    escaped.split("\n\n").flat_map(|paragraph| ["<p>", paragraph.trim(), "</p>"]).collect()
}

fn date(seconds: i64) -> Option<ArticleDate> {
    Timestamp::from_second(seconds).ok().map(ArticleDate::from)
}

/// A link of a document, absolute; `None` for what is no web address.
pub(super) fn absolute(href: &str, base: &Url) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() { None } else { base.join(href).ok().filter(is_web) }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
}

/// A title as plain text on one line: feeds put markup and doubly escaped characters into it.
pub(super) fn plain_title(title: &str) -> Option<String> {
    let text = if title.contains(['<', '&']) {
        let document = markup::parse(title);
        document.text_content(markup::NodeId::ROOT)
    } else {
        title.to_owned()
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}
