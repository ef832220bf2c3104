//! The body's structure as plain text, `CommonMark` and HTML.

mod html;
mod markdown;
mod text;

pub(super) use html::html;
pub(super) use markdown::markdown;
pub(super) use text::text;
