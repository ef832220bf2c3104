//! Rows that wait to become a Parquet file.
//!
//! A Parquet file cannot be appended to, and a file for every few articles would be slow to read. So records are put into a
//! file of lines first, for each source and day, which is committed and cut back like any other that is appended to. Its
//! name has the number of its first record in it, so that no two ever have the same, and what the store remembers of one
//! that is gone is never taken for another.

use super::super::{ArchiveError, names, safe_file};
use super::{FOLDER, SPOOL, columns, file};
use crate::model::Article;
use arrow_array::RecordBatch;
use jiff::Timestamp;
use serde::Deserialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::Xxh3;

/// With its dot.
pub(super) const EXTENSION: &str = ".jsonl";

/// Bytes of records that are turned into columns together, to bound memory.
const BATCH_BYTES: usize = 4 << 20;

/// Records that are turned into columns together, at the most.
const BATCH_ROWS: usize = 1024;

/// A file of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spool {
    /// The source, as a folder's name.
    pub(super) source: String,
    /// The day of fetching.
    pub(super) day: String,
    /// The number of its first record.
    pub(super) first: u64,
    pub(super) bytes: u64,
    /// When its first record was fetched.
    pub(super) began: Timestamp,
}

/// What is read of a line to know how old a spool is, and how far it goes.
#[derive(Deserialize)]
struct Mark {
    seq: u64,
    fetched: Option<Timestamp>,
}

impl Spool {
    /// Relative to the archive, without the extension.
    pub(super) fn stem(&self) -> String {
        format!("{FOLDER}/{SPOOL}/{}/{}_{}", self.source, self.day, self.first)
    }

    pub(super) fn relative(&self) -> String {
        format!("{}{EXTENSION}", self.stem())
    }

    /// The folder that its rows belong to, relative to the archive.
    pub(super) fn partition(&self) -> String {
        format!("{FOLDER}/source={}/date={}", self.source, self.day)
    }

    /// A spool that is there, by its path relative to the archive; nothing for a file of another kind.
    pub(super) fn find(root: &Path, relative: &str) -> Result<Option<Self>, ArchiveError> {
        let Some((folder, name)) = relative.rsplit_once('/') else { return Ok(None) };
        let source = folder.rsplit('/').next().unwrap_or_default();
        let parts = name.strip_suffix(EXTENSION).and_then(|stem| stem.split_once('_'));
        let Some((day, Ok(first))) = parts.map(|(day, first)| (day, first.parse())) else { return Ok(None) };
        if names::folder_name(source) != source || day.parse::<jiff::civil::Date>().is_err() {
            return Ok(None);
        }
        let path = root.join(relative);
        let failed = |source| ArchiveError::file("read", &path, source);
        let file = File::open(&path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let mut line = Vec::new();
        BufReader::new(file).read_until(b'\n', &mut line).map_err(failed)?;
        let mark = serde_json::from_slice::<Mark>(&line).ok();
        let began = mark.and_then(|mark| mark.fetched).unwrap_or(Timestamp::MIN);
        Ok(Some(Self { source: source.to_owned(), day: day.to_owned(), first, bytes, began }))
    }

    /// Makes a Parquet file of it, in its partition's folder, and takes it away. If it dies in between, the next call finds
    /// the file of the same origin and makes no other.
    pub(super) fn convert(&self, root: &Path) -> Result<(), ArchiveError> {
        let spool = root.join(self.relative());
        if let Some(content) = Content::of(&spool)? {
            let folder = root.join(self.partition());
            super::make_lasting_folder(root, &folder)?;
            if let Some(path) = free_name(&folder, &format!("{}-{}", self.first, content.last), &content.origin)? {
                let schema = columns::schema().map_err(|error| file::explain("write", &path, error.into()))?;
                // Beside the spool, so that a try that dies leaves nothing which the next does not write over.
                let part = safe_file::part_of(&spool);
                file::write(&part, &content.origin, schema, Batches::new(&spool, content.length)?)?;
                std::fs::rename(&part, &path).map_err(|source| ArchiveError::file("write", &path, source))?;
                safe_file::sync_folder(&folder)?;
            }
        }
        std::fs::remove_file(&spool).map_err(|source| ArchiveError::file("remove", &spool, source))?;
        spool.parent().map_or(Ok(()), safe_file::sync_folder)
    }
}

/// A name of which there is no file; nothing where there is a file of this origin.
pub(super) fn free_name(folder: &Path, stem: &str, origin: &str) -> Result<Option<PathBuf>, ArchiveError> {
    let mut path = folder.join(format!("{stem}{}", file::EXTENSION));
    let mut number = 1_u32;
    while path.exists() {
        if file::look(&path)?.origin.as_deref() == Some(origin) {
            return Ok(None);
        }
        // Another store, which began to count anew.
        number += 1;
        path = folder.join(format!("{stem}_{number}{}", file::EXTENSION));
    }
    Ok(Some(path))
}

/// What a spool holds.
struct Content {
    /// Bytes of whole lines.
    length: u64,
    /// The number of the last record.
    last: u64,
    /// A mark of the content: two of the same are the same records.
    origin: String,
}

impl Content {
    /// Reads a spool through; nothing of one without a record.
    fn of(path: &Path) -> Result<Option<Self>, ArchiveError> {
        let failed = |source| ArchiveError::file("read", path, source);
        let mut reader = BufReader::new(File::open(path).map_err(failed)?);
        let (mut hash, mut length, mut line, mut last) = (Xxh3::new(), 0, Vec::new(), Vec::new());
        while reader.read_until(b'\n', &mut line).map_err(failed)? > 0 && line.ends_with(b"\n") {
            hash.update(&line);
            length += line.len() as u64;
            std::mem::swap(&mut line, &mut last);
            line.clear();
        }
        if length == 0 {
            return Ok(None);
        }
        let mark: Mark =
            serde_json::from_slice(&last).map_err(|source| ArchiveError::NoRecord { path: path.to_owned(), source })?;
        Ok(Some(Self { length, last: mark.seq, origin: format!("{:032x}", hash.digest128()) }))
    }
}

/// The records of a spool as columns, a piece at a time.
struct Batches {
    path: PathBuf,
    reader: io::Take<BufReader<File>>,
}

impl Batches {
    fn new(path: &Path, length: u64) -> Result<Self, ArchiveError> {
        let file = File::open(path).map_err(|source| ArchiveError::file("read", path, source))?;
        Ok(Self { path: path.to_owned(), reader: io::Read::take(BufReader::new(file), length) })
    }

    fn read(&mut self) -> Result<Vec<Article>, ArchiveError> {
        let (mut articles, mut bytes, mut line) = (Vec::new(), 0, Vec::new());
        while bytes < BATCH_BYTES && articles.len() < BATCH_ROWS {
            line.clear();
            let read = self.reader.read_until(b'\n', &mut line);
            let read = read.map_err(|source| ArchiveError::file("read", &self.path, source))?;
            if read == 0 {
                break;
            }
            bytes += read;
            articles.push(
                serde_json::from_slice(&line)
                    .map_err(|source| ArchiveError::NoRecord { path: self.path.clone(), source })?,
            );
        }
        Ok(articles)
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.read() {
            Ok(articles) if articles.is_empty() => None,
            Ok(articles) => Some(
                columns::batch(&articles).map_err(|error| file::explain("make columns of", &self.path, error.into())),
            ),
            Err(error) => Some(Err(error)),
        }
    }
}
