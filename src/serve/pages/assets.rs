//! The files that pages refer to, in the binary.

use crate::serve::answer::{self, Tag};
use crate::serve::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderMap, Response};

/// The files, each with its media type.
const FILES: [(&str, &str, &str); 3] = [
    ("desk.css", "text/css; charset=utf-8", include_str!("assets/desk.css")),
    ("desk.js", "text/javascript; charset=utf-8", include_str!("assets/desk.js")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

/// The answer for a file.
pub(super) fn answer(file: &str, headers: &HeaderMap) -> Result<Response<Body>, Problem> {
    let found = FILES.iter().find(|(name, ..)| *name == file);
    let (_, kind, content) = found.ok_or_else(|| Problem::new(404, "there is no such file"))?;
    let tag = Tag::of(&[&xxhash_rust::xxh3::xxh3_64(content.as_bytes())]);
    Ok(tag.not_modified(headers).unwrap_or_else(|| tag.mark(answer::content(kind, *content))))
}
