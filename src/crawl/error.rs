//! Why a run could not go on.

use crate::archive::ArchiveError;
use crate::frontier::FrontierError;

/// Why a run could not go on. What a single page or site does wrong is never one of these; see
/// [`RunSummary`](super::RunSummary).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrawlError {
    /// The store failed.
    #[error(transparent)]
    Frontier(#[from] FrontierError),
    /// The archive failed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A part of the crawler died of a fault of its own.
    #[error("the {part} stopped unexpectedly ({reason}); what was saved is safe: run again, and please report this")]
    Died {
        /// Which part.
        part: &'static str,
        /// What is known.
        reason: String,
    },
}
