//! What is known of hosts beyond the run.

use crate::model::{HostKey, SiteFile};
use jiff::Timestamp;
use std::fmt;
use url::Url;

/// Keeps what a fetcher learns of hosts, so that another run need not ask again. Its methods may block.
///
/// A memory that fails says so in the log and forgets: that costs a request, and no page.
pub trait HostMemory: Send + Sync {
    /// What the URL of a site's robots.txt, or of a file like it, answered last.
    fn site_file(&self, url: &Url) -> Option<SiteFile>;

    /// Keeps what such a URL answered.
    fn keep_site_file(&self, file: &SiteFile);

    /// Keeps until when a host is to be left alone, because its server asked for it.
    fn keep_rest(&self, host: &HostKey, until: Timestamp);
}

impl fmt::Debug for dyn HostMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostMemory")
    }
}
