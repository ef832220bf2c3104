//! What may be set of the fetcher, with its defaults.

use super::{AccessOptions, AllowedHost};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// How to fetch.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    /// The `User-Agent` header. Its first word, up to a slash, is the name that robots.txt knows us by.
    pub user_agent: String,
    /// Requests under way at the same time, over all hosts.
    pub concurrency: usize,
    /// Requests under way at the same time to hosts that share one address, each with the pause of its host behind it; 0 for
    /// no limit. Through a proxy, which looks
    /// names up itself, nothing is known of addresses.
    pub per_address: usize,
    /// From the end of one request to a host to the start of the next. A longer Crawl-delay wins.
    pub delay: Duration,
    /// The pause after an answer in proportion to the time that it took, where that is the longest; 0 for none.
    pub delay_factor: f64,
    /// For one request, from connecting to the last byte of the body.
    pub timeout: Duration,
    /// For look-up, connection and TLS handshake together.
    pub connect_timeout: Duration,
    /// From the start of a request to the end of the answer's headers.
    pub first_byte_timeout: Duration,
    /// Bytes of a body, both on the wire and with its content codings undone.
    pub max_body: u64,
    /// Redirects followed for one request.
    pub max_redirects: usize,
    /// Further tries after a failure that may pass.
    pub retries: u32,
    /// Further tries after an answer 429, which cost none of `retries`: the server only asked for patience.
    pub throttle_retries: u32,
    /// The wait before the first further try; it doubles for each one after.
    pub backoff: Duration,
    /// The longest wait before a further try. Where `Retry-After` asks for more, the host is left alone for so long,
    /// and the request ends with [`FetchError::PutOff`](super::FetchError::PutOff).
    pub max_retry_wait: Duration,
    /// The longest pause that a Crawl-delay or a slow answer leads to.
    pub max_crawl_delay: Duration,
    /// Hosts that the address guard lets through.
    pub allow_hosts: Vec<AllowedHost>,
    /// Names (lower case) and the address and port to connect to instead of asking the name service. A port in the URL
    /// wins over the one given here. The address guard judges these addresses like any other.
    pub resolve: BTreeMap<String, SocketAddr>,
    /// Whether robots.txt decides what is fetched.
    pub obey_robots: bool,
    /// An HTTP or SOCKS5 proxy. With one, names are resolved by the proxy and the address guard sees only literals.
    pub proxy: Option<Url>,
    /// What single sources need to be let in, by their names; see [`Fetcher::for_source`](super::Fetcher::for_source).
    pub access: BTreeMap<String, AccessOptions>,
    /// The Chromium that renders pages, by its path or its name on the `PATH`; `None` for the usual names.
    pub browser: Option<PathBuf>,
}

impl Default for FetchOptions {
    /// No limit for an address: large networks serve thousands of sites from one. Delay and concurrency are those of a polite guest: one page a second is what most Crawl-delay lines ask at the
    /// least. A factor of 1 leaves a slow server idle half of the time. 16 MiB is several times the largest article page that we know of and a third of the largest sitemap.
    fn default() -> Self {
        Self {
            user_agent: concat!(
                "Copydesk/",
                env!("CARGO_PKG_VERSION_MAJOR"),
                ".",
                env!("CARGO_PKG_VERSION_MINOR"),
                " (news archiver; set fetch.user_agent to say who you are)"
            )
            .to_owned(),
            concurrency: 16,
            per_address: 0,
            delay: Duration::from_secs(1),
            delay_factor: 1.0,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(20),
            max_body: 16 * 1024 * 1024,
            max_redirects: 10,
            retries: 2,
            throttle_retries: super::retry::FREE_THROTTLES,
            backoff: Duration::from_secs(1),
            max_retry_wait: Duration::from_mins(2),
            max_crawl_delay: Duration::from_secs(30),
            allow_hosts: Vec::new(),
            resolve: BTreeMap::new(),
            obey_robots: true,
            proxy: None,
            access: BTreeMap::new(),
            browser: None,
        }
    }
}
