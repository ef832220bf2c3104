//! What was left out, and why: `skipped.jsonl`, a line each.

use super::ArchiveError;
use super::append::Appender;
use super::series::Series;
use crate::model::SinkPosition;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The file's name under the archive.
const FILE: &str = "skipped.jsonl";

const SERIES: Series<'static> = Series { stem: "skipped", extension: ".jsonl", header: b"", separator: '_' };

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

/// The file, which is committed as the records are: what was left out stands in it once, whatever died in between.
#[derive(Debug)]
pub(super) struct SkipLog {
    files: Appender,
}

impl SkipLog {
    pub(super) fn new(archive: &Path) -> Self {
        Self { files: Appender::new(archive) }
    }

    pub(super) fn append(&mut self, skips: &[Skip]) -> Result<(), ArchiveError> {
        let mut lines = Vec::new();
        for skip in skips {
            serde_json::to_writer(&mut lines, skip)
                .map_err(|source| ArchiveError::Encode { path: self.files.root().join(FILE), source })?;
            lines.push(b'\n');
        }
        if lines.is_empty() { Ok(()) } else { self.files.append(&SERIES, lines).map(drop) }
    }

    pub(super) fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        self.files.flush()
    }

    pub(super) fn committed(&mut self) -> Result<(), ArchiveError> {
        self.files.committed()
    }

    pub(super) fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        let file = self.files.root().join(FILE).is_file().then(|| FILE.to_owned());
        self.files.recover(file, committed)
    }
}
