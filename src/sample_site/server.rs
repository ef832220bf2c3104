//! The server.

use super::files;
use super::grown::{Found, Grown, Truth};
use super::log::{Log, Served};
use super::next_day::NextDay;
use super::routes::Routes;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_TYPE, ETAG, HOST, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use std::collections::HashMap;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// When every file was last changed, as far as the `Last-Modified` header says: the day after the newest article.
const CHANGED: &str = "Sun, 22 Nov 2026 06:00:00 GMT";

/// The sample site, being served until it is stopped or dropped.
#[derive(Debug)]
pub struct SampleSite {
    addr: SocketAddr,
    site: Arc<Site>,
    stop: CancellationToken,
    task: JoinHandle<io::Result<()>>,
}

#[derive(Debug)]
struct Site {
    routes: Routes,
    grown: Grown,
    log: Log,
    replaced: Mutex<HashMap<(String, String), Vec<u8>>>,
    next_day: NextDay,
    /// When the next day began.
    turned: OnceLock<Timestamp>,
}

impl SampleSite {
    /// Serves the site on a free port of the loopback address.
    ///
    /// # Errors
    /// Where no port can be had.
    pub async fn start() -> io::Result<Self> {
        Self::grown(0).await
    }

    /// Serves the site with so many generated articles besides, of outlets of their own.
    ///
    /// # Errors
    /// Where no port can be had.
    pub async fn grown(articles: usize) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = listener.local_addr()?;
        let site = Arc::new(Site::new(Grown { articles }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&site));
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let task = tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(stopped).await });
        Ok(Self { addr, site, stop, task })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The names that it answers for. Each is the host of an outlet, and up to its last dot the outlet's name.
    #[must_use]
    pub fn hosts() -> Vec<String> {
        files::hosts()
    }

    /// The hosts of the generated outlets.
    #[must_use]
    pub fn grown_hosts(&self) -> Vec<String> {
        self.site.grown.hosts()
    }

    /// What the generated outlets have.
    #[must_use]
    pub fn truth(&self) -> Truth {
        self.site.grown.truth()
    }

    /// What was asked so far, in the order of the answers.
    #[must_use]
    pub fn requests(&self) -> Vec<Served> {
        self.site.log.all()
    }

    /// Forgets what was asked so far.
    pub fn clear_requests(&self) {
        self.site.log.clear();
    }

    /// Serves other content for a path from now on, with an entity tag of its own.
    pub fn replace(&self, host: &str, path: &str, content: impl Into<Vec<u8>>) {
        let mut replaced = self.site.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        replaced.insert((host.to_owned(), path.to_owned()), content.into());
    }

    /// Turns to the next day, on which the outlets have corrected a story, changed a headline and withdrawn a story. Once
    /// turned it stays so.
    pub fn turn_to_next_day(&self) {
        let _ = self.site.turned.set(Timestamp::now());
    }

    /// Stops: requests under way are answered, no new ones are taken.
    ///
    /// # Errors
    /// What went wrong while serving.
    pub async fn stop(mut self) -> io::Result<()> {
        self.stop.cancel();
        (&mut self.task).await.map_err(io::Error::other)?
    }
}

impl Drop for SampleSite {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response<Body> {
    let start = Instant::now();
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = named.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let response = if matches!(*request.method(), Method::GET | Method::HEAD) {
        site.answer(&host, request.uri().path(), request.headers())
    } else {
        plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered here\n")
    };
    site.log.add(Served { host, path: target, status: response.status().as_u16(), start, end: Instant::now() });
    response
}

impl Site {
    fn new(grown: Grown) -> Self {
        Self {
            routes: Routes::bundled(),
            grown,
            log: Log::default(),
            replaced: Mutex::default(),
            next_day: NextDay::bundled(),
            turned: OnceLock::new(),
        }
    }

    fn answer(&self, host: &str, path: &str, asked: &HeaderMap) -> Response<Body> {
        let route = self.routes.get(host, path);
        if let Some(status) = route.and_then(super::routes::Route::status) {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = plain(status, status.canonical_reason().unwrap_or_default());
            let location = route.and_then(|route| route.location.clone());
            set(&mut response, LOCATION, location);
            set(&mut response, RETRY_AFTER, route.and_then(|route| route.retry_after).map(|after| after.to_string()));
            return response;
        }
        let turned = self.turned.get().copied();
        if turned.is_some() && self.next_day.has_withdrawn(host, path) {
            return plain(StatusCode::GONE, "it was withdrawn\n");
        }
        let generated = match self.grown.find(host, path) {
            Some(Found::Redirect(to)) => {
                let mut response = plain(StatusCode::MOVED_PERMANENTLY, "it has moved\n");
                set(&mut response, LOCATION, Some(to));
                return response;
            }
            Some(Found::Gone) => return plain(StatusCode::GONE, "it was withdrawn\n"),
            Some(Found::Content(content)) => Some(content.into_bytes()),
            None => None,
        };
        let named = route.and_then(|route| route.file.clone()).or_else(|| files::path_of(host, path));
        let replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        let content = replaced
            .get(&(host.to_owned(), path.to_owned()))
            .cloned()
            .or(generated)
            .or_else(|| files::get(named.as_deref()?).map(std::borrow::Cow::into_owned));
        drop(replaced);
        let Some(mut content) = content else {
            return plain(StatusCode::NOT_FOUND, "there is no such page\n");
        };
        if let Some(began) = turned {
            content = self.next_day.edited(host, path, content, began);
        }
        let tag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&content));
        let unchanged = asked.get(IF_NONE_MATCH).map_or_else(
            || asked.get(IF_MODIFIED_SINCE).is_some_and(|since| since == CHANGED),
            |tags| tags.to_str().is_ok_and(|tags| tags.split(',').any(|known| known.trim() == tag)),
        );
        let mut response = if unchanged {
            Response::builder().status(StatusCode::NOT_MODIFIED).body(Body::empty()).unwrap_or_default()
        } else {
            if route.is_some_and(|route| route.gzip) {
                content = gzip(&content);
            }
            let by_name = files::content_type(named.as_deref().unwrap_or(path)).to_owned();
            let content_type = route.and_then(|route| route.content_type.clone()).unwrap_or(by_name);
            let mut response = Response::new(Body::from(content));
            set(&mut response, CONTENT_TYPE, Some(content_type));
            response
        };
        set(&mut response, ETAG, Some(tag));
        set(&mut response, LAST_MODIFIED, Some(CHANGED.to_owned()));
        response
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("memory takes every byte")
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    set(&mut response, CONTENT_TYPE, Some("text/plain; charset=utf-8".to_owned()));
    response
}

fn set(response: &mut Response<Body>, name: HeaderName, value: Option<String>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site::new(Grown::default())
    }

    fn header(response: &Response<Body>, name: HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn files_routes_and_what_is_not_there() {
        let site = site();
        let get = |host, path| site.answer(host, path, &HeaderMap::new());
        assert_eq!(get("harbour-ledger.test", "/").status(), 200);
        assert_eq!(get("kreisbote-nordufer.test", "/kontakt").status(), 200);
        assert_eq!(get("harbour-ledger.test", "/2026/11/01/bridge-not-there/").status(), 404);
        assert_eq!(get("elsewhere.test", "/").status(), 404);
        assert_eq!(get("harbour-ledger.test", "/../routes.toml").status(), 404);
        let moved = get("harbour-ledger.test", "/old/2026/breakwater-barrels.html");
        assert_eq!(moved.status(), 301);
        assert!(header(&moved, LOCATION).ends_with("/breakwater-survey/"));
        let busy = get("kreisbote-nordufer.test", "/lokales/schulbus-auf-schienen-10577");
        assert_eq!((busy.status().as_u16(), header(&busy, RETRY_AFTER)), (503, "1"));
        assert_eq!(get("kreisbote-nordufer.test", "/lokales/schulbus-auf-schienen-10577").status(), 200);
        let japanese = get("two-rivers-wire.test", "/world/20261112-yuki-yubin.htm");
        assert_eq!(header(&japanese, CONTENT_TYPE), "text/html; charset=Shift_JIS");
    }

    #[test]
    fn a_grown_site_has_what_its_truth_says() {
        let site = Site::new(Grown { articles: 90 });
        let truth = site.grown.truth();
        let status = |url: &String| {
            let url = url::Url::parse(url).unwrap();
            site.answer(url.host_str().unwrap(), url.path(), &HeaderMap::new()).status().as_u16()
        };
        assert_eq!((truth.articles.len(), site.grown.hosts().len()), (90, 4));
        assert!(truth.articles.iter().all(|article| status(&article.url) == 200));
        let titles: std::collections::BTreeSet<_> = truth.articles.iter().map(|article| &article.title).collect();
        assert_eq!(titles.len(), 90);
        let odd = [(&truth.redirects, 301), (&truth.notices, 200), (&truth.disallowed, 200), (&truth.gone, 410)];
        for (urls, answer) in odd {
            assert!(urls.len() == 20 && urls.iter().all(|url| status(url) == answer), "{answer}");
        }
        assert_eq!(status(&"http://district-1.test/2026/11/01/lanterns-999/".to_owned()), 404);
    }

    #[test]
    fn an_unchanged_file_is_not_sent_again() {
        let site = site();
        let first = site.answer("harbour-ledger.test", "/", &HeaderMap::new());
        let mut known = HeaderMap::new();
        known.insert(IF_NONE_MATCH, first.headers()[ETAG].clone());
        assert_eq!(site.answer("harbour-ledger.test", "/", &known).status(), 304);
        site.replaced.lock().unwrap().insert(("harbour-ledger.test".into(), "/".into()), b"new".to_vec());
        assert_eq!(site.answer("harbour-ledger.test", "/", &known).status(), 200);
    }

    #[test]
    fn the_expected_articles_are_there() {
        let expected = super::super::expected();
        assert!(expected.len() >= 27);
        for article in expected {
            let url = url::Url::parse(&article.url).unwrap();
            assert!(files::path_of(url.host_str().unwrap(), url.path()).is_some(), "{}", article.url);
        }
        assert_eq!(SampleSite::hosts().len(), 3);
    }
}
