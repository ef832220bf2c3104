//! One pass over what is due: the only place where the stages meet.

mod options;
mod source;

pub use options::CrawlOptions;
pub use source::{Render, Schedule, Source};
