//! JSON lines: one file a day for each source, one record a line.

use super::append::{Appender, file_name};
use super::{ArchiveError, Record, Sink, names};
use crate::model::SinkPosition;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// The folder under the archive.
const FOLDER: &str = "jsonl";

/// Writes `jsonl/<source>/<yyyy-mm-dd>.jsonl`, by the day of fetching in UTC.
#[derive(Debug)]
pub struct JsonlSink {
    files: Appender,
}

impl JsonlSink {
    /// A sink under an archive's folder. Nothing is touched yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { files: Appender::new(root) }
    }
}

impl Sink for JsonlSink {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<String>, ArchiveError> {
        let fetched = record.article.fetched.unwrap_or_else(Timestamp::now);
        let day = fetched.to_zoned_datetime(TimeZone::UTC).date();
        let relative = format!("{FOLDER}/{}/{day}.jsonl", names::folder_name(record.source));
        let mut line = serde_json::to_vec(record.article)
            .map_err(|source| ArchiveError::Encode { path: self.files.root().join(&relative), source })?;
        line.push(b'\n');
        self.files.append(&relative, line)?;
        Ok(None)
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        self.files.flush()
    }

    fn committed(&mut self) -> Result<(), ArchiveError> {
        self.files.committed()
    }

    fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        let mut files = Vec::new();
        for source in entries(&self.files.root().join(FOLDER))? {
            for path in entries(&source)? {
                if path.extension().is_none_or(|extension| extension != "jsonl") {
                    continue;
                }
                // What is not Unicode is none of ours.
                let (Some(source), Some(name)) = (file_name(&source), file_name(&path)) else { continue };
                files.push(format!("{FOLDER}/{source}/{name}"));
            }
        }
        self.files.recover(files, committed)
    }
}

/// What a folder holds; nothing where there is no such folder, or something else of its name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let read = || std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    read().map_err(|source| ArchiveError::file("list the folder", folder, source))
}
