//! Connections: taken up to a number, cut off where their heads come too slowly, and ended in order.

use super::impatient::Impatient;
use super::{Desk, Line};
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Connections at the same time: below the 1,024 open files that many systems give a process.
const MAX_CONNECTIONS: usize = 512;

/// How long the head of a request may take to come, also on a connection that rests between two.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// How long requests under way have to be answered when the server ends.
const DRAIN_TIME: Duration = Duration::from_secs(30);

/// The wait after a connection could not be taken, for instance because there are too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Answers until `stop` is cancelled; then takes no more and answers what is under way, for half a minute at the most.
/// Threads of the runtime need 8 MiB of stack, for the deepest page that the parse lets through.
///
/// # Errors
/// Where the listener has no address.
pub async fn serve(listener: TcpListener, desk: Desk, stop: CancellationToken) -> io::Result<()> {
    let listening = listener.local_addr()?;
    let (desk, room) = (Arc::new(desk), Arc::new(Semaphore::new(MAX_CONNECTIONS)));
    let tasks = TaskTracker::new();
    loop {
        let next = async {
            let permit = Arc::clone(&room).acquire_owned().await.map_err(io::Error::other)?;
            listener.accept().await.map(|(stream, peer)| (stream, peer, permit))
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = next => accepted,
        };
        match accepted {
            Ok((stream, peer, permit)) => {
                let (desk, stop) = (Arc::clone(&desk), stop.clone());
                tasks.spawn(async move {
                    let _permit = permit;
                    talk(stream, desk, Line { listening, peer: peer.ip() }, stop).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(DRAIN_TIME, tasks.wait()).await.is_err() {
        tracing::warn!(connections = tasks.len(), "cut off: not answered in time");
    }
    Ok(())
}

async fn talk(stream: TcpStream, desk: Arc<Desk>, line: Line, stop: CancellationToken) {
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let (desk, stop) = (Arc::clone(&desk), stop.clone());
        async move {
            let request = request.map(Body::new);
            #[cfg(feature = "otel")]
            let response = desk.answer_in_span(request, line, stop).await;
            #[cfg(not(feature = "otel"))]
            let response = desk.answer(request, line, stop).await;
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(Impatient::new(stream)), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}
