//! What the files cannot say: redirects, statuses, headers. Read from `routes.toml`.

use super::files;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// How one path is answered.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    host: String,
    path: String,
    /// The status; with `times` only for so many requests.
    status: Option<u16>,
    times: Option<u32>,
    /// Seconds, for the `Retry-After` header.
    pub(super) retry_after: Option<u32>,
    pub(super) location: Option<String>,
    pub(super) content_type: Option<String>,
    /// Another file than the path's own.
    pub(super) file: Option<String>,
    /// Whether the file is packed before it is sent.
    #[serde(default)]
    pub(super) gzip: bool,
    #[serde(skip)]
    asked: AtomicU32,
}

impl Route {
    /// The status that takes the place of the file, if it does so this time.
    pub(super) fn status(&self) -> Option<u16> {
        let status = self.status?;
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        self.times.is_none_or(|times| asked < times).then_some(status)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    route: Vec<Route>,
}

/// The routes, by host and path.
#[derive(Debug)]
pub(super) struct Routes(HashMap<(String, String), Route>);

impl Routes {
    pub(super) fn bundled() -> Self {
        let file = files::get("routes.toml").expect("the routes are bundled");
        let text = String::from_utf8_lossy(&file);
        let table: Table = toml::from_str(&text).expect("the bundled routes are valid");
        Self(table.route.into_iter().map(|route| ((route.host.clone(), route.path.clone()), route)).collect())
    }

    pub(super) fn get(&self, host: &str, path: &str) -> Option<&Route> {
        self.0.get(&(host.to_owned(), path.to_owned()))
    }
}
