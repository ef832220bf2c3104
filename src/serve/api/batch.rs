//! `POST /v1/clean/batch`: rows in, records out, both as NDJSON and in the same order, while the rows still come.

use super::clean::Wanted;
use crate::extract::Explain;
use crate::serve::Desk;
use crate::serve::answer;
use crate::serve::body::MAX_BYTES;
use crate::serve::problem::Problem;
use crate::serve::query::Query;
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Request, Response};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// How long the next piece of the body may take to come: rows may be made while they are sent.
const PIECE_TIME: Duration = Duration::from_mins(1);

/// Rows that are under way for each page that is cleaned at the same time, so that none of the workers waits for the next.
const AHEAD: usize = 2;

/// A row.
#[derive(Debug, Deserialize)]
struct Row {
    #[serde(default)]
    id: Value,
    #[serde(flatten)]
    wanted: Wanted,
}

/// Rows of a body, as they come.
struct Rows {
    body: Pin<Box<dyn Stream<Item = Result<Bytes, axum::Error>> + Send>>,
    /// What came behind the last whole row.
    rest: Vec<u8>,
    /// How far it was looked for the end of a row.
    searched: usize,
    is_over: bool,
}

impl Desk {
    /// Answers a request to clean many.
    pub(in crate::serve) fn clean_batch(self: Arc<Self>, request: Request<Body>) -> Result<Response<Body>, Problem> {
        Query::read(request.uri().query(), &[])?;
        check_ndjson(request.headers())?;
        let room = Arc::clone(&self.batches).try_acquire_owned().map_err(|_| Problem::busy())?;
        let ahead = self.worker_count * AHEAD;
        let rows = Rows {
            body: Box::pin(request.into_body().into_data_stream()),
            rest: Vec::new(),
            searched: 0,
            is_over: false,
        };
        let answers = rows.stream().map(move |row| clean_row(Arc::clone(&self), row)).buffered(ahead);
        let held = move |line: String| {
            let _held: &OwnedSemaphorePermit = &room;
            Ok::<_, std::convert::Infallible>(Bytes::from(line))
        };
        Ok(answer::content("application/x-ndjson", Body::from_stream(answers.map(held))))
    }
}

/// A row's record, or its error, as a line.
async fn clean_row(desk: Arc<Desk>, row: Result<Vec<u8>, String>) -> String {
    let (id, cleaned) = match row.map(|row| serde_json::from_slice::<Row>(&row).map_err(|error| error.to_string())) {
        Ok(Ok(Row { id, wanted })) => {
            let explain = if wanted.explain { Explain::Yes } else { Explain::No };
            (id, desk.clean_one(wanted, explain, None).await.map_err(Problem::into_detail))
        }
        Ok(Err(error)) => (Value::Null, Err(format!("the row is not as it should be ({error})"))),
        Err(error) => (Value::Null, Err(error)),
    };
    let record = match cleaned {
        Ok(cleaned) => {
            let mut record = cleaned.record();
            record["id"] = id;
            record
        }
        Err(error) => json!({"id": id, "error": error}),
    };
    format!("{record}\n")
}

impl Rows {
    /// The rows one by one; the last may be an error that ends them.
    fn stream(self) -> impl Stream<Item = Result<Vec<u8>, String>> + Send {
        stream::unfold(self, |mut rows| async {
            let row = rows.next().await?;
            Some((row, rows))
        })
    }

    async fn next(&mut self) -> Option<Result<Vec<u8>, String>> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.rest[self.searched..]) {
                let rest = self.rest.split_off(self.searched + end + 1);
                let row = std::mem::replace(&mut self.rest, rest);
                self.searched = 0;
                if row.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Some(Ok(row));
            }
            self.searched = self.rest.len();
            if self.is_over {
                let row = std::mem::take(&mut self.rest);
                self.searched = 0;
                return (!row.iter().all(u8::is_ascii_whitespace)).then_some(Ok(row));
            }
            let problem = match tokio::time::timeout(PIECE_TIME, self.body.next()).await {
                Ok(Some(Ok(piece))) if self.rest.len() + piece.len() > MAX_BYTES => {
                    format!("a row is larger than {} MiB; cut it up", MAX_BYTES / 1024 / 1024)
                }
                Ok(Some(Ok(piece))) => {
                    self.rest.extend_from_slice(&piece);
                    continue;
                }
                Ok(None) => {
                    self.is_over = true;
                    continue;
                }
                Ok(Some(Err(error))) => format!("the body broke off ({error}); send the rest again"),
                Err(_) => format!("nothing came for {} s; send the rest again", PIECE_TIME.as_secs()),
            };
            (self.is_over, self.searched) = (true, 0);
            self.rest.clear();
            return Some(Err(problem));
        }
    }
}

/// Refuses what is not said to be NDJSON; which also keeps web pages out, as with JSON.
fn check_ndjson(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(essence.as_str(), "application/x-ndjson" | "application/jsonl" | "application/ndjson") {
        return Ok(());
    }
    Err(Problem::new(415, "the body has to be rows of JSON, with \"Content-Type: application/x-ndjson\""))
}
