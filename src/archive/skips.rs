//! What was left out, and why: `skipped.jsonl`, a line each.

use super::ArchiveError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// The file's name under the archive.
const FILE: &str = "skipped.jsonl";

/// An address that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// When.
    pub time: Timestamp,
    /// The source.
    pub source: String,
    /// The address.
    pub url: String,
    /// Why, in the words of the run's summary: "robots", "noarchive", "tdm".
    pub reason: String,
}

/// Appends. The file is a log and no part of the record: nothing is read from it, and after a crash the last lines may be
/// missing, but none is there in part.
pub(super) fn append(archive: &Path, skips: &[Skip]) -> Result<(), ArchiveError> {
    let path = archive.join(FILE);
    let mut lines = Vec::new();
    for skip in skips {
        serde_json::to_writer(&mut lines, skip)
            .map_err(|source| ArchiveError::Encode { path: path.clone(), source })?;
        lines.push(b'\n');
    }
    if lines.is_empty() {
        return Ok(());
    }
    let failed = |source| ArchiveError::file("write", &path, source);
    let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    file.write_all(&lines).map_err(|source| {
        let _ = file.set_len(length);
        failed(source)
    })
}

/// Takes away a last line that a crash left in part.
pub(super) fn recover(archive: &Path) -> Result<(), ArchiveError> {
    let path = archive.join(FILE);
    if !path.exists() {
        return Ok(());
    }
    super::jsonl::cut_to_whole_lines(&path)
}
