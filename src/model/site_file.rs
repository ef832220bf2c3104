//! A file that speaks for a whole site, as it is kept from one run to the next.

use jiff::Timestamp;
use url::Url;

/// What a site answered when it was last asked for its robots.txt, or for another file of that kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Where it was asked for.
    pub url: Url,
    /// When.
    pub fetched: Timestamp,
    /// The HTTP status that decided, redirects followed.
    pub status: u16,
    /// The file; empty unless `status` is 2xx.
    pub body: Vec<u8>,
}
