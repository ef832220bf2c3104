//! Why a URL gave no page.

use super::AddressClass;
use std::io;
use std::time::Duration;
use url::Url;

/// Why a URL gave no page, and what can be done about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The options fit no client.
    #[error("[fetch] {option} cannot be used: {problem}; correct it in the configuration")]
    Options {
        /// The key under `[fetch]`.
        option: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// Neither http nor https.
    #[error("{url} cannot be fetched: its scheme is {:?}; only http and https addresses can", url.scheme())]
    Scheme {
        /// The URL.
        url: Box<Url>,
    },
    /// The address guard said no.
    #[error(
        "{url} leads to {address}, which is {class} and is refused; to allow it pass --allow-host {allow} or list it in \
         [fetch] allow_hosts"
    )]
    Refused {
        /// The URL that leads there; on a redirect, its target.
        url: Box<Url>,
        /// The host or the address that it resolved to.
        address: String,
        /// What kind of address it is.
        class: AddressClass,
        /// What to allow, as the option takes it.
        allow: String,
    },
    /// robots.txt says no.
    #[error("{url} is disallowed by \"{rule}\" in {robots}; leave it out, or ask the publisher for permission")]
    Disallowed {
        /// The URL; on a redirect, its target.
        url: Box<Url>,
        /// The file.
        robots: Box<Url>,
        /// The rule that decided.
        rule: String,
    },
    /// robots.txt could not be had, which forbids everything (RFC 9309, section 2.3.1.4).
    #[error("{url} may not be fetched while {robots} cannot be read ({reason}); try again later")]
    RobotsUnavailable {
        /// The URL.
        url: Box<Url>,
        /// The file.
        robots: Box<Url>,
        /// What went wrong with it.
        reason: String,
    },
    /// The name service does not know the host.
    #[error("{url}: the host {} could not be found; check the spelling and the network connection", host_of(url))]
    Dns {
        /// The URL.
        url: Box<Url>,
        /// What the name service said.
        source: io::Error,
    },
    /// No connection.
    #[error("{url}: no connection to {}: {reason}; check that the address is right and the server runs", host_of(url))]
    Connect {
        /// The URL.
        url: Box<Url>,
        /// The innermost cause.
        reason: String,
        /// The client's error.
        source: reqwest::Error,
    },
    /// No secure connection.
    #[error(
        "{url}: no secure connection to {}: {reason}; check the address (does the server speak https on this port?), the \
         machine's clock and its installed root certificates",
        host_of(url)
    )]
    Tls {
        /// The URL.
        url: Box<Url>,
        /// What failed in the handshake.
        reason: String,
        /// The client's error.
        source: reqwest::Error,
    },
    /// Something took too long.
    #[error("{url}: {phase} took longer than {limit:?}; try again later or raise [fetch] {}", phase.option())]
    Timeout {
        /// The URL.
        url: Box<Url>,
        /// What took too long.
        phase: Phase,
        /// How long it had.
        limit: Duration,
    },
    /// The connection broke before the answer began, or the answer was not HTTP.
    #[error("{url}: the server broke off before answering ({reason}); try again later")]
    Interrupted {
        /// The URL.
        url: Box<Url>,
        /// The innermost cause.
        reason: String,
        /// The client's error.
        source: reqwest::Error,
    },
    /// An answer that is no page.
    #[error("{url} answered {}; {}", status_text(*status), status_advice(*status))]
    Status {
        /// The URL.
        url: Box<Url>,
        /// The HTTP status.
        status: u16,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// An answer that asks for more patience than the request has.
    #[error(
        "{url} answered {}; its host wants to be left alone; try again in {} s",
        status_text(*status),
        wait.as_secs_f64().ceil()
    )]
    PutOff {
        /// The URL.
        url: Box<Url>,
        /// The HTTP status.
        status: u16,
        /// How long its host is left alone.
        wait: Duration,
    },
    /// The host is not to be asked for the page yet, for longer than the request has patience: it turned out to want a long
    /// pause, or others are being asked at its address.
    #[error("{url} is not to be asked for yet, but in {wait:?}; ask then")]
    NotYet {
        /// The URL.
        url: Box<Url>,
        /// How long its host rests.
        wait: Duration,
    },
    /// A redirect to a host that rests for longer than the request has patience, or to an address that the request leaves to
    /// whoever asked.
    #[error("{url} redirects to {target}, which is not to be asked for yet; ask for that one later")]
    RedirectWaits {
        /// The URL that was asked for.
        url: Box<Url>,
        /// Where the redirect leads.
        target: Box<Url>,
        /// Redirects so far, for [`Request::after_redirects`](super::Request::after_redirects).
        hops: usize,
    },
    /// A redirect without a usable target.
    #[error("{url} answered {status} with no usable Location ({location:?}); the fault is the site's")]
    BadRedirect {
        /// The URL.
        url: Box<Url>,
        /// The HTTP status.
        status: u16,
        /// The header, as far as it can be read.
        location: String,
    },
    /// A redirect back to where it came from.
    #[error(
        "{url} redirects in a circle, back to {again}; the site may want cookies or a login, or the fault is its own"
    )]
    RedirectLoop {
        /// The URL that was asked for.
        url: Box<Url>,
        /// The URL that came up twice.
        again: Box<Url>,
    },
    /// A chain of redirects that does not end.
    #[error(
        "{url} was redirected more than {limit} times, last to {last}; if that is right, raise [fetch] max_redirects"
    )]
    TooManyRedirects {
        /// The URL that was asked for.
        url: Box<Url>,
        /// The limit.
        limit: usize,
        /// Where the next redirect would have led.
        last: Box<Url>,
    },
    /// More bytes than allowed.
    #[error("{url}: the body is larger than {limit} bytes and was given up; if it is wanted, raise [fetch] max_body")]
    TooLarge {
        /// The URL.
        url: Box<Url>,
        /// The limit in bytes.
        limit: u64,
    },
    /// Not the kind of document that was wanted.
    #[error("{url} is {content_type}, not {wanted}; leave it out")]
    ContentType {
        /// The URL.
        url: Box<Url>,
        /// What it is.
        content_type: String,
        /// What was wanted.
        wanted: &'static str,
    },
    /// A content coding that we did not ask for.
    #[error("{url}: the body comes in the content coding {coding:?}, which was not asked for; the fault is the site's")]
    UnknownCoding {
        /// The URL.
        url: Box<Url>,
        /// The header.
        coding: String,
    },
    /// A body that does not decompress.
    #[error("{url}: the body is not the valid {coding} that the server says it is ({source}); the fault is the site's")]
    Decode {
        /// The URL.
        url: Box<Url>,
        /// The content coding.
        coding: String,
        /// The decoder's error.
        source: io::Error,
    },
    /// A body that ends too early.
    #[error("{url}: the body broke off after {received} bytes{}; try again later", of_expected(*expected))]
    Truncated {
        /// The URL.
        url: Box<Url>,
        /// Bytes that came.
        received: u64,
        /// Bytes that were announced, where they were.
        expected: Option<u64>,
        /// The reader's error.
        source: io::Error,
    },
}

/// What of a request can take too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Look-up, connection, TLS handshake.
    Connect,
    /// Waiting for the answer to begin.
    FirstByte,
    /// All of it.
    Whole,
}

impl Phase {
    fn option(self) -> &'static str {
        match self {
            Self::Connect => "connect_timeout",
            Self::FirstByte => "first_byte_timeout",
            Self::Whole => "timeout",
        }
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::FirstByte => "the first byte of the answer",
            Self::Whole => "the whole answer",
        })
    }
}

impl FetchError {
    /// The URL that failed; `None` for an error of the options. On a redirect it is the hop that failed.
    #[must_use]
    pub fn url(&self) -> Option<&Url> {
        match self {
            Self::Options { .. } => None,
            Self::Scheme { url }
            | Self::Refused { url, .. }
            | Self::Disallowed { url, .. }
            | Self::RobotsUnavailable { url, .. }
            | Self::Dns { url, .. }
            | Self::Connect { url, .. }
            | Self::Tls { url, .. }
            | Self::Timeout { url, .. }
            | Self::Interrupted { url, .. }
            | Self::Status { url, .. }
            | Self::PutOff { url, .. }
            | Self::NotYet { url, .. }
            | Self::RedirectWaits { url, .. }
            | Self::BadRedirect { url, .. }
            | Self::RedirectLoop { url, .. }
            | Self::TooManyRedirects { url, .. }
            | Self::TooLarge { url, .. }
            | Self::ContentType { url, .. }
            | Self::UnknownCoding { url, .. }
            | Self::Decode { url, .. }
            | Self::Truncated { url, .. } => Some(url),
        }
    }

    /// A word for reports and counters.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Options { .. } => "options",
            Self::Scheme { .. } => "bad_url",
            Self::Refused { .. } => "refused_address",
            Self::Disallowed { .. } => "robots",
            Self::RobotsUnavailable { .. } => "robots_unavailable",
            Self::Dns { .. } => "dns",
            Self::Connect { .. } => "connect",
            Self::Tls { .. } => "tls",
            Self::Timeout { .. } => "timeout",
            Self::Interrupted { .. } => "interrupted",
            Self::Status { status, .. } | Self::PutOff { status, .. } => status_kind(*status),
            Self::NotYet { .. } => "not_yet",
            Self::RedirectWaits { .. } => "redirect_waits",
            Self::BadRedirect { .. } => "bad_redirect",
            Self::RedirectLoop { .. } => "redirect_loop",
            Self::TooManyRedirects { .. } => "too_many_redirects",
            Self::TooLarge { .. } => "too_large",
            Self::ContentType { .. } => "content_type",
            Self::UnknownCoding { .. } | Self::Decode { .. } => "decode",
            Self::Truncated { .. } => "truncated",
        }
    }

    /// Whether a later try may succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::RobotsUnavailable { .. }
            | Self::PutOff { .. }
            | Self::NotYet { .. }
            | Self::RedirectWaits { .. }
            | Self::Dns { .. }
            | Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Interrupted { .. }
            | Self::Truncated { .. } => true,
            Self::Status { status, .. } => super::retry::is_transient_status(*status),
            // A handshake that broke off may be the network's doing; one that was judged stays judged.
            Self::Tls { source, .. } => super::http::cause::<rustls::Error>(source).is_none(),
            _ => false,
        }
    }

    /// Whether the URL was left out for what it is, as against failing.
    #[must_use]
    pub fn is_skip(&self) -> bool {
        matches!(self, Self::Disallowed { .. } | Self::ContentType { .. } | Self::TooLarge { .. })
    }

    /// Whether the server says that there is no such page (any more).
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status: 404 | 410, .. })
    }

    /// How long the server asked to be left alone; for a request that was put off, how long its host is.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::PutOff { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}

impl FetchError {
    /// The failure in a few words, without URL and advice.
    pub(super) fn summary(&self) -> String {
        match self {
            Self::Status { status, .. } | Self::PutOff { status, .. } => status_text(*status),
            Self::Dns { .. } => "the host could not be found".to_owned(),
            Self::Refused { address, class, .. } => format!("{address} is {class}"),
            Self::Connect { reason, .. } => format!("no connection: {reason}"),
            Self::Tls { reason, .. } => format!("no secure connection: {reason}"),
            Self::Timeout { phase, limit, .. } => format!("{phase} took longer than {limit:?}"),
            Self::Interrupted { reason, .. } => format!("the server broke off: {reason}"),
            Self::Truncated { .. } => "the body broke off".to_owned(),
            other => other.kind().replace('_', " "),
        }
    }

    /// A failure to get a site's robots.txt that would have met any of its pages too, as one of `page`; `None` where it
    /// concerns the file alone.
    pub(super) fn about_site_of(self, page: &Url) -> Option<Self> {
        let url = Box::new(page.clone());
        let same_host = self.url().is_some_and(|failed| failed.host() == page.host() && failed.port() == page.port());
        match self {
            _ if !same_host => None,
            Self::Dns { source, .. } => Some(Self::Dns { url, source }),
            Self::Connect { reason, source, .. } => Some(Self::Connect { url, reason, source }),
            Self::Tls { reason, source, .. } => Some(Self::Tls { url, reason, source }),
            Self::Timeout { phase: phase @ Phase::Connect, limit, .. } => Some(Self::Timeout { url, phase, limit }),
            Self::PutOff { status, wait, .. } => Some(Self::PutOff { url, status, wait }),
            Self::NotYet { wait, .. } => Some(Self::NotYet { url, wait }),
            Self::Refused { address, class, allow, .. } => Some(Self::Refused { url, address, class, allow }),
            _ => None,
        }
    }
}

fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or("(no host)")
}

fn of_expected(expected: Option<u64>) -> String {
    expected.map_or_else(String::new, |bytes| format!(" of {bytes}"))
}

pub(super) fn status_text(status: u16) -> String {
    let reason = reqwest::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason());
    reason.map_or_else(|| status.to_string(), |reason| format!("{status} {reason}"))
}

fn status_advice(status: u16) -> &'static str {
    match status {
        206 => "that is a part of the page, which was not asked for; the fault is the site's; try again later",
        304 => "that answers a question that was not asked; the fault is the site's",
        401 | 407 => "it wants a login, and none is sent; leave it out",
        402 => "it is sold; leave it out",
        403 => "the site refuses this client; say who you are in [fetch] user_agent, or leave it out",
        404 => "there is no such page; check the address",
        410 => "the page was taken down for good; leave it out",
        429 => "the site wants fewer requests; raise [fetch] delay and try again later",
        451 => "it is withheld for legal reasons; leave it out",
        408 | 425 | 500..=599 => "the fault is the site's; try again later",
        _ => "check the address in a browser",
    }
}

fn status_kind(status: u16) -> &'static str {
    match status {
        206 => "http_206",
        400 => "http_400",
        401 => "http_401",
        402 => "http_402",
        403 => "http_403",
        404 => "http_404",
        405 => "http_405",
        406 => "http_406",
        408 => "http_408",
        410 => "http_410",
        425 => "http_425",
        429 => "http_429",
        451 => "http_451",
        500 => "http_500",
        502 => "http_502",
        503 => "http_503",
        504 => "http_504",
        other if other / 100 == 4 => "http_4xx",
        other if other / 100 == 5 => "http_5xx",
        _ => "http_other",
    }
}
