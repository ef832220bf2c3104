//! The cleaner over HTTP: who may ask, how much at a time, and in which form the answer goes.
//!
//! ```text
//! connection ─ connections ─► request ─ door ─► one that may be answered ─ clean ─► answer or problem
//! ```

mod agents;
mod body;
mod clean;
mod connections;
mod door;
mod forms;
mod problem;

pub use agents::{Agents, KnownSource};
pub use connections::serve;
pub use door::{Token, TokenError};

use crate::extract;
use crate::fetch::Fetcher;
use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Method, Request, Response};
use problem::Problem;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::sync::Semaphore;

/// What a request is known by, in answers and in the log.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client, in bytes: twice what a UUID needs.
const MAX_REQUEST_ID: usize = 64;

/// Requests that are fetched, wait for a worker or are cleaned; what comes beyond is sent away for a while.
const MAX_UNDER_WAY: usize = 128;

/// What answering takes.
#[derive(Debug)]
pub struct Desk {
    fetcher: Fetcher,
    options: extract::Options,
    token: Option<Token>,
    /// Room for requests under way.
    room: Arc<Semaphore>,
    /// One permit for each page that is cleaned at the same time.
    workers: Arc<Semaphore>,
    /// KiB of request bodies that may be in memory.
    memory: Arc<Semaphore>,
    ids: (RandomState, AtomicU64),
}

impl Desk {
    /// A desk that cleans with these options and as many workers as are named, at least one. With a token, only who shows
    /// it is answered.
    #[must_use]
    pub fn new(fetcher: Fetcher, options: extract::Options, token: Option<Token>, workers: usize) -> Self {
        Self {
            fetcher,
            options,
            token,
            room: Arc::new(Semaphore::new(MAX_UNDER_WAY)),
            workers: Arc::new(Semaphore::new(workers.max(1))),
            memory: Arc::new(Semaphore::new(body::MEMORY_KIB)),
            ids: (RandomState::new(), AtomicU64::new(0)),
        }
    }

    /// Answers a request that came to this address of ours.
    async fn answer(&self, request: Request<Body>, listening: SocketAddr) -> Response<Body> {
        let start = Instant::now();
        let id = self.request_id(&request);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let mut response = match self.route(request, listening).await {
            Ok(response) => response,
            Err(problem) => problem.answer(&id),
        };
        // Without the query and the body: either can hold what is nobody's business.
        tracing::info!(
            request = id,
            %method,
            path,
            status = response.status().as_u16(),
            ms = start.elapsed().as_millis() as u64,
            "answered"
        );
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::from_str(&id) {
            headers.insert(X_REQUEST_ID, id);
        }
        response
    }

    async fn route(&self, request: Request<Body>, listening: SocketAddr) -> Result<Response<Body>, Problem> {
        door::check_host(&request, listening)?;
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        match request.uri().path() {
            "/healthz" if reads => Ok(plain("ok\n")),
            "/readyz" if reads && self.room.available_permits() == 0 => Err(Problem::busy()),
            "/readyz" if reads => Ok(plain("ready\n")),
            "/healthz" | "/readyz" => Err(not_allowed("GET, HEAD")),
            path => {
                let is_clean = path == "/v1/clean";
                door::check_token(&request, self.token.as_ref())?;
                match (is_clean, request.method() == Method::POST) {
                    (true, true) => self.clean(request).await,
                    (true, false) => Err(not_allowed("POST")),
                    (false, _) => Err(Problem::new(404, "there is nothing here; POST /v1/clean is what is answered")),
                }
            }
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
