//! Answers, and whether the client has one already.

use super::problem::Problem;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde::Serialize;

/// An answer of a media type.
pub(super) fn content(kind: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// A JSON answer.
pub(super) fn json(value: &impl Serialize) -> Result<Response<Body>, Problem> {
    let text = serde_json::to_vec(value)
        .map_err(|error| Problem::new(500, format!("the answer cannot be written: {error}; please report it")))?;
    Ok(content("application/json", text))
}

/// An answer with a header more.
pub(super) fn with(mut response: Response<Body>, name: HeaderName, value: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// An answer of another status.
pub(super) fn with_status(mut response: Response<Body>, status: StatusCode) -> Response<Body> {
    *response.status_mut() = status;
    response
}

/// What tells one state of an answer from another (RFC 9110, section 8.8.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag(String);

impl Tag {
    /// A tag of what decides the answer. The program's version is in it, since another one may write it in another way. It
    /// is weak: what is the same in meaning need not be so to the byte.
    pub(super) fn of(parts: &[&dyn std::fmt::Display]) -> Self {
        let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
        let hash =
            xxhash_rust::xxh3::xxh3_64(format!("{}\n{}", env!("CARGO_PKG_VERSION"), parts.join("\n")).as_bytes());
        Self(format!("W/\"{hash:016x}\""))
    }

    /// The answer that the client has it already, where it has.
    pub(super) fn not_modified(&self, headers: &HeaderMap) -> Option<Response<Body>> {
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let has = headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| value.trim() == "*" || value.split(',').any(|tag| opaque(tag) == opaque(&self.0)));
        has.then(|| self.mark(with_status(Response::new(Body::empty()), StatusCode::NOT_MODIFIED)))
    }

    /// An answer with this tag.
    pub(super) fn mark(&self, response: Response<Body>) -> Response<Body> {
        with(response, ETAG, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_has_it_is_told_so() {
        let tag = Tag::of(&[&7, &"query"]);
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_str(value).unwrap());
            tag.not_modified(&headers).is_some()
        };
        assert!(asked(&tag.0) && asked("*") && asked(&format!("\"other\", {}", tag.0)));
        assert!(!asked("\"other\"") && !asked(&Tag::of(&[&8, &"query"]).0));
        assert!(tag.not_modified(&HeaderMap::new()).is_none());
    }
}
