//! RSS, Atom and JSON Feed.

use super::unpack::unpack;
use super::{DiscoverError, charset, json_feed, salvage, xml_feed};
use crate::markup;
use crate::model::Link;
use url::Url;

/// Entries taken at the most. The longest feeds seen have a few thousand.
const MAX_ENTRIES: usize = 20_000;

/// The entries of a feed, in its order, with the title, the dates and the text that it gives them.
///
/// `base` is where the feed came from; relative links are resolved against it. A feed that is broken (a raw `&`, a
/// wrong end tag, a cut end) gives the entries that can still be made out.
///
/// # Errors
/// [`DiscoverError::NotAFeed`] where nothing looks like a feed.
pub fn feed(bytes: &[u8], base: &Url) -> Result<Vec<Link>, DiscoverError> {
    let (unpacked, _) = unpack(bytes);
    let text = charset::text(&unpacked);
    if let Some(links) = json_feed::entries(&text, base, MAX_ENTRIES) {
        return Ok(links);
    }
    xml_feed::entries(&text, base, MAX_ENTRIES).or_else(|problem| {
        let saved = salvage::entries(&text, base, MAX_ENTRIES);
        saved.ok_or_else(|| DiscoverError::NotAFeed { url: Box::new(base.clone()), problem })
    })
}

/// Plain text as HTML: what blank lines part are paragraphs.
pub(super) fn text_as_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace("\r\n", "\n");
    escaped.split("\n\n").flat_map(|paragraph| ["<p>", paragraph.trim(), "</p>"]).collect()
}

/// The address of an entry. No address has `&amp;` in it, but feeds that are escaped twice do.
pub(super) fn address(href: &str, base: &Url) -> Option<Url> {
    absolute(&href.replace("&amp;", "&"), base)
}

/// A link of a document, absolute; `None` for what is no web address.
pub(super) fn absolute(href: &str, base: &Url) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() { None } else { base.join(href).ok().filter(is_web) }
}

pub(super) fn is_web(url: &Url) -> bool {
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
