//! Which file of a day is appended to.
//!
//! Without a size to rotate at, a day has one file. With it, a day has parts: `2026-03-06_0001.jsonl`, `_0002` and so on,
//! whose names sort in the order of their records.

use super::append::file_name;
use super::{ArchiveError, Record, names};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// The files that take the records of one kind, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'a> {
    /// The path relative to the archive, without part and extension.
    pub(super) stem: &'a str,
    /// With its dot.
    pub(super) extension: &'a str,
    /// What stands at the head of each file.
    pub(super) header: &'a [u8],
    /// What stands before the number of a part.
    pub(super) separator: char,
}

impl Series<'_> {
    /// The file, relative to the archive.
    pub(super) fn file(&self, part: Option<u32>) -> String {
        let (stem, extension, separator) = (self.stem, self.extension, self.separator);
        part.map_or_else(|| format!("{stem}{extension}"), |part| format!("{stem}{separator}{part:04}{extension}"))
    }

    /// The last part that is there.
    pub(super) fn last_part(&self, root: &Path) -> Result<Option<u32>, ArchiveError> {
        let stem = root.join(self.stem);
        let (Some(folder), Some(day)) = (stem.parent(), file_name(&stem)) else { return Ok(None) };
        let files = entries(folder)?;
        let part = |path: &PathBuf| -> Option<u32> {
            let part =
                file_name(path)?.strip_suffix(self.extension)?.strip_prefix(day)?.strip_prefix(self.separator)?;
            part.parse().ok()
        };
        Ok(files.iter().filter_map(part).max())
    }
}

/// `<folder>/<source>/<yyyy-mm-dd>`, by the day of fetching in UTC.
pub(super) fn daily_stem(folder: &str, record: &Record<'_>) -> String {
    format!("{folder}/{}/{}", names::folder_name(record.source), fetched_day(record))
}

/// The day of fetching in UTC.
pub(super) fn fetched_day(record: &Record<'_>) -> Date {
    record.article.fetched.unwrap_or_else(Timestamp::now).to_zoned_datetime(TimeZone::UTC).date()
}

/// The files under a format's folder and its sources that have one of these extensions, relative to the archive.
pub(super) fn daily_files(root: &Path, folder: &str, extensions: &[&str]) -> Result<Vec<String>, ArchiveError> {
    let mut files = Vec::new();
    for source in entries(&root.join(folder))? {
        for path in entries(&source)? {
            // What is not Unicode is none of ours.
            let (Some(source), Some(name)) = (file_name(&source), file_name(&path)) else { continue };
            if extensions.iter().any(|extension| name.ends_with(extension)) {
                files.push(format!("{folder}/{source}/{name}"));
            }
        }
    }
    Ok(files)
}

/// What a folder holds; nothing where there is no such folder, or something else of its name.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let read = || std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    read().map_err(|source| ArchiveError::file("list the folder", folder, source))
}
