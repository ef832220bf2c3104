//! One request and its answer. It follows no redirect, tries nothing twice and paces nothing.

use super::access::Access;
use super::body::{self, Overflow};
use super::error::Phase;
use super::guard::{self, Passage};
use super::resolver::{Admit, Guard, GuardedResolver, ResolveError};
use super::tape::{Recording, Tape};
use super::{Accept, FetchError, FetchOptions, retry, tdm};
use crate::model::{Cut, Page, Usage, Validators, add_directives};
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Client, Response};
use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use url::Url;

/// What our decoders undo.
const ACCEPT_ENCODING: &str = "gzip, deflate, br, zstd";

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Bytes of a body without interest that are still read, because that is cheaper than a new connection.
const DRAINED_BYTES: u64 = 64 * 1024;

/// How long an unused connection is kept. Under the 60 s after which common servers close theirs, so that a request
/// seldom meets a connection that is just being closed.
const IDLE_CONNECTION: Duration = Duration::from_secs(50);

/// The headers of the TDM Reservation Protocol.
static TDM_RESERVATION: HeaderName = HeaderName::from_static("tdm-reservation");
static TDM_POLICY: HeaderName = HeaderName::from_static("tdm-policy");

/// The clients, by the proxies that they use.
#[derive(Debug)]
pub(super) struct Http {
    clients: Vec<(Option<Url>, Clients)>,
    options: Arc<FetchOptions>,
}

/// The two clients: hosts that the configuration names use one that connects anywhere, all others one that connects to
/// public addresses only. Two, because a name service answers for a name and an allowance is for a port of it.
#[derive(Debug)]
struct Clients {
    open: Client,
    public: Client,
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) url: &'a Url,
    pub(super) accept: Accept,
    pub(super) validators: &'a Validators,
    pub(super) limit: u64,
    pub(super) overflow: Overflow,
    /// Our name among robots.
    pub(super) token: &'a str,
    /// For what.
    pub(super) subject: Subject,
    /// The longest wait for another try.
    pub(super) patience: Option<Duration>,
    /// What its source needs to be let in.
    pub(super) access: Option<&'a Access>,
    /// Cookies of the redirects that led here.
    pub(super) cookies: Option<&'a Jar>,
    /// Where the exchange is taken down.
    pub(super) tape: Option<&'a Tape>,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// One page.
    Page,
    /// A file that speaks for a whole site, such as robots.txt.
    SiteFile,
}

/// An answer that is no error.
#[derive(Debug)]
pub(super) enum Answer {
    /// 2xx with its body, or 304. `requested` and `redirects` are those of this request alone.
    Page(Box<Page>),
    /// Where the page is now, and the cookies that come with it.
    Redirect { target: Url, cookies: Vec<header::HeaderValue> },
}

impl Http {
    /// `proxies` are those of single sources.
    pub(super) fn new(
        options: Arc<FetchOptions>,
        proxies: impl Iterator<Item = Url>,
        guard: &Guard,
    ) -> Result<Self, FetchError> {
        // Whoever embeds the library may have chosen a provider already; that one serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut clients: Vec<(Option<Url>, Clients)> = Vec::new();
        for proxy in std::iter::once(options.proxy.clone()).chain(proxies.map(Some)) {
            if !clients.iter().any(|(known, _)| *known == proxy) {
                let open = client(&options, proxy.as_ref(), Admit::All, guard)?;
                let public = client(&options, proxy.as_ref(), Admit::Public, guard)?;
                clients.push((proxy, Clients { open, public }));
            }
        }
        Ok(Self { clients, options })
    }

    /// The clients for a request, by its source's proxy or else that of all sources.
    fn clients(&self, ask: Ask<'_>) -> Option<&Clients> {
        let proxy = ask.access.and_then(|access| access.proxy.as_ref()).or(self.options.proxy.as_ref());
        self.clients.iter().find(|(known, _)| known.as_ref() == proxy).map(|(_, clients)| clients)
    }

    /// Whether a URL may be asked for at all, as far as the URL itself tells.
    pub(super) fn passage(&self, url: &Url) -> Result<Passage, FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Scheme { url: Box::new(url.clone()) });
        }
        guard::passage(url, &self.options.allow_hosts)
            .map_err(|class| refused(url, url.host_str().unwrap_or_default().to_owned(), class))
    }

    pub(super) async fn exchange(&self, ask: Ask<'_>) -> Result<Answer, FetchError> {
        let limit = self.options.timeout;
        match tokio::time::timeout(limit, self.exchange_untimed(ask)).await {
            Ok(result) => result,
            Err(_) => Err(FetchError::Timeout { url: Box::new(ask.url.clone()), phase: Phase::Whole, limit }),
        }
    }

    async fn exchange_untimed(&self, ask: Ask<'_>) -> Result<Answer, FetchError> {
        let boxed = || Box::new(ask.url.clone());
        let passage = self.passage(ask.url)?;
        let Some(clients) = self.clients(ask) else {
            // One was made for every proxy that there is.
            let problem = "the proxy came up after the start".to_owned();
            return Err(FetchError::Options { option: "proxy", problem });
        };
        let client = match passage {
            Passage::Open => &clients.open,
            Passage::PublicOnly => &clients.public,
        };
        let (started, time) = (Instant::now(), jiff::Timestamp::now());
        let limit = self.options.first_byte_timeout;
        let sent = headers(ask);
        let request = client.get(ask.url.clone()).headers(sent.clone());
        let response = match tokio::time::timeout(limit, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.explain(ask.url, error)),
            Err(_) => return Err(FetchError::Timeout { url: boxed(), phase: Phase::FirstByte, limit }),
        };

        if let Some(access) = ask.access {
            access.note(response.headers(), ask.url);
        }
        let recording = ask.tape.map(|tape| Recording::begin(tape, &ask, time, &self.with_agent(sent), &response));
        let status = response.status().as_u16();
        match status {
            // No part of a page is ever asked for, so 206 is none of these.
            200..=205 | 207..=299 => {}
            304 if !ask.validators.is_empty() => {}
            301 | 302 | 303 | 307 | 308 => {
                let target = redirect_target(ask.url, &response);
                let cookies = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
                drain(response, recording, ask.limit).await;
                return target.map(|target| Answer::Redirect { target, cookies });
            }
            _ => {
                let retry_after = text_header(response.headers(), &header::RETRY_AFTER)
                    .and_then(|value| retry::retry_after(&value, SystemTime::now()));
                drain(response, recording, ask.limit).await;
                return Err(FetchError::Status { url: boxed(), status, retry_after });
            }
        }

        let content_type = text_header(response.headers(), &header::CONTENT_TYPE);
        let taken = if status == 304 { Some(true) } else { ask.accept.takes(content_type.as_deref()) };
        if taken == Some(false) {
            end(recording, None, Some(Cut::Unwanted));
            let content_type = content_type.unwrap_or_default();
            return Err(FetchError::ContentType { url: boxed(), content_type, wanted: ask.accept.wanted() });
        }
        let mut page = Page {
            requested: ask.url.clone(),
            url: ask.url.clone(),
            redirects: Vec::new(),
            status,
            content_type,
            links: link_headers(response.headers()),
            robots_tags: robots_tags(response.headers()),
            usage: usage(response.headers(), ask),
            validators: validators(response.headers(), ask.validators, status),
            body: bytes::Bytes::new(),
            wire_bytes: 0,
            fetched: jiff::Timestamp::UNIX_EPOCH,
            elapsed: Duration::ZERO,
        };
        if status == 304 {
            end(recording, None, None);
        } else {
            let pieces = recording.as_ref().map(|recording| &recording.pieces);
            let body = match body::read(response, ask.url, ask.limit, ask.overflow, pieces).await {
                Ok(body) => body,
                Err(error) => {
                    end(recording, None, Some(cut_by(&error)));
                    return Err(error);
                }
            };
            let as_received = (body.is_plain && !body.is_cut).then(|| body.bytes.clone());
            end(recording, as_received, body.is_cut.then_some(Cut::Length));
            if taken.is_none()
                && let Some(found) = ask.accept.unwanted(&body.bytes)
            {
                return Err(FetchError::ContentType {
                    url: boxed(),
                    content_type: found.to_owned(),
                    wanted: ask.accept.wanted(),
                });
            }
            (page.body, page.wire_bytes) = (body.bytes, body.wire_bytes);
        }
        page.fetched = jiff::Timestamp::now();
        page.elapsed = started.elapsed();
        Ok(Answer::Page(Box::new(page)))
    }

    /// Sends a form, and gives where it is to be sent instead; `None` where it was taken. The answer's body is not wanted.
    pub(super) async fn post_form(&self, url: &Url, form: &str) -> Result<Option<Url>, FetchError> {
        let boxed = || Box::new(url.clone());
        let passage = self.passage(url)?;
        let proxied = |(known, _): &&(Option<Url>, Clients)| *known == self.options.proxy;
        let clients = &self.clients.iter().find(proxied).expect("a client is made for the proxy of all sources").1;
        let client = match passage {
            Passage::Open => &clients.open,
            Passage::PublicOnly => &clients.public,
        };
        let limit = self.options.first_byte_timeout.min(self.options.timeout);
        let request = client.post(url.clone()).header(header::CONTENT_TYPE, FORM).body(form.to_owned());
        let response = match tokio::time::timeout(limit, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.explain(url, error)),
            Err(_) => return Err(FetchError::Timeout { url: boxed(), phase: Phase::FirstByte, limit }),
        };
        match response.status().as_u16() {
            200..=299 => Ok(None),
            // The others would have the form sent as a GET.
            307 | 308 => redirect_target(url, &response).map(Some),
            status => {
                let retry_after = text_header(response.headers(), &header::RETRY_AFTER)
                    .and_then(|value| retry::retry_after(&value, SystemTime::now()));
                Err(FetchError::Status { url: boxed(), status, retry_after })
            }
        }
    }

    /// What is sent, with what the client adds by itself.
    fn with_agent(&self, mut sent: HeaderMap) -> HeaderMap {
        if let Ok(agent) = header::HeaderValue::from_str(&self.options.user_agent) {
            sent.entry(header::USER_AGENT).or_insert(agent);
        }
        sent
    }

    /// The client's error as ours: by the innermost cause that says something.
    fn explain(&self, url: &Url, source: reqwest::Error) -> FetchError {
        let boxed = Box::new(url.clone());
        if source.is_connect() && source.is_timeout() {
            return FetchError::Timeout { url: boxed, phase: Phase::Connect, limit: self.options.connect_timeout };
        }
        if let Some(error) = cause::<ResolveError>(&source) {
            match error {
                ResolveError::Refused { address, class } => return refused(url, format!("{address}"), *class),
                ResolveError::LookUp(error) => {
                    return FetchError::Dns { url: boxed, source: io::Error::new(error.kind(), error.to_string()) };
                }
                ResolveError::Empty => return FetchError::Dns { url: boxed, source: io::Error::other("no address") },
            }
        }
        if let Some(error) = cause::<rustls::Error>(&source) {
            return FetchError::Tls { url: boxed, reason: error.to_string(), source };
        }
        let reason = innermost(&source);
        let hung_up = || cause::<io::Error>(&source).is_some_and(|_| reason.contains("handshake"));
        if source.is_connect() && url.scheme() == "https" && hung_up() {
            return FetchError::Tls {
                url: boxed,
                reason: "the server hung up during the handshake".to_owned(),
                source,
            };
        }
        if source.is_connect() {
            FetchError::Connect { url: boxed, reason, source }
        } else {
            FetchError::Interrupted { url: boxed, reason, source }
        }
    }
}

fn client(options: &FetchOptions, proxy_url: Option<&Url>, admit: Admit, guard: &Guard) -> Result<Client, FetchError> {
    let user_agent = header::HeaderValue::from_str(&options.user_agent)
        .map_err(|error| FetchError::Options { option: "user_agent", problem: error.to_string() })?;
    let mut proxy_host = None;
    let mut proxy = None;
    if let Some(url) = proxy_url {
        let problem = |problem: String| FetchError::Options { option: "proxy", problem };
        proxy_host = url.host_str().map(Arc::from);
        proxy = Some(reqwest::Proxy::all(url.as_str()).map_err(|error| problem(innermost(&error)))?);
    }
    let build = |own_roots: bool| {
        let (fixed, proxy_host) = (Arc::new(options.resolve.clone()), proxy_host.clone());
        let resolver = GuardedResolver { guard: guard.clone(), fixed, admit, proxy: proxy_host };
        let mut builder = Client::builder()
            .user_agent(user_agent.clone())
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(options.connect_timeout)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE_CONNECTION)
            // What servers get wrong about headers and every browser takes (RFC 9112, section 5.2, for the first).
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .dns_resolver(resolver)
            // A proxy from the environment would carry requests past the address guard.
            .no_proxy();
        if let Some(proxy) = &proxy {
            builder = builder.proxy(proxy.clone());
        }
        if !own_roots {
            builder = builder.tls_certs_only([]);
        }
        builder.build()
    };
    build(true).or_else(|error| {
        tracing::warn!(
            reason = innermost(&error),
            "no root certificates were found, so that https pages cannot be fetched; install them (package ca-certificates)"
        );
        build(false).map_err(|error| FetchError::Options { option: "(all keys)", problem: innermost(&error) })
    })
}

fn refused(url: &Url, address: String, class: super::AddressClass) -> FetchError {
    let host = url.host_str().unwrap_or_default();
    let allow = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    FetchError::Refused { url: Box::new(url.clone()), address, class, allow }
}

fn headers(ask: Ask<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, header::HeaderValue::from_static(ask.accept.header()));
    headers.insert(header::ACCEPT_ENCODING, header::HeaderValue::from_static(ACCEPT_ENCODING));
    let mut put = |name: HeaderName, value: &Option<String>| {
        // What came in a header can be sent in one, unless the store was tampered with.
        if let Some(value) = value.as_deref().and_then(|value| header::HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    };
    put(header::IF_NONE_MATCH, &ask.validators.etag);
    put(header::IF_MODIFIED_SINCE, &ask.validators.last_modified);
    if let Some(mut cookies) = ask.cookies.and_then(|jar| jar.cookies(ask.url)) {
        cookies.set_sensitive(true);
        headers.insert(header::COOKIE, cookies);
    }
    if let Some(access) = ask.access {
        access.add_to(&mut headers, ask.url);
    }
    headers
}

fn text_header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

fn robots_tags(headers: &HeaderMap) -> Vec<String> {
    headers.get_all("x-robots-tag").iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

fn link_headers(headers: &HeaderMap) -> Vec<String> {
    headers.get_all(header::LINK).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// What the headers say of the page's use.
fn usage(headers: &HeaderMap, ask: Ask<'_>) -> Usage {
    let mut usage = Usage::default();
    for tags in robots_tags(headers) {
        add_directives(&mut usage.robots, &tags, None, ask.token);
    }
    usage.tdm_reservation = text_header(headers, &TDM_RESERVATION).and_then(|value| tdm::flag(&value));
    usage.tdm_policy = text_header(headers, &TDM_POLICY).filter(|value| !value.is_empty());
    let mut links = headers.get_all(header::LINK).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    usage.license =
        links.find_map(|value| license_link(&value)).map(|link| ask.url.join(&link).map_or(link, String::from));
    usage
}

/// The target of a `Link` header with `rel=license` (RFC 8288, RFC 4946).
fn license_link(value: &str) -> Option<String> {
    value.split('<').find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        // The next link's comma is the only one that can be in here, apart from those in titles.
        let is_license = parameters.split([';', ',']).any(|parameter| {
            parameter.trim().split_once('=').is_some_and(|(name, value)| {
                let mut words = value.trim().trim_matches('"').split_ascii_whitespace();
                name.trim().eq_ignore_ascii_case("rel") && words.any(|word| word.eq_ignore_ascii_case("license"))
            })
        });
        is_license.then(|| target.trim().to_owned())
    })
}

/// The validators of the answer. A 304 may leave them out, and then those that were sent still hold.
fn validators(headers: &HeaderMap, sent: &Validators, status: u16) -> Validators {
    let new = Validators {
        etag: text_header(headers, &header::ETAG),
        last_modified: text_header(headers, &header::LAST_MODIFIED),
    };
    if status != 304 {
        return new;
    }
    Validators {
        etag: new.etag.or_else(|| sent.etag.clone()),
        last_modified: new.last_modified.or_else(|| sent.last_modified.clone()),
    }
}

fn redirect_target(url: &Url, response: &Response) -> Result<Url, FetchError> {
    let location = text_header(response.headers(), &header::LOCATION).unwrap_or_default();
    match url.join(&location) {
        Ok(mut target) if !location.is_empty() => {
            target.set_fragment(None);
            Ok(target)
        }
        _ => Err(FetchError::BadRedirect { url: Box::new(url.clone()), status: response.status().as_u16(), location }),
    }
}

fn end(recording: Option<Recording>, body: Option<bytes::Bytes>, cut: Option<Cut>) {
    if let Some(recording) = recording {
        recording.end(body, cut);
    }
}

/// Why the body is not whole that could not be read.
fn cut_by(error: &FetchError) -> Cut {
    match error {
        FetchError::TooLarge { .. } => Cut::Length,
        FetchError::Truncated { .. } => Cut::Disconnect,
        _ => Cut::Unwanted,
    }
}

/// Reads a short body to its end, so that the connection can be used again; any body where it is taken down.
async fn drain(mut response: Response, recording: Option<Recording>, limit: u64) {
    if let Some(recording) = recording {
        let mut left = limit;
        let cut = loop {
            match response.chunk().await {
                Ok(Some(piece)) => {
                    recording.pieces.add(&piece);
                    match left.checked_sub(piece.len() as u64) {
                        Some(rest) => left = rest,
                        None => break Some(Cut::Length),
                    }
                }
                Ok(None) => break None,
                Err(_) => break Some(Cut::Disconnect),
            }
        };
        recording.end(None, cut);
    } else if response.content_length().is_some_and(|bytes| bytes <= DRAINED_BYTES) {
        let _ = response.bytes().await;
    }
}

/// The first cause of a type. An `io::Error` hides what it wraps from `source`, so it is opened.
pub(super) fn cause<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        };
    }
    None
}

/// What the innermost cause says; the outer ones only say that there was an error.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
