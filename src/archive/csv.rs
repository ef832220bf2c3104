//! CSV: one file a day for each source, one article a row, for spreadsheets and data frames.
//!
//! By RFC 4180: a header line, fields in quotes where they need them, rows that end with carriage return and line feed.
//! Within a field a line break is a line feed alone, so that the end of a row is known without reading from the start.

use super::append::Appender;
use super::series::{Series, daily_files, daily_stem};
use super::{ArchiveError, Format, Place, Record, Sink};
use crate::model::SinkPosition;
use serde::Serialize;
use std::path::Path;

/// The folder under the archive.
const FOLDER: &str = "csv";

const EXTENSION: &str = ".csv";

/// The columns. Others are only ever added behind them: they are a contract with other programs.
const COLUMNS: [&str; 30] = [
    "seq",
    "id",
    "version",
    "source",
    "url",
    "canonical_url",
    "site_name",
    "title",
    "subtitle",
    "section",
    "tags",
    "authors",
    "published",
    "modified",
    "fetched",
    "language",
    "summary",
    "text",
    "word_count",
    "image",
    "page_type",
    "confidence",
    "paywalled",
    "license",
    "robots",
    "tdm_reservation",
    "tdm_policy",
    "cluster",
    "content_hash",
    "tombstone",
];

/// Writes `csv/<source>/<yyyy-mm-dd>.csv`, by the day of fetching in UTC.
#[derive(Debug)]
pub struct CsvSink {
    files: Appender,
}

impl CsvSink {
    /// A sink under an archive's folder. Nothing is touched yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { files: Appender::new(root) }
    }

    /// Begins another part of a day's file when one has reached this size, in bytes.
    #[must_use]
    pub fn rotated(self, size: Option<u64>) -> Self {
        Self { files: self.files.rotated(size) }
    }
}

impl Sink for CsvSink {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        let stem = daily_stem(FOLDER, record);
        let path = || self.files.root().join(format!("{stem}{EXTENSION}"));
        let failed = |error: ::csv::Error| ArchiveError::file("write", &path(), error.into());
        let header = row(COLUMNS).map_err(failed)?;
        let fields = fields(record).map_err(|source| ArchiveError::Encode { path: path(), source })?;
        let row = row(fields).map_err(failed)?;
        let path =
            self.files.append(&Series { stem: &stem, extension: EXTENSION, header: &header, separator: '_' }, row)?;
        Ok(Some(Place { format: Format::Csv, path, is_own: false }))
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        self.files.flush()
    }

    fn committed(&mut self) -> Result<(), ArchiveError> {
        self.files.committed()
    }

    fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        let files = daily_files(self.files.root(), FOLDER, &[EXTENSION])?;
        self.files.recover(files, committed)
    }
}

/// The values in the order of the columns.
fn fields(record: &Record<'_>) -> Result<[String; COLUMNS.len()], serde_json::Error> {
    let article = record.article;
    let plain = |text: &Option<String>| text.as_deref().map(field).unwrap_or_default();
    let usage = &article.usage;
    Ok([
        article.seq.to_string(),
        field(&article.id),
        article.version.to_string(),
        field(record.source),
        plain(&article.url),
        plain(&article.canonical_url),
        plain(&article.site_name),
        plain(&article.title),
        plain(&article.subtitle),
        plain(&article.section),
        joined(&article.tags),
        joined(&article.authors),
        word(&article.published)?,
        word(&article.modified)?,
        word(&article.fetched)?,
        plain(&article.language),
        plain(&article.summary),
        field(&article.text),
        article.word_count.to_string(),
        article.images.first().map(|image| plain(&image.url)).unwrap_or_default(),
        word(&article.page_type)?,
        article.confidence.to_string(),
        article.paywalled.to_string(),
        plain(&usage.license),
        joined(&usage.robots),
        usage.tdm_reservation.map(|reserved| reserved.to_string()).unwrap_or_default(),
        plain(&usage.tdm_policy),
        plain(&article.cluster),
        field(&article.content_hash),
        word(&article.tombstone)?,
    ])
}

/// A date or a word of ours as the JSON has it, without the quotes; empty where it has null.
fn word(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(match serde_json::to_value(value)? {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    })
}

/// Text with line feeds alone, and without the one character that readers stop at.
fn field(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}")
}

/// A list: "; " stands between two values, so a semicolon within one becomes a comma.
fn joined(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| field(value).replace(';', ",")).collect();
    values.join("; ")
}

fn row(fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Vec<u8>, ::csv::Error> {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).buffer_capacity(1024).from_writer(Vec::new());
    writer.write_record(fields)?;
    writer.into_inner().map_err(|error| error.into_error().into())
}
