//! The browser's way to the network: a proxy on loopback for one page, with the address guard in it.
//!
//! Chromium looks names up by itself, and a check before it would be worth nothing against a name service that answers
//! differently the second time. So it looks up nothing: each page has a proxy of its own, which resolves, judges and
//! connects in one step, as the fetcher does. It serves only who knows its secret, counts bytes, and ends with the page.

use super::super::FetchOptions;
use super::super::guard::{self, Passage};
use super::super::resolver::{Admit, Guard, GuardedResolver};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::{Host, Url};

/// Connections of one page at a time. Chromium itself opens 32 to a proxy.
const MAX_CONNECTIONS: usize = 64;

/// How long a request's head may take: it comes from this machine.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The name that goes with the secret.
pub(super) const USER: &str = "page";

type Body = Either<Incoming, Full<Bytes>>;

/// A page's proxy. It ends, with all its connections, when this is dropped.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) address: SocketAddr,
    pub(super) secret: String,
    _end: DropGuard,
}

/// What its connections have in common.
#[derive(Debug)]
struct Keeper {
    options: Arc<FetchOptions>,
    guard: Guard,
    /// The value of the header that has to come with each request.
    credentials: String,
    /// Bytes that may still come in.
    left: AtomicU64,
    end: CancellationToken,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
enum NoWay {
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Failed(io::Error),
}

impl Gate {
    /// Opens one that lets so many bytes in.
    pub(super) async fn open(options: Arc<FetchOptions>, guard: Guard, bytes: u64) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        // Both halves are keyed by the system's own randomness.
        let secret = format!("{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1));
        let credentials = format!("Basic {}", BASE64_STANDARD.encode(format!("{USER}:{secret}")));
        let end = CancellationToken::new();
        let keeper = Arc::new(Keeper { options, guard, credentials, left: bytes.into(), end: end.clone() });
        tokio::spawn(serve(listener, keeper));
        Ok(Self { address, secret, _end: end.drop_guard() })
    }
}

async fn serve(listener: TcpListener, keeper: Arc<Keeper>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    while let Some(Ok(place)) = keeper.end.run_until_cancelled(Arc::clone(&places).acquire_owned()).await {
        let Some(Ok((stream, _))) = keeper.end.run_until_cancelled(listener.accept()).await else { break };
        let keeper = Arc::clone(&keeper);
        tokio::spawn(async move {
            let asked = Arc::clone(&keeper);
            let service = service_fn(move |request| {
                let keeper = Arc::clone(&asked);
                async move { Ok::<_, Infallible>(keeper.answer(request).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            // A connection that breaks is the browser's to notice.
            let _ = keeper.end.run_until_cancelled(connection).await;
            drop(place);
        });
    }
}

impl Keeper {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        let given = request.headers().get(PROXY_AUTHORIZATION).map(hyper::header::HeaderValue::as_bytes);
        if given != Some(self.credentials.as_bytes()) {
            let mut answer = said(StatusCode::PROXY_AUTHENTICATION_REQUIRED, "only for the page");
            let challenge = hyper::header::HeaderValue::from_static("Basic realm=\"page\"");
            answer.headers_mut().insert(PROXY_AUTHENTICATE, challenge);
            return answer;
        }
        let result =
            if request.method() == Method::CONNECT { self.tunnel(request).await } else { self.pass_on(request).await };
        result.unwrap_or_else(|no_way| {
            tracing::debug!(%no_way, "a request of a page was not let through");
            let status = match no_way {
                NoWay::Refused(_) => StatusCode::FORBIDDEN,
                NoWay::Failed(_) => StatusCode::BAD_GATEWAY,
            };
            said(status, "not reachable from here")
        })
    }

    async fn tunnel(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<Body>, NoWay> {
        let target = Url::parse(&format!("https://{}/", request.uri().authority().map_or("", |name| name.as_str())));
        let target = target.map_err(|error| NoWay::Refused(error.to_string()))?;
        let mut upstream = self.connect(&target).await?;
        let keeper = Arc::clone(&self);
        tokio::spawn(async move {
            let copy = async {
                if let Ok(upgraded) = hyper::upgrade::on(request).await {
                    let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut upstream).await;
                }
            };
            keeper.end.run_until_cancelled(copy).await;
        });
        Ok(Response::new(Either::Right(Full::default())))
    }

    async fn pass_on(self: Arc<Self>, mut request: Request<Incoming>) -> Result<Response<Body>, NoWay> {
        let target = Url::parse(&request.uri().to_string()).map_err(|error| NoWay::Refused(error.to_string()))?;
        if target.scheme() != "http" {
            return Err(NoWay::Refused(format!("{target} is no http address")));
        }
        let upstream = self.connect(&target).await?;
        let failed = |error: hyper::Error| NoWay::Failed(io::Error::other(error));
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(upstream)).await.map_err(failed)?;
        let keeper = Arc::clone(&self);
        tokio::spawn(async move {
            let _ = keeper.end.run_until_cancelled(connection).await;
        });
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = path.map_or_else(|| Uri::from_static("/"), Uri::from);
        request.headers_mut().remove(PROXY_AUTHORIZATION);
        request.headers_mut().remove(HeaderName::from_static("proxy-connection"));
        Ok(sender.send_request(request).await.map_err(failed)?.map(Either::Left))
    }

    /// Looks up, judges and connects: the addresses that are judged are those that are connected to.
    async fn connect(self: &Arc<Self>, target: &Url) -> Result<Metered, NoWay> {
        let passage = guard::passage(target, &self.options.allow_hosts)
            .map_err(|class| NoWay::Refused(format!("{target} is {class}")))?;
        let admit = match passage {
            Passage::Open => Admit::All,
            Passage::PublicOnly => Admit::Public,
        };
        let fixed = Arc::new(self.options.resolve.clone());
        let resolver = GuardedResolver { guard: self.guard.clone(), fixed, admit, proxy: None };
        let reach = async {
            let addresses = match target.host() {
                Some(Host::Ipv4(address)) => vec![SocketAddr::new(IpAddr::V4(address), 0)],
                Some(Host::Ipv6(address)) => vec![SocketAddr::new(IpAddr::V6(address), 0)],
                Some(Host::Domain(name)) => {
                    resolver.look_up(name).await.map_err(|error| NoWay::Refused(error.to_string()))?
                }
                None => Vec::new(),
            };
            let mut problem = io::Error::other("no address");
            for address in addresses {
                match TcpStream::connect((address.ip(), port(target, address))).await {
                    Ok(stream) => return Ok(stream),
                    Err(error) => problem = error,
                }
            }
            Err(NoWay::Failed(problem))
        };
        let stream = tokio::time::timeout(self.options.connect_timeout, reach)
            .await
            .map_err(|_| NoWay::Failed(io::ErrorKind::TimedOut.into()))??;
        Ok(Metered { stream, keeper: Arc::clone(self) })
    }
}

/// As the fetcher has it: a port in the URL wins over one that was given with the address.
fn port(target: &Url, address: SocketAddr) -> u16 {
    let own = (address.port() != 0).then(|| address.port());
    target.port().or(own).or_else(|| target.port_or_known_default()).unwrap_or_default()
}

fn said(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut answer = Response::new(Either::Right(Full::new(Bytes::from_static(words.as_bytes()))));
    *answer.status_mut() = status;
    answer
}

/// A connection whose incoming bytes count for the page.
#[derive(Debug)]
struct Metered {
    stream: TcpStream,
    keeper: Arc<Keeper>,
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        let read = (buffer.filled().len() - before) as u64;
        let spend = |left: u64| left.checked_sub(read);
        if self.keeper.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_err() {
            return Poll::Ready(Err(io::Error::other("the page has had as many bytes as it may have")));
        }
        result
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
