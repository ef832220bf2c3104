//! What went wrong, as RFC 9457 has it told.

use super::answer;
use crate::fetch::FetchError;
use axum::body::Body;
use axum::http::header::{HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::json;
use std::time::Duration;

/// After how many seconds a client may come again that found no room: the time in which most requests under way are done.
const BUSY_SECONDS: u64 = 1;

/// A problem as it is told to people.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) headers: HeaderMap,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Problem {
    status: u16,
    detail: String,
    headers: Vec<(HeaderName, String)>,
}

impl Problem {
    /// A problem of an HTTP status; `detail` says what failed and what to do.
    pub(super) fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), headers: Vec::new() }
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// No room for another request.
    pub(super) fn busy() -> Self {
        Self::new(503, "too many requests are under way; come again in a moment")
            .with(RETRY_AFTER, BUSY_SECONDS.to_string())
    }

    /// A page that could not be had. What the client could have known is its own fault (4xx), the rest is the site's.
    pub(super) fn fetching(error: &FetchError) -> Self {
        let status = match error {
            FetchError::Scheme { .. }
            | FetchError::Dns { .. }
            | FetchError::Refused { .. }
            | FetchError::Disallowed { .. }
            | FetchError::RobotsUnavailable { .. }
            | FetchError::ContentType { .. } => 422,
            FetchError::Timeout { .. } => 504,
            FetchError::PutOff { .. } | FetchError::NotYet { .. } | FetchError::RedirectWaits { .. } => 503,
            _ => 502,
        };
        let problem = Self::new(status, error.to_string());
        let wait = match error {
            FetchError::PutOff { wait, .. } | FetchError::NotYet { wait, .. } => *wait,
            _ => Duration::from_secs(BUSY_SECONDS),
        };
        let seconds = wait.as_secs().max(BUSY_SECONDS).to_string();
        if status == 503 { problem.with(RETRY_AFTER, seconds) } else { problem }
    }

    /// What failed and what to do, alone.
    pub(super) fn into_detail(self) -> String {
        self.detail
    }

    /// The HTTP status.
    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// What is told of it, in whatever form.
    pub(super) fn told(self) -> Told {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let header = |(name, value): (HeaderName, String)| Some((name, HeaderValue::from_str(&value).ok()?));
        Told {
            status,
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            detail: self.detail,
            headers: self.headers.into_iter().filter_map(header).collect(),
        }
    }

    /// The problem document.
    pub(super) fn answer(self, request: &str) -> Response<Body> {
        let told = self.told();
        let document = json!({
            "type": "about:blank",
            "title": told.title,
            "status": told.status.as_u16(),
            "detail": told.detail,
            "request_id": request,
        });
        let response = answer::content("application/problem+json", document.to_string());
        let mut response = answer::with_status(response, told.status);
        response.headers_mut().extend(told.headers);
        response
    }
}
