//! JSON lines: one file a day for each source, one record a line, packed or not.

use super::append::Appender;
use super::series::{Series, daily_files, daily_stem};
use super::{ArchiveError, Compression, Format, Place, Record, Sink};
use crate::model::SinkPosition;
use std::path::Path;

/// The folder under the archive.
const FOLDER: &str = "jsonl";

/// Writes `jsonl/<source>/<yyyy-mm-dd>.jsonl`, by the day of fetching in UTC.
#[derive(Debug)]
pub struct JsonlSink {
    files: Appender,
    compression: Compression,
}

impl JsonlSink {
    /// A sink under an archive's folder. Nothing is touched yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { files: Appender::new(root), compression: Compression::None }
    }

    /// Packs the files, whose names then say so.
    #[must_use]
    pub fn compressed(self, compression: Compression) -> Self {
        Self { compression, ..self }
    }

    /// Begins another part of a day's file when one has reached this size, in bytes as they are on the disk.
    #[must_use]
    pub fn rotated(self, size: Option<u64>) -> Self {
        Self { files: self.files.rotated(size), ..self }
    }
}

/// The extension of a file, with its dot.
const fn extension(compression: Compression) -> &'static str {
    match compression {
        Compression::None => ".jsonl",
        Compression::Gzip => ".jsonl.gz",
        Compression::Zstd => ".jsonl.zst",
    }
}

impl Sink for JsonlSink {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        let stem = daily_stem(FOLDER, record);
        let series = Series { stem: &stem, extension: extension(self.compression), header: b"", separator: '_' };
        let mut line = serde_json::to_vec(record.article)
            .map_err(|source| ArchiveError::Encode { path: self.files.root().join(series.file(None)), source })?;
        line.push(b'\n');
        let path = self.files.append(&series, line)?;
        Ok(Some(Place { format: Format::Jsonl, path, is_own: false }))
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        self.files.flush()
    }

    fn committed(&mut self) -> Result<(), ArchiveError> {
        self.files.committed()
    }

    /// The run that died may have packed its files otherwise than this one.
    fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        let extensions = [Compression::None, Compression::Gzip, Compression::Zstd].map(extension);
        let files = daily_files(self.files.root(), FOLDER, &extensions)?;
        self.files.recover(files, committed)
    }
}
