//! `GET /openapi.json`: the description of the interface (`OpenAPI` 3.1), `openapi.json` beside this file.

use super::answer;
use axum::body::Body;
use axum::http::Response;

/// The description. `tests/serve_api.rs` holds the server against it.
pub(super) const DOCUMENT: &str = include_str!("openapi.json");

/// The answer.
pub(super) fn document() -> Response<Body> {
    answer::content("application/json", DOCUMENT)
}
