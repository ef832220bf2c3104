//! A robots.txt as it is kept from one run to the next.

use jiff::Timestamp;
use url::Url;

/// What a site answered when it was last asked for its robots.txt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsCopy {
    /// Where it was asked for.
    pub url: Url,
    /// When.
    pub fetched: Timestamp,
    /// The HTTP status that decided, redirects followed.
    pub status: u16,
    /// The file; empty unless `status` is 2xx.
    pub body: Vec<u8>,
}
