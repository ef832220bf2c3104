//! In which form the answer goes: what the client accepts (RFC 9110, section 12.5.1), and what that looks like.

use super::answer;
use super::problem::Problem;
use crate::extract::{titled_html, titled_markdown};
use crate::model::Article;
use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, VARY};
use axum::http::{HeaderMap, Response};
use serde_json::Value;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The record.
    Json,
    /// Title and body.
    Markdown,
    /// Title and body, sanitized.
    Html,
    /// The body.
    Text,
}

impl Form {
    /// The forms by what stands for them in a query, where nobody can say what they accept, as in a link.
    pub(super) const NAMES: [(&'static str, Self); 4] =
        [("json", Self::Json), ("md", Self::Markdown), ("html", Self::Html), ("txt", Self::Text)];

    /// Every form; the first of those that a client likes as well is taken.
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Json, "application", "json"),
        (Self::Markdown, "text", "markdown"),
        (Self::Html, "text", "html"),
        (Self::Text, "text", "plain"),
    ];

    /// The form that a client likes best.
    pub(super) fn accepted(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut ranges = Vec::new();
        for value in headers.get_all(ACCEPT) {
            let value = value.to_str().map_err(|_| Problem::new(400, "the Accept header is no plain text"))?;
            ranges.extend(value.split(',').map(str::trim).filter(|range| !range.is_empty()));
        }
        if ranges.is_empty() {
            return Ok(Self::Json);
        }
        let mut best = (0.0, None);
        for (form, kind, subtype) in Self::ALL {
            let quality = quality(&ranges, kind, subtype);
            if quality > best.0 {
                best = (quality, Some(form));
            }
        }
        best.1.ok_or_else(|| {
            Problem::new(406, "an article goes out as application/json, text/markdown, text/html or text/plain")
        })
    }

    /// The media type.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The answer for an article, of which `record` gives the JSON.
    pub(super) fn answer(self, article: &Article, record: impl FnOnce() -> Value) -> Response<Body> {
        let content = match self {
            Self::Json => record().to_string(),
            Self::Markdown => titled_markdown(article),
            Self::Html => titled_html(article),
            Self::Text => format!("{}\n", article.text),
        };
        let response = answer::with(answer::content(self.kind(), content), VARY, "accept");
        // It is sanitized; this is for the day on which that fails.
        answer::with(response, CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
    }
}

/// How much a media type is liked, 0 to 1: what the range says that names it most closely.
fn quality(ranges: &[&str], kind: &str, subtype: &str) -> f32 {
    let mut closest = (0, 0.0);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let (its_kind, its_subtype) = parts.next().unwrap_or_default().split_once('/').unwrap_or_default();
        let closeness = match (its_kind, its_subtype) {
            ("*", "*") => 1,
            (its, "*") if its.eq_ignore_ascii_case(kind) => 2,
            (its, sub) if its.eq_ignore_ascii_case(kind) && sub.eq_ignore_ascii_case(subtype) => 3,
            _ => continue,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0));
        if closeness > closest.0 {
            closest = (closeness, weight);
        }
    }
    closest.1
}
