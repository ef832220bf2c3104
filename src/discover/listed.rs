//! The stories that a page of links names in its JSON-LD: an `ItemList`, or teasers given as articles.

use super::date;
use super::feed::{absolute, plain_title};
use crate::markup::{Document, NodeId, Tag};
use crate::model::{ArticleDate, CanonicalUrl};
use serde_json::{Map, Value};
use url::Url;

/// How deep objects are looked into; real graphs have at most six levels.
const MAX_DEPTH: usize = 12;

/// Entries of a page that are taken: more than any front page has.
const MAX_LISTED: usize = 1000;

/// One story of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) url: Url,
    pub(super) title: Option<String>,
    pub(super) published: Option<ArticleDate>,
    /// Whether it is given as an article, and not merely as an entry of a list.
    is_article: bool,
}

/// What the page's JSON-LD lists, each address once, but not the page itself; and whether it says that the page, under one
/// of the addresses in `own`, is itself an article.
pub(super) fn listed(document: &Document, base: &Url, own: &[CanonicalUrl]) -> (Vec<Listed>, bool) {
    let mut found = Vec::new();
    let is_json_ld = |node: &NodeId| {
        let kind = || document.attribute(*node, "type").unwrap_or_default().trim();
        document.tag(*node) == Some(Tag::Script) && kind().eq_ignore_ascii_case("application/ld+json")
    };
    for script in document.descendants(NodeId::ROOT).filter(is_json_ld) {
        if let Ok(value) = serde_json::from_str::<Value>(&document.text_content(script)) {
            look_into(&value, base, false, 0, &mut found);
        }
    }
    let is_own = |listed: &Listed| own.contains(&CanonicalUrl::new(&listed.url));
    let is_story = found.iter().any(|listed: &Listed| listed.is_article && is_own(listed));
    let mut seen = std::collections::HashSet::new();
    found.retain(|listed| !is_own(listed) && seen.insert(CanonicalUrl::new(&listed.url)));
    (found, is_story)
}

fn look_into(value: &Value, base: &Url, in_list: bool, depth: usize, found: &mut Vec<Listed>) {
    if depth > MAX_DEPTH || found.len() >= MAX_LISTED {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| look_into(value, base, in_list, depth + 1, found)),
        Value::String(address) if in_list => {
            found.extend(absolute(address, base).map(|url| Listed {
                url,
                title: None,
                published: None,
                is_article: false,
            }));
        }
        Value::Object(object) => {
            // The way to the page, and the site's menu.
            if is_a(
                object,
                &["BreadcrumbList", "SiteNavigationElement", "WebSite", "Organization", "NewsMediaOrganization"],
            ) {
                return;
            }
            let is_article =
                types(object).any(|kind| kind.ends_with("Article") || kind == "BlogPosting" || kind == "Report");
            let is_entry = in_list && (is_a(object, &["ListItem", "WebPage"]) || types(object).next().is_none());
            if is_article || is_entry {
                found.extend(entry(object, base, is_article));
            }
            if is_article {
                return;
            }
            let holds_entries = is_a(object, &["ItemList"]);
            for (key, value) in object {
                let below = match key.as_str() {
                    "itemListElement" => holds_entries,
                    "item" => in_list && !value.is_string(),
                    _ => false,
                };
                if below || matches!(value, Value::Object(_) | Value::Array(_)) {
                    look_into(value, base, below, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

fn entry(object: &Map<String, Value>, base: &Url, is_article: bool) -> Option<Listed> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let reference = |key: &str| match object.get(key)? {
        Value::String(address) => Some(address.as_str()),
        Value::Object(inner) => inner.get("@id").and_then(Value::as_str),
        _ => None,
    };
    let address =
        text("url").or_else(|| reference("mainEntityOfPage")).or_else(|| text("item")).or_else(|| text("@id"))?;
    let title = text("headline").or_else(|| text("name")).and_then(plain_title);
    let published = text("datePublished").and_then(date::read);
    Some(Listed { url: absolute(address, base)?, title, published, is_article })
}

fn types(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let kinds = match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.as_slice(),
        Some(kind) => std::slice::from_ref(kind),
        None => &[],
    };
    kinds.iter().filter_map(Value::as_str)
}

fn is_a(object: &Map<String, Value>, wanted: &[&str]) -> bool {
    types(object).any(|kind| wanted.contains(&kind))
}
