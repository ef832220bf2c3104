//! The cleaner and the archive over HTTP: who may ask, how much at a time, and in which form the answer goes.
//!
//! ```text
//! connection ─ connections ─► request ─ rate, door ─► one that may be answered ─ route ─┬─ api ─────► answer or problem
//!                                                                                      ├─ pages ───► page
//!                                                                                      └─ agents ──► result of a tool
//! ```

mod agents;
mod answer;
mod api;
mod body;
mod connections;
mod door;
pub mod exposition;
mod forms;
mod impatient;
mod metrics;
mod openapi;
mod pages;
mod problem;
mod query;
mod rate;
mod read;
mod route;
#[cfg(feature = "otel")]
mod spans;
mod websub;

pub use agents::Agents;
pub use connections::serve;
pub use door::{Token, TokenError};
pub use websub::{News, Websub, WebsubError};

use crate::config::SourceBook;
use crate::extract;
use crate::fetch::Fetcher;
use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Method, Request, Response};
use pages::Page;
use problem::Problem;
use route::Route;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// What spans are known by, apart from lines of the log.
#[cfg(feature = "otel")]
pub const SPANS: &str = "copydesk_spans";

/// What a request is known by, in answers and in the log.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client, in bytes: twice what a UUID needs.
const MAX_REQUEST_ID: usize = 64;

/// Requests that are fetched, wait for a worker or are cleaned; what comes beyond is sent away for a while.
const MAX_UNDER_WAY: usize = 128;

/// Streams of new versions at the same time.
const MAX_STREAMS: usize = 64;

/// Batches at the same time: each may hold some of the largest rows.
const MAX_BATCHES: usize = 4;

/// Requests that read the archive at the same time; more would wait for the same disk.
pub const MAX_READERS: usize = 4;

/// What a desk is made of.
pub struct DeskParts {
    /// Fetches what clients name.
    pub fetcher: Fetcher,
    /// How pages are cleaned.
    pub clean: extract::Options,
    /// With one, only who shows it is answered.
    pub token: Option<Token>,
    /// Requests a second of one address; 0 for any number, `None` for what is usual, which does not bind this machine.
    pub rate: Option<u32>,
    /// Pages cleaned at the same time, at least one.
    pub workers: usize,
    /// The archive's folder.
    pub archive: PathBuf,
    /// The store of what was seen.
    pub store: PathBuf,
    /// What is crawled.
    pub sources: SourceBook,
    /// The figures of a crawl in this process, as Prometheus has them.
    pub figures: Option<Figures>,
    /// Subscriptions at hubs, where there may be any.
    pub websub: Option<Arc<Websub>>,
}

/// Between whom a connection is.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// The address of ours that it came to.
    listening: SocketAddr,
    peer: IpAddr,
}

/// Gives figures as text.
pub type Figures = Arc<dyn Fn() -> String + Send + Sync>;

/// What answering takes.
pub struct Desk {
    fetcher: Fetcher,
    options: extract::Options,
    token: Option<Token>,
    archive: PathBuf,
    store: PathBuf,
    sources: SourceBook,
    figures: Option<Figures>,
    websub: Option<Arc<Websub>>,
    /// Room for requests under way.
    room: Arc<Semaphore>,
    /// One permit for each page that is cleaned at the same time.
    workers: Arc<Semaphore>,
    worker_count: usize,
    readers: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    batches: Arc<Semaphore>,
    /// KiB of request bodies that may be in memory.
    memory: Arc<Semaphore>,
    rate: rate::Rate,
    /// Whether this machine is bound by the rate, too: where somebody has set one.
    binds_us: bool,
    metrics: metrics::Metrics,
    recent: agents::RecentPages,
    ids: (RandomState, AtomicU64),
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("archive", &self.archive).field("store", &self.store).finish_non_exhaustive()
    }
}

impl Desk {
    /// A desk of these parts.
    #[must_use]
    pub fn new(parts: DeskParts) -> Self {
        let worker_count = parts.workers.max(1);
        Self {
            fetcher: parts.fetcher,
            options: parts.clean,
            token: parts.token,
            archive: parts.archive,
            store: parts.store,
            sources: parts.sources,
            figures: parts.figures,
            websub: parts.websub,
            room: Arc::new(Semaphore::new(MAX_UNDER_WAY)),
            workers: Arc::new(Semaphore::new(worker_count)),
            worker_count,
            readers: Arc::new(Semaphore::new(MAX_READERS)),
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
            batches: Arc::new(Semaphore::new(MAX_BATCHES)),
            memory: Arc::new(Semaphore::new(body::MEMORY_KIB)),
            rate: rate::Rate::new(parts.rate.unwrap_or(rate::USUAL)),
            binds_us: parts.rate.is_some(),
            metrics: metrics::Metrics::default(),
            recent: agents::RecentPages::default(),
            ids: (RandomState::new(), AtomicU64::new(0)),
        }
    }

    /// Answers a request that came over a connection. What goes on by itself ends with `stop`.
    async fn answer(self: Arc<Self>, request: Request<Body>, line: Line, stop: CancellationToken) -> Response<Body> {
        let start = Instant::now();
        let id = self.request_id(&request);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let route = Route::of(&path);
        let name = route.as_ref().map_or("none", Route::name);
        let is_page = route
            .as_ref()
            .map_or_else(|| pages::wants_html(request.headers()), |route| matches!(route, Route::Page(_)));
        // The path of a subscription is known to its hub alone.
        let path = if let Some(Route::Websub(_)) = route { name.to_owned() } else { path };
        let target = request.uri().path_and_query().map(ToString::to_string).filter(|_| method == Method::GET);
        let mut response = match Arc::clone(&self).routed(route, request, line, stop).await {
            Ok(response) => response,
            Err(problem) if is_page && problem.status() == 401 && target.is_some() => {
                pages::to_login(&target.unwrap_or_default())
            }
            Err(problem) if is_page => pages::problem(problem, &id),
            Err(problem) => problem.answer(&id),
        };
        let (status, took) = (response.status().as_u16(), start.elapsed());
        self.metrics.note(name, status, took);
        // Without the query and the body: either can hold what is nobody's business.
        tracing::info!(request = id, %method, path, status, ms = took.as_millis() as u64, "answered");
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // What has a tag may be kept, and is asked for again each time.
        let keep = if headers.contains_key(ETAG) { "private, no-cache" } else { "no-store" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        if let Ok(id) = HeaderValue::from_str(&id) {
            headers.insert(X_REQUEST_ID, id);
        }
        response
    }

    async fn routed(
        self: Arc<Self>,
        route: Option<Route>,
        request: Request<Body>,
        line: Line,
        stop: CancellationToken,
    ) -> Result<Response<Body>, Problem> {
        // A hub names the public host; nothing is told there to who does not know the id.
        if !matches!(route, Some(Route::Websub(_))) {
            door::check_host(&request, line.listening)?;
        }
        let is_free = matches!(route, Some(Route::Health | Route::Ready | Route::Page(Page::Asset(_))));
        let is_counted = !is_free && (self.binds_us || !line.peer.is_loopback());
        if is_counted {
            self.rate.take(line.peer, 1.0, Instant::now())?;
        }
        if !route.as_ref().is_some_and(Route::is_open) {
            let is_page = matches!(route, Some(Route::Page(_)));
            let checked = door::check_token(&request, self.token.as_ref(), is_page);
            // Whoever shows none yet, as a browser does, tries none.
            if checked.is_err() && door::shows_token(&request) {
                self.rate.take(line.peer, rate::WRONG_TOKEN, Instant::now())?;
            }
            checked?;
        }
        let route =
            route.ok_or_else(|| Problem::new(404, "there is nothing here; /openapi.json says what is answered"))?;
        let method = match request.method() {
            &Method::HEAD => Method::GET,
            other => other.clone(),
        };
        if !route.methods().split(", ").any(|allowed| allowed == method.as_str()) {
            return Err(not_allowed(route.methods()));
        }
        self.dispatch(route, &method, request, line, stop).await
    }

    async fn dispatch(
        self: Arc<Self>,
        route: Route,
        method: &Method,
        request: Request<Body>,
        line: Line,
        stop: CancellationToken,
    ) -> Result<Response<Body>, Problem> {
        let query = request.uri().query().map(str::to_owned);
        let query = query.as_deref();
        match route {
            Route::Health => Ok(plain("ok\n")),
            Route::Ready if self.room.available_permits() == 0 => Err(Problem::busy()),
            Route::Ready => Ok(plain("ready\n")),
            Route::Metrics => self.show_metrics().await,
            Route::OpenApi => Ok(openapi::document()),
            Route::Clean => self.clean(request).await,
            Route::Batch => self.clean_batch(request),
            Route::Articles => self.articles(query, request.headers()).await,
            Route::Article(id, part) => self.article(id, part, query, request.headers()).await,
            Route::Stream => self.stream(query, request.headers(), stop).await,
            Route::Sources if method == Method::POST => self.add_source(request).await,
            Route::Sources => self.list_sources(query).await,
            Route::Source(name) => match *method {
                Method::PATCH => self.change_source(&name, request).await,
                Method::DELETE => self.remove_source(&name, query),
                _ => self.one_source(&name, query).await,
            },
            Route::CrawlNow(name) => self.crawl_now(&name, query).await,
            Route::Runs => self.runs(query).await,
            Route::Run(id) => self.run(id, query).await,
            Route::Coverage => self.coverage(query).await,
            Route::Feed(name, form) => self.feed(name, form, request.uri(), request.headers()).await,
            Route::Agents => self.agents(request, stop).await,
            Route::Page(page) => self.page(page, method, request, line.peer).await,
            Route::Websub(id) => self.hear_hub(&id, method, request).await,
        }
    }

    /// The client's id for its request where it is a plain word, else one of our own.
    fn request_id(&self, request: &Request<Body>) -> String {
        let is_plain = |id: &&str| {
            (1..=MAX_REQUEST_ID).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let given = request.headers().get(X_REQUEST_ID).and_then(|id| id.to_str().ok()).filter(is_plain);
        given.map_or_else(
            || format!("{:016x}", self.ids.0.hash_one(self.ids.1.fetch_add(1, Ordering::Relaxed))),
            str::to_owned,
        )
    }
}

fn not_allowed(methods: &'static str) -> Problem {
    Problem::new(405, format!("this is not answered for that method; use {methods}")).with(ALLOW, methods)
}

fn plain(text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
