//! A page as it came from the network.

use super::Usage;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use url::Url;

/// One answer to one request, redirects followed.
#[derive(Debug, Clone)]
pub struct Page {
    /// The URL that was asked for.
    pub requested: Url,
    /// The URL that answered, after redirects.
    pub url: Url,
    /// Every URL that redirected, in order; the first is `requested`. Empty without a redirect.
    pub redirects: Vec<Url>,
    /// HTTP status: 2xx, or 304 with an empty body.
    pub status: u16,
    /// The `Content-Type` header, whole.
    pub content_type: Option<String>,
    /// Every `Link` header.
    pub links: Vec<String>,
    /// Every `X-Robots-Tag` header.
    pub robots_tags: Vec<String>,
    /// What was said of its use outside its text: in headers and in robots.txt.
    pub usage: Usage,
    /// What to send back when asking whether it has changed.
    pub validators: Validators,
    /// The body, its transfer and content codings undone.
    pub body: Bytes,
    /// Bytes of the body as they came over the wire.
    pub wire_bytes: u64,
    /// When the answer was complete.
    pub fetched: Timestamp,
    /// From sending the request to the end of the body, last hop only.
    pub elapsed: Duration,
}

impl Page {
    /// Whether the server said that nothing has changed.
    #[must_use]
    pub fn not_modified(&self) -> bool {
        self.status == 304
    }
}

/// What a server gave to ask later whether a resource has changed (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The `ETag` header, quotes and weakness mark included.
    pub etag: Option<String>,
    /// The `Last-Modified` header, as sent.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}
