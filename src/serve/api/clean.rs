//! `POST /v1/clean`: a URL, a page or a text in, an article out.

use crate::extract::{self, Cleaned, Explain, Input, Kind, RepeatedLines};
use crate::fetch::{Accept, Request as Asked};
use crate::model::{Page, Usage};
use crate::serve::Desk;
use crate::serve::body::Held;
use crate::serve::forms::Form;
use crate::serve::problem::Problem;
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Request, Response};
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

/// How long fetching, waiting for a worker and cleaning may take together: twice what fetching has by default.
const WORK_TIME: Duration = Duration::from_mins(1);

/// The longest wait for a site that wants to be left alone; the client is told how long it would be.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct Wanted {
    pub(in crate::serve) url: Option<Url>,
    pub(in crate::serve) html: Option<String>,
    pub(in crate::serve) text: Option<String>,
    #[serde(default)]
    pub(in crate::serve) explain: bool,
}

/// What is cleaned.
struct Document {
    bytes: Bytes,
    kind: Kind,
    url: Option<Url>,
    content_type: Option<String>,
    usage: Option<Usage>,
    fetched: Option<Timestamp>,
}

impl Desk {
    /// Answers a request to clean.
    pub(in crate::serve) async fn clean(&self, request: Request<Body>) -> Result<Response<Body>, Problem> {
        let form = Form::accepted(request.headers())?;
        let by_query = explain_in(request.uri().query())?;
        check_json(request.headers())?;
        let Held { bytes, memory } = self.read_body(request.into_body()).await?;
        let wanted: Wanted = serde_json::from_slice(&bytes).map_err(|error| {
            let status = if error.is_data() { 422 } else { 400 };
            Problem::new(
                status,
                format!(
                    "the body is not as it should be ({error}); send {{\"url\"}}, {{\"html\", \"url\"}} or {{\"text\"}}"
                ),
            )
        })?;
        drop(bytes);
        let explain = by_query || wanted.explain;
        if explain && form != Form::Json {
            return Err(Problem::new(400, "the explanation goes out only with application/json; ask for that"));
        }
        let cleaned = self.clean_one(wanted, if explain { Explain::Yes } else { Explain::No }, memory).await?;
        Ok(form.answer(&cleaned.article, || cleaned.record()))
    }

    /// Fetches where there is something to fetch, and cleans. `memory` is what the request holds of the memory for bodies.
    pub(in crate::serve) async fn clean_one(
        &self,
        wanted: Wanted,
        explain: Explain,
        memory: Option<OwnedSemaphorePermit>,
    ) -> Result<Cleaned, Problem> {
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|_| Problem::busy())?;
        let work = async {
            let document = self.document(wanted).await?;
            self.clean_document(document, explain, (memory, room)).await
        };
        tokio::time::timeout(WORK_TIME, work)
            .await
            .map_err(|_| Problem::new(504, format!("it took longer than {} s; try again later", WORK_TIME.as_secs())))?
    }

    async fn document(&self, wanted: Wanted) -> Result<Document, Problem> {
        let given = |bytes: String, kind, url| Document {
            bytes: bytes.into(),
            kind,
            url,
            content_type: None,
            usage: None,
            fetched: None,
        };
        match (wanted.html, wanted.text, wanted.url) {
            (Some(html), None, url) => Ok(given(html, Kind::Html, url)),
            (None, Some(text), url) => Ok(given(text, Kind::ScrapedText, url)),
            (None, None, Some(url)) => {
                let asked = Asked::new(url, Accept::Page).with_patience(PATIENCE);
                let page = self.fetcher.fetch(&asked).await.map_err(|error| Problem::fetching(&error))?;
                Ok(fetched(page))
            }
            (Some(_), Some(_), _) => Err(Problem::new(422, "\"html\" and \"text\" are there both; send one of them")),
            (None, None, None) => {
                Err(Problem::new(422, "neither \"url\" nor \"html\" nor \"text\" is there; send one"))
            }
        }
    }

    /// Cleans on a thread that may block. What the request holds is given back when that ends, whoever has gone by then.
    async fn clean_document(
        &self,
        document: Document,
        explain: Explain,
        holds: (Option<OwnedSemaphorePermit>, OwnedSemaphorePermit),
    ) -> Result<Cleaned, Problem> {
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| Problem::busy())?;
        let options = extract::Options { explain, ..self.options.clone() };
        let robot = self.fetcher.product_token().to_owned();
        let work = move || {
            let _held = (worker, holds);
            let input = Input {
                bytes: &document.bytes,
                url: document.url.as_ref(),
                content_type: document.content_type.as_deref(),
                // These are in the usage.
                robots_tags: &[],
                links: &[],
                usage: document.usage.as_ref(),
                robot: &robot,
                fetched: document.fetched,
            };
            extract::clean_as(document.kind, &input, &options, &RepeatedLines::default())
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(cleaned)) => Ok(cleaned),
            Ok(Err(error)) => Err(Problem::new(422, error.to_string())),
            Err(_) => Err(Problem::new(500, "the cleaner failed on this page; please report it")),
        }
    }
}

fn fetched(page: Page) -> Document {
    Document {
        kind: Kind::of_answer(page.content_type.as_deref(), &page.body),
        bytes: page.body,
        url: Some(page.url),
        content_type: page.content_type,
        usage: Some(page.usage),
        fetched: Some(page.fetched),
    }
}

/// Whether the query asks for the explanation, which is all that it may say.
fn explain_in(query: Option<&str>) -> Result<bool, Problem> {
    match query.unwrap_or_default() {
        "" | "explain=false" => Ok(false),
        "explain=true" => Ok(true),
        _ => Err(Problem::new(400, "the query may only be explain=true or explain=false")),
    }
}

/// Refuses what is not said to be JSON. It is also what keeps web pages out: to send that, their browser asks us first, and
/// we allow nothing.
pub(in crate::serve) fn check_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(415, "the body has to be JSON, with \"Content-Type: application/json\""))
}
