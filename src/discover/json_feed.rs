//! JSON Feeds, also those that break their rules: without a version or a title, with numbers for ids, cut off in the
//! middle.

use super::date;
use super::feed::{absolute, plain_title, text_as_html};
use crate::model::{Link, Provenance};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

/// The entries that can be made out, up to `limit`; `None` where nothing says that the text is a JSON Feed.
pub(super) fn entries(text: &str, base: &Url, limit: usize) -> Option<Vec<Link>> {
    /// A feed that is whole; its other members are not read.
    #[derive(Deserialize)]
    struct Feed {
        items: Vec<Value>,
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.strip_prefix('{')?;
    if let Ok(feed) = serde_json::from_str::<Feed>(text) {
        return Some(feed.items.iter().filter_map(|item| link(item, base)).take(limit).collect());
    }
    let mut rest = items(text)?;
    let mut links = Vec::new();
    while links.len() < limit {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        // The list's end, or where it breaks off.
        let Some(Ok(item)) = values.next() else { break };
        links.extend(link(&item, base));
        rest = &rest[values.byte_offset()..];
    }
    Some(links)
}

/// What stands behind `"items": [`.
fn items(text: &str) -> Option<&str> {
    const KEY: &str = "\"items\"";
    text.match_indices(KEY)
        .find_map(|(at, _)| text[at + KEY.len()..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('['))
}

fn link(item: &Value, base: &Url) -> Option<Link> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let address = ["url", "external_url", "id"].iter().find_map(|key| {
        let address = text(key)?;
        // An id is an address only where it says so.
        if *key == "id" && !address.starts_with("http") { None } else { absolute(address, base) }
    })?;
    let dated = |key: &str| text(key).and_then(date::read_in_utc);
    let html = text("content_html").filter(|html| !html.trim().is_empty()).map(str::to_owned);
    let plain = text("content_text").filter(|plain| !plain.trim().is_empty());
    Some(Link {
        title: text("title").and_then(plain_title),
        published: dated("date_published"),
        modified: dated("date_modified"),
        content: html.or_else(|| plain.map(text_as_html)),
        ..Link::new(address, Provenance::Feed)
    })
}
