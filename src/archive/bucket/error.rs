//! Why a bucket cannot be written to or read.

use super::super::ArchiveError;
use std::path::PathBuf;

/// Why a bucket cannot be written to or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BucketError {
    /// No address of a bucket, or not enough in the environment to reach it.
    #[error(
        "the bucket {url} cannot be used: {source}; write \"s3://bucket/prefix\", \"gs://bucket/prefix\" or \"az://container/prefix\", \
         and give what is needed to sign in by the environment (AWS_ACCESS_KEY_ID, AWS_REGION, AWS_ENDPOINT and their like)"
    )]
    Address {
        /// As it is configured.
        url: String,
        /// What is wrong.
        source: object_store::Error,
    },
    /// The bucket refused, or could not be reached.
    #[error("cannot {doing} {key} in the bucket: {source}")]
    Remote {
        /// What was tried.
        doing: &'static str,
        /// With which object.
        key: String,
        /// What it said.
        source: object_store::Error,
    },
    /// The bucket has something else than what was sent.
    #[error("{key} is not in the bucket as it was sent: {problem}; it is sent again in the next round")]
    Different {
        /// The object.
        key: String,
        /// What is different.
        problem: String,
    },
    /// A file of the archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// What is known of the bucket.
    #[error("cannot {doing} {}: {source}; if the file is damaged, move it away: everything is then sent again", path.display())]
    Known {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}
