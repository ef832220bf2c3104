//! `GET /v1/stream`: new versions as server-sent events, as they are committed.

use super::articles::Item;
use crate::archive::Catalogue;
use crate::archive::catalogue::{Filter, Versions};
use crate::serve::Desk;
use crate::serve::answer;
use crate::serve::problem::Problem;
use crate::serve::query::{FILTER, Query};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Response};
use futures_util::stream;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

/// How often it is looked for new versions. A commit of the crawler comes a few times a second at the most.
const LOOK: Duration = Duration::from_millis(500);

/// After how long without an event something is sent all the same, so that neither proxies nor clients take the connection
/// for dead: half of the shortest limit that is usual.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Bytes of events that are sent at a time, about; a client that reads slowly has no more than that waiting.
const CHUNK: usize = 256 * 1024;

/// After how many milliseconds a client that was cut off comes again.
const RETRY_MS: u64 = 2000;

/// Where a stream is.
struct Following {
    desk: Arc<Desk>,
    filter: Filter,
    after: u64,
    /// When something was sent last; none before the first.
    sent: Option<Instant>,
    stop: CancellationToken,
    _room: OwnedSemaphorePermit,
}

impl Desk {
    /// Answers `GET /v1/stream`. The stream ends when the server does.
    pub(in crate::serve) async fn stream(
        self: Arc<Self>,
        query: Option<&str>,
        headers: &HeaderMap,
        stop: CancellationToken,
    ) -> Result<Response<Body>, Problem> {
        let query = Query::read(query, &[&FILTER, &["after"]])?;
        let wanted = "a sequence number";
        let asked = query.read_as::<u64>("after", wanted)?;
        // A client that comes again says what it has (WHATWG HTML, section 9.2.4).
        let resumed = headers.get("last-event-id").map(|id| {
            let id = id.to_str().ok().and_then(|id| id.trim().parse::<u64>().ok());
            id.ok_or_else(|| Problem::new(400, format!("Last-Event-ID is no number; it has to be {wanted}")))
        });
        let filter = query.filter()?;
        let room = Arc::clone(&self.streams).try_acquire_owned().map_err(|_| Problem::busy())?;
        let after = match resumed.transpose()?.or(asked) {
            Some(after) => after,
            // Who does not say where to begin wants what comes.
            None => self.catalogue(|catalogue| Ok(catalogue.last_seq()?)).await?.unwrap_or_default(),
        };
        if i64::try_from(after).is_err() {
            return Err(Problem::new(400, "after is no sequence number that there could be"));
        }
        let following = Following { desk: self, filter, after, sent: None, stop, _room: room };
        let body = Body::from_stream(stream::unfold(following, |mut following| async {
            let chunk = following.next().await?;
            Some((Ok::<_, std::convert::Infallible>(chunk), following))
        }));
        Ok(answer::content("text/event-stream", body))
    }
}

impl Following {
    /// What is sent next; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.stop.is_cancelled() {
                return None;
            }
            let (filter, after) = (self.filter.clone(), self.after);
            let found = self.desk.catalogue(move |catalogue| events(catalogue, &filter, after)).await;
            // What went wrong is in the log. The client comes again.
            let Ok(events) = found else { return None };
            let mut text = String::new();
            if let Some((events, end)) = events {
                (text, self.after) = (events, end);
            }
            let silence = self.sent.map(|sent| sent.elapsed());
            if silence.is_none() {
                text.insert_str(0, &format!("retry: {RETRY_MS}\n\n"));
            } else if text.is_empty() && silence.is_some_and(|silence| silence >= SIGN_OF_LIFE) {
                text.push_str(":\n\n");
            }
            if !text.is_empty() {
                self.sent = Some(Instant::now());
                return Some(text.into());
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }
}

/// The events above a sequence number, some of them, and up to which number they tell all.
fn events(catalogue: &Catalogue, filter: &Filter, after: u64) -> Result<(String, u64), Problem> {
    // What is committed meanwhile has its turn the next time.
    let end = catalogue.last_seq()?;
    let mut text = String::new();
    let mut is_all = true;
    let last = catalogue.each(after, Versions::All, filter, |version| {
        if version.article.seq > end {
            return Ok(false);
        }
        let record = serde_json::to_string(&Item::of(&version)).unwrap_or_default();
        let _ = write!(text, "id: {}\nevent: version\ndata: {record}\n\n", version.article.seq);
        is_all = text.len() < CHUNK;
        Ok::<_, Problem>(is_all)
    })?;
    Ok((text, if is_all { end.max(after) } else { last }))
}
