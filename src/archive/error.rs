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
    /// The catalogue cannot be read or written.
    #[error("cannot {doing} the catalogue {}: {source}; check its permissions and whether another program holds it", path.display())]
    Catalogue {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// There is no catalogue.
    #[error("there is no catalogue {}; add \"catalogue\" to [archive] formats and crawl, or make one of the archive's files by: copydesk archive repair", path.display())]
    NoCatalogue {
        /// The file that is missing.
        path: PathBuf,
    },
    /// A file that is no catalogue, or none that this program can read.
    #[error("{} is no catalogue that can be used: {problem}; move it away and make another of the archive's files by: copydesk archive repair", path.display())]
    NotACatalogue {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A Parquet file cannot be made or read.
    #[error("cannot {doing} {}: {source}; if the file is damaged, move it away", path.display())]
    Parquet {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: parquet::errors::ParquetError,
    },
    /// A line that is no record.
    #[error("{} holds a line that is no record: {source}; was it changed by hand? Mend the line or take it out", path.display())]
    NoRecord {
        /// The file.
        path: PathBuf,
        /// What is wrong with the line.
        source: serde_json::Error,
    },
    /// A query without a word to look for.
    #[error("there is no word to look for in the query {query:?}; give at least one that is to occur")]
    Query {
        /// As it was given.
        query: String,
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
