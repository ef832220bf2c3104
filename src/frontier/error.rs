//! Why the store failed.

use std::io;
use std::path::PathBuf;

/// Why the store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FrontierError {
    /// Somebody else has it.
    #[error("another copydesk is using the store {} ({owner}); wait for it to end, or choose another with --store", path.display())]
    Locked {
        /// The store.
        path: PathBuf,
        /// Who has it, as far as is known.
        owner: String,
    },
    /// The file or its folder cannot be used.
    #[error("cannot {doing} {}: {source}; check the path and its permissions, or choose another with --store", path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file, but none of ours.
    #[error("{} is not a copydesk store ({problem}) and was left as it is; choose another with --store", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        problem: String,
    },
    /// Written by a later version.
    #[error(
        "the store {} has format {found}, and this copydesk knows formats up to {known}; use the newer copydesk that wrote \
         it, or choose another with --store",
        path.display()
    )]
    TooNew {
        /// The store.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that we know.
        known: i64,
    },
    /// Nothing to read.
    #[error("there is no store {}; run `copydesk crawl` first, or name the store with --store", path.display())]
    NotThere {
        /// Where it should be.
        path: PathBuf,
    },
    /// Written by an earlier version, and only to be read.
    #[error(
        "the store {} has format {found}, and this copydesk reads format {known}; run `copydesk crawl`, which brings it up \
         to date",
        path.display()
    )]
    Format {
        /// The store.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The format that we read.
        known: i64,
    },
    /// No room.
    #[error("the disk is full, so the store {} cannot be written; free space and run again: nothing already saved was lost", path.display())]
    DiskFull {
        /// The store.
        path: PathBuf,
        /// What the database said.
        source: rusqlite::Error,
    },
    /// Anything else that the database says.
    #[error("cannot {doing} in the store {}: {source}; if this happens again, move the file away and crawl anew", path.display())]
    Database {
        /// What was tried.
        doing: &'static str,
        /// The store.
        path: PathBuf,
        /// What the database said.
        source: rusqlite::Error,
    },
}
