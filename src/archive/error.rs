//! Why the archive could not be written.

use std::io;
use std::path::{Path, PathBuf};

/// Why the archive could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// No room.
    #[error("the disk is full, so {} cannot be written; free space and run again: nothing already saved was lost", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder that cannot be made, written or read.
    #[error("cannot {doing} {}: {source}; check the path and its permissions, or choose another folder with --archive", path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An index that cannot be written or read.
    #[error("cannot {doing} the index {}: {source}; free space or check its permissions; if it is damaged, take it away: it is made \
             again from the archive's files", path.display())]
    Database {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A value that is no JSON.
    #[error("{} cannot be written as JSON: {source}; this is a fault of copydesk, please report it", path.display())]
    Encode {
        /// The file that it was for.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl ArchiveError {
    pub(super) fn database(doing: &'static str, path: &Path, source: rusqlite::Error) -> Self {
        Self::Database { doing, path: path.to_owned(), source }
    }

    pub(super) fn file(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path, source },
            _ => Self::File { doing, path, source },
        }
    }
}
