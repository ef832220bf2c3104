//! The site's files, as they are kept in the program.

use rust_embed::RustEmbed;
use serde::Deserialize;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "fixtures/site/"]
struct Files;

/// An article that a full crawl has to write.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedArticle {
    /// Its canonical address.
    pub url: String,
    /// Its headline.
    pub title: String,
    /// The outlet, by the name that its source has in the demonstration.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    articles: Vec<ExpectedArticle>,
}

/// Every article that a full crawl of the sample site has to write, and no other.
///
/// # Panics
/// Never, as the list is part of the program and a test reads it.
#[must_use]
pub fn expected() -> Vec<ExpectedArticle> {
    let file = get("expected.json").expect("the list of articles is bundled");
    serde_json::from_slice::<Expected>(&file).expect("the bundled list of articles is valid").articles
}

/// A file by its path under `fixtures/site/`.
pub(super) fn get(path: &str) -> Option<Cow<'static, [u8]>> {
    Files::get(path).map(|file| file.data)
}

/// The hosts that have files, in order.
pub(super) fn hosts() -> Vec<String> {
    let mut hosts: Vec<String> =
        Files::iter().filter_map(|path| path.split_once('/').map(|(host, _)| host.to_owned())).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// The file that answers for a path: itself, `index.html` of a folder, or `<path>.html`.
pub(super) fn path_of(host: &str, path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    // While developing, the files are read from the disk, where these would lead elsewhere.
    if host.is_empty() || host.contains(['/', '\\']) || path.split('/').any(|part| part == "..") {
        return None;
    }
    let candidates = if path.is_empty() || path.ends_with('/') {
        [format!("{host}/{path}index.html"), String::new()]
    } else {
        [format!("{host}/{path}"), format!("{host}/{path}.html")]
    };
    candidates.into_iter().find(|candidate| Files::get(candidate).is_some())
}

/// The `Content-Type` of a file.
pub(super) fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "xml" => "application/xml",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "js" => "text/javascript; charset=utf-8",
        "gz" => "application/gzip",
        _ => "text/html; charset=utf-8",
    }
}
